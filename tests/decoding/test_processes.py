"""The processes that decode: kept, shared, ended, and gone with whoever started them."""

import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.decoding import Damaged, TooMuch, processes
from avatar_creator.decoding.processes import Pool
from avatar_creator.errors import StorageError
from avatar_creator.processes.messages import Message
from avatar_creator.processes.process import signal_of

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has neither fork nor these signals")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc and into pipes")


@pytest.fixture
def pool() -> Iterator[Pool]:
    opened = Pool()
    yield opened
    opened.close()
    assert opened._all == set()


def picture() -> bytes:
    file = BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def request(cpu_s: float = 9.0, data: bytes | None = None) -> Message:
    return Message({"task": "cells", "arguments": [8, 10**6], "cpu_s": cpu_s}, [picture() if data is None else data])


def pids(pool: Pool) -> set[int]:
    return {each._process.pid for each in pool._all}


def test_a_process_is_kept_for_the_next_picture_also_after_a_bad_one(pool: Pool) -> None:
    for data in (None, b"", b"\xff\xd8\xff", None):
        pool.ask(request(data=data))
        assert len(pids(pool)) == 1
    assert len(pool.ask(request()).parts[0]) == 8 * 8 * 3


def test_many_threads_share_a_few(pool: Pool) -> None:
    replies: list[Message] = []
    threads = [threading.Thread(target=lambda: replies.append(pool.ask(request()))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 12
    assert replies.count(replies[0]) == 12
    assert 1 <= len(pids(pool)) <= 4


def test_one_that_was_ended_meanwhile_is_replaced(pool: Pool) -> None:
    pool.ask(request())
    (pid,) = pids(pool)
    (kept,) = pool._all
    kept._process.kill()
    kept._process.wait()
    pool.ask(request())
    assert pids(pool).isdisjoint({pid})


@posix
def test_time_is_limited_and_the_next_picture_has_its_own(pool: Pool) -> None:
    file = BytesIO()
    Image.effect_noise((3000, 3000), 60).convert("RGB").save(file, "PNG")
    slow = Message({"task": "cells", "arguments": [8, 10**7], "cpu_s": 0.05}, [file.getvalue()])
    for _ in range(2):
        with pytest.raises(TooMuch):
            pool.ask(slow)
    assert pool.ask(request()).head == {}


@posix
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux heeds the limit of addresses")
def test_memory_is_limited(pool: Pool) -> None:
    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    reply = pool.ask(Message({"task": "cells", "arguments": [8, 10**9], "cpu_s": 9.0}, [file.getvalue()]))
    assert (reply.head["error"], reply.head["what"]) == ("TooMuch", "takes too much memory")


def _asked_of_one_that_is_ended_by(number: int, pool: Pool) -> Message:
    """Ask a process that hears of it when it is in the midst of the request."""
    pool.ask(request())
    (process,) = pool._all
    pid = process._process.pid
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(pool.ask, request())
        while not _waiting_bytes(process._to.fileno()):
            assert not asked.done()
        os.kill(pid, number)
        os.kill(pid, signal.SIGCONT)
        reply = asked.result()
    assert pid not in pids(pool)
    return reply


def _waiting_bytes(pipe: int) -> int:
    termios = pytest.importorskip("termios")
    (count,) = struct.unpack("i", pytest.importorskip("fcntl").ioctl(pipe, termios.FIONREAD, bytes(4)))
    return int(count)


@linux
@pytest.mark.parametrize("name", ["SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGFPE"])
def test_a_decoder_that_crashes_ends_its_process_alone(pool: Pool, name: str) -> None:
    with pytest.raises(Damaged, match="crashes"):
        _asked_of_one_that_is_ended_by(signal.Signals[name], pool)
    assert pool.ask(request()).head == {}


@linux
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGKILL", "SIGXCPU", "SIGRTMIN"])
def test_one_that_is_stopped_from_outside_is_replaced_and_the_picture_not_blamed(pool: Pool, name: str) -> None:
    assert _asked_of_one_that_is_ended_by(signal.Signals[name], pool).head == {}
    assert len(pids(pool)) == 1


@posix
@pytest.mark.parametrize("name", ["TERM", "HUP", "KILL"])
def test_two_that_are_stopped_from_outside_are_enough(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    stopped = tmp_path / "python"
    stopped.write_text(f"#!/bin/sh\necho >> {tmp_path}/started\nkill -{name} $$\n", "utf-8")
    stopped.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stopped))
    with pytest.raises(StorageError, match=rf"stopped from outside, twice \(SIG{name}\)"):
        pool.ask(request())
    assert (tmp_path / "started").read_text("utf-8") == "\n\n"


@posix
def test_one_that_is_overdue_is_ended_once_and_blamed_on_the_picture(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_WAIT_S", 1)
    pool.ask(request())
    (process,) = pool._all
    os.kill(process._process.pid, signal.SIGSTOP)
    with pytest.raises(TooMuch):
        pool.ask(request())
    assert not pids(pool)


@pytest.mark.parametrize(
    ("code", "crashes"), [(0xC0000005, True), (0xC00000FD, True), (0xC000013A, False), (1, False), (0, False)]
)
def test_the_exit_codes_of_windows_tell_a_crash(code: int, crashes: bool) -> None:
    assert processes._is_nt_crash(code) is crashes
    assert signal_of(code) == ("Ctrl-C" if code == 0xC000013A else None)


def test_an_interrupt_ends_the_one_that_was_waited_for(pool: Pool) -> None:
    pool.ask(request())
    (process,) = pool._all

    def interrupted(_request: Message) -> Message:
        raise KeyboardInterrupt

    process.ask = interrupted  # type: ignore[assignment,method-assign]
    with pytest.raises(KeyboardInterrupt):
        pool.ask(request())
    assert process.has_ended
    assert pool.ask(request()).head == {}


@pytest.mark.parametrize("executable", ["/nowhere/python", "/bin/false"])
@posix
def test_no_process_to_be_had_is_said(pool: Pool, monkeypatch: pytest.MonkeyPatch, executable: str) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(StorageError, match="cannot be started: "):
        pool.ask(request())


def test_no_thread_to_be_had_is_said(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none)
    with pytest.raises(StorageError, match="can't start new thread"):
        pool.ask(request())


FORKS = """
import os, sys, threading
from io import BytesIO
from PIL import Image
from avatar_creator.decoding import isolated
from avatar_creator.decoding.processes import POOL
file = BytesIO()
Image.effect_noise((400, 300), 60).convert("RGB").save(file, "JPEG")
work = lambda: isolated.cells(file.getvalue(), 8, 10**6)
first = work()
mine = {each._process.pid for each in POOL._all}
child = os.fork()
if child == 0:
    assert not POOL._all
    assert work() == first
    assert mine.isdisjoint(each._process.pid for each in POOL._all)
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
assert work() == first
assert mine == {each._process.pid for each in POOL._all}
print(*mine)
"""


def script(source: str, *, kill: bool = False) -> int:
    """Run a program; return the process that decoded for it."""
    with subprocess.Popen([sys.executable, "-W", "error", "-c", source], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        if kill:
            run.kill()
    assert run.returncode == (-signal.SIGKILL if kill else 0)
    return pid


def has_gone(pid: int) -> bool:
    """Wait until it has ended; whoever waits longer than the test is allowed has found that it does not."""
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":  # nobody here reaps orphans
            return True
        threading.Event().wait(0.02)


@linux
def test_a_fork_has_its_own_and_leaves_the_other_alone() -> None:
    assert has_gone(script(FORKS))


@linux
def test_it_ends_with_who_started_it_also_by_force() -> None:
    forever = "import signal; print(*mine, flush=True); signal.pause()"
    source = FORKS.replace("child = os.fork()", f"{forever}\nchild = os.fork()")
    assert has_gone(script(source, kill=True))


@linux
def test_it_hears_no_interrupt_of_the_terminal_and_knows_no_secret(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    pool.ask(request())
    (pid,) = pids(pool)
    assert os.getpgid(pid) != os.getpgrp()
    assert b"hf_secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert Path(f"/proc/{pid}/cwd").readlink() == Path("/")
