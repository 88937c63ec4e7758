"""One home under trouble: its processes, its rows, its files, and what was paid for them."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from avatar_creator.home import HOME_VARIABLE, Home
from avatar_creator.storage.locks import is_held

from . import till

TESTS = Path(__file__).parents[1]
TOKENS = ("hf_" + "m" * 34, "hf_" + "n" * 34)  # put together, so that nobody who searches for secrets finds them
_LONG_S = 90.0  # nothing takes as long, on any machine
_POLL_S = 0.01
AVATAR = (sys.executable, "-m", "avatar_creator")
ASK = ("generate", "-d", "-q", "--persona-name", "Ann", "--width", "64", "--height", "64", "--yes")


class Lab:
    """A home of its own. ``variables``, and ``more``, are of the environment of all its processes."""

    def __init__(
        self, folder: Path, *, delay_s: float = 0.05, more: Mapping[str, str] | None = None, **variables: str
    ) -> None:
        self.home = Home(folder / "home")
        self.till = folder / "till"
        kept = {name: value for name, value in os.environ.items() if not _is_ours(name)}
        self.environment = kept | {
            HOME_VARIABLE: str(self.home.root),
            "PYTHONPATH": os.pathsep.join((str(TESTS / "chaos" / "site"), str(TESTS))),
            "CHAOS_TILL": str(self.till),
            "CHAOS_DELAY_S": str(delay_s),
            "HF_TOKEN": TOKENS[0],
            "HF_HOME": str(folder / "hf"),
            "AVATAR_RETRY_ATTEMPTS": "10",  # chance may kill the same one again and again
            **variables,
            **(more or {}),
        }
        self.processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every process of this home, however it is doing."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        until_s = time.monotonic() + _LONG_S
        while is_held(self.home.worker_lock) and time.monotonic() < until_s:
            with suppress(ProcessLookupError, TypeError):
                os.kill(self.worker_process(), signal.SIGKILL)
            time.sleep(_POLL_S)

    # -- processes

    def start(self, *argv: str, **variables: str) -> subprocess.Popen[str]:
        """Start the program, in a session of its own."""
        process = subprocess.Popen(
            [*AVATAR, *argv],
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def run(self, *argv: str, code: int | None = 0, **variables: str) -> str:
        """Run the program and return what it printed; it must end with ``code``, None: with any."""
        process = self.start(*argv, **variables)
        out, err = process.communicate(timeout=_LONG_S)
        self.processes.remove(process)
        assert code is None or process.returncode == code, (argv, process.returncode, out, err)
        assert "Traceback" not in err, err
        return out

    def work(self, *argv: str, **variables: str) -> subprocess.Popen[str]:
        """Start a worker in the foreground, that leaves when there is nothing to do."""
        return self.start("worker", "run", "--idle", "0", *argv, **variables)

    def queue(self, count: int, *argv: str, seed: int = 1, name: str = "Ann") -> list[str]:
        """Queue generations that wait until the test starts a worker; their seeds follow each other."""
        asked = ("--persona-name", name, "--seed", str(seed), "--count", str(count), "--max-images", "10000")
        out = self.run(*ASK, *asked, *argv, CHAOS_NOBODY="1")
        return out.split()

    def finish(self) -> None:
        """Have a worker in no trouble make what is left."""
        self.run("worker", "run", "--idle", "0", "--concurrency", "4", CHAOS_DELAY_S="0")

    def worker_process(self) -> int:
        """Return the process of the worker that came last."""
        return int(self.rows("SELECT pid FROM worker")[0][0])

    # -- what there is

    def rows(self, sql: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.home.database, timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()

    def statuses(self) -> dict[str, str]:
        if not self.home.database.exists():
            return {}
        return dict(self.rows("SELECT id, status FROM generations"))

    def unfinished(self) -> list[str]:
        return [id_ for id_, status in self.statuses().items() if status in {"pending", "processing"}]

    def lines(self, what: str) -> list[till.Line]:
        return [line for line in till.read(self.till) if line.what == what]

    @property
    def calls(self) -> int:
        """How often the service was called."""
        return len(self.lines("called"))

    def until_called(self, calls: int, worker: subprocess.Popen[str] | None = None) -> None:
        """Wait until the service was called so often; or, where a worker is given, until it or its work has ended."""
        self.until(lambda: self.calls >= calls or (worker is not None and self._is_over(worker)), "a call began")

    def _is_over(self, worker: subprocess.Popen[str]) -> bool:
        return worker.poll() is not None or not self.unfinished()

    def is_worked(self) -> bool:
        """Tell whether a worker lives."""
        return is_held(self.home.worker_lock)

    def until(self, holds: Callable[[], object], what: str, *, within_s: float = _LONG_S) -> None:
        """Wait for a condition."""
        assert self.comes(holds, within_s=within_s), f"it never came that {what}"

    def comes(self, holds: Callable[[], object], *, within_s: float) -> bool:
        """Wait for a condition, and tell whether it came."""
        end = time.monotonic() + within_s
        while not holds():
            if time.monotonic() >= end:
                return False
            time.sleep(_POLL_S)
        return True

    def settle(self) -> None:
        """Wait until all has ended, and the worker has left."""
        self.until(lambda: not self.unfinished(), "all has ended")
        self.until(lambda: not self.is_worked(), "the worker has left")


class Typist:
    """A shell of a home that types command after command."""

    def __init__(self, lab: Lab, **variables: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.typist"],
            env=lab.environment | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        lab.processes.append(self._process)

    def __call__(self, *argv: str, code: int | None = 0) -> str:
        """Type a command and return what it printed; it must end with ``code``, None: with any."""
        ended, out, err = self.try_(argv)
        assert code is None or ended == code, (argv, ended, out, err)
        return out

    def try_(self, argv: Sequence[str]) -> tuple[int, str, str]:
        """Type a command; return its exit code and what it printed."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(argv) + "\n")
        self._process.stdin.flush()
        ended, out, err = json.loads(self._process.stdout.readline())
        return int(ended), str(out), str(err)


def _is_ours(name: str) -> bool:
    """Tell whether a variable of whoever tests would lead a process elsewhere."""
    return name.upper().startswith(("AVATAR_", "CHAOS_", "HF_", "HUGGING")) or name.upper().endswith(
        ("_TOKEN", "_PROXY")
    )
