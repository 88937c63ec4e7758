"""Runs the code blocks of a Markdown page and holds what they print against what the page says they print.

- ``console``: ``$`` lines are run on a terminal of its own, the lines below are what they print
- ``bash``: run as it stands; it must not fail
- ``python``: run in this process
- anything else is not run
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HOME_IN_DOCS = "/home/you/.local/share/avatar-creator"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*?[^\\])\n", re.MULTILINE | re.DOTALL)
_ESCAPE = re.compile(r"\x1b\[[\d;]*m")
# What differs from run to run, by what stands for it in any run. Ids are learned, see Transcript.
_ID = r"\b(?:av|gen|prj|use)_[0-9a-z]{13}\b"
_VARYING = {
    _ID: "",
    r"\.\.\.": r".*?",
    r"\d{4}-\d\d-\d\dT[\d:.]+Z": r"\S+Z",
    r"\d{4}-\d\d-\d\d [\d:]+\.\d{3}": r"[\d-]+ [\d:.]+",
    r"just now|\d+ (?:min|h|d) ago": r"(?:just now|\d+ \w+ ago)",
    r"\d+\.\d s\b|\d+ ms\b": r"(?:\d+\.\d s|\d+ ms)",
    r"\d+\.\d [kMG]B\b": r"\d+\.\d [kMG]B",
    r"(?<=bytes\": )\d+": r"\d+",
    r"\b[0-9a-f]{64}\b": r"[0-9a-f]{64}",
    r"(?<=schema )\d+": r"\d+",
    r"(?<=pictures/)[0-9a-f]{2}/": r"[0-9a-f]{2}/",
    r"\s+": r"\s+",
}
_PARTS = re.compile("|".join(f"({part})" for part in _VARYING))


class Block(NamedTuple):
    """A fenced code block and the number of its first line."""

    line: int
    language: str
    text: str

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield each command of a console block with the output below it."""
        parts = _COMMAND.split(self.text)
        assert not parts[0], f"line {self.line}: a console block starts with a command"
        yield from zip(parts[1::2], parts[2::2], strict=True)


class Ran(NamedTuple):
    """What a command printed: first what it said on stderr, then its data."""

    code: int
    output: str


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in _BLOCK.finditer(text)]


@dataclass
class Transcript:
    """One page being run: a home, a working folder, and which id the page writes for which real one."""

    home: Path
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)

    def run(self, block: Block) -> None:
        """Run a block. Raises AssertionError with what it printed when that is not what the page says."""
        if block.language == "console":
            for command, expected in block.commands():
                self._check(command, expected)
        elif block.language == "python":
            exec(block.text, {})  # noqa: S102 - written by us; the test gives it home and folder
        elif block.language == "bash":
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", self._real(block.text)],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"

    def on_terminal(self, command: str, *, columns: int = 500) -> Ran:
        """Run a command as a person sees it; a wide terminal breaks no line, so that a page may break any."""
        import pty  # noqa: PLC0415 - Windows has none

        ours, theirs = pty.openpty()
        environment = self._environment() | {"COLUMNS": str(columns), "NO_COLOR": "1"}
        with tempfile.TemporaryFile() as talk:
            process = subprocess.Popen(
                ["bash", "-c", self._real(command)],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=talk,
            )
            os.close(theirs)
            data = b"".join(_until_closed(ours))
            os.close(ours)
            code = process.wait()
            talk.seek(0)
            printed = talk.read() + data
        text = _ESCAPE.sub("", printed.decode()).replace("\r\n", "\n")
        return Ran(code, text.replace(str(self.home), HOME_IN_DOCS))

    def _check(self, command: str, expected: str) -> None:
        code, printed = self.on_terminal(command)
        pattern = self._pattern(expected)
        found = re.fullmatch(pattern, printed.strip(), re.DOTALL)
        assert found, f"$ {command}\n{printed}\n-- the page says:\n{expected}"
        self.ids |= {name.replace("ID_", "", 1): id_ for name, id_ in found.groupdict().items()}
        fails = re.search(r'^(?:Error: |\{"error": )', expected, re.MULTILINE) is not None
        assert (code != 0) == fails, f"$ {command}\nended with {code}"

    def _pattern(self, expected: str) -> str:
        """Return what matches the expected text, and everything that differs from it as runs differ."""
        seen: set[str] = set()
        pattern, at, expected = [], 0, expected.strip()
        for part in _PARTS.finditer(expected):
            pattern.append(re.escape(expected[at : part.start()]))
            assert part.lastindex
            varying = list(_VARYING.values())[part.lastindex - 1]
            pattern.append(varying or self._id_pattern(part[0], seen))
            at = part.end()
        return "".join((*pattern, re.escape(expected[at:])))

    def _id_pattern(self, id_: str, seen: set[str]) -> str:
        if id_ in self.ids:
            return re.escape(self.ids[id_])
        if id_ in seen:
            return f"(?P=ID_{id_})"
        seen.add(id_)
        return f"(?P<ID_{id_}>{_ID})"

    def _real(self, text: str) -> str:
        for in_docs, real in self.ids.items():
            text = text.replace(in_docs, real)
        return text

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AVATAR_", "_TYPER", "COV_"))}
        programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        return {**kept, "PATH": programs, "AVATAR_HOME": str(self.home), "PYTHONUTF8": "1"}


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last program on it is gone, macOS with an empty answer
            return
        if not data:
            return
        yield data
