"""Writes down what commands did to the files below a folder, and what they said, in the order of the system.

A file is known by its inode, looked up in /proc when a call comes: so nothing has to be known of descriptors, what
they were copied to and who inherited them. What was written is read back from the file at the end of the call, as
no other is under way: so all ways to write are one. What is written through memory, or by a call that the filter
does not know, is not seen; the end of each recording holds what it saw against what is there.

SQLite's ``-shm`` is such a file. It is left out: it is an index of the log, and whoever is the first to open a
database makes it anew.
"""

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from . import kernel, tracer
from .kernel import O_CREAT, O_TMPFILE, O_TRUNC, Call
from .operations import ROOT, Began, Changed, Entry, Named, Operation, Recording, RecordingError, Said, Synced
from .replay import Replay

_INT = 2**32 - 1  # the bits of an argument that is an int
_AT_FDCWD, _APPEND, _EXCHANGE = -100 & _INT, 0o2000, 2
_TIMEOUT_S = 120
_Inode = tuple[int, int]
_Finish = tracer.Finish


def record(commands: Sequence[Sequence[str]], root: Path, said: Path, env: Mapping[str, str]) -> Recording:
    """Run commands one after the other, each until all it started has ended; each must succeed.

    ``root`` is recorded, and the folder they start in; ``said`` is a folder elsewhere for what they print.
    """
    # A process of its own: a tracer waits for all its children, and must be their only parent.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_record, [tuple(command) for command in commands], root, said, dict(env)).result()


def _record(commands: list[tuple[str, ...]], root: Path, said: Path, env: dict[str, str]) -> Recording:
    recorder = _Recorder(root.resolve(), tuple(commands))
    for place in range(len(commands)):
        recorder.run(place, said, env)
    seen, there = Replay(recorder.recording).end(), _tree(root)
    if seen != there:
        wrong = sorted(path for path in {*seen, *there} if seen.get(path, 0) != there.get(path, 0))
        raise RecordingError(f"Not all that happened to these was seen: {', '.join(wrong)}")
    return recorder.recording


def _tree(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
        if not _is_left_out(path.name)
    }


def _is_left_out(name: str) -> bool:
    return name.endswith("-shm")


class _Recorder:
    def __init__(self, root: Path, commands: tuple[tuple[str, ...], ...]) -> None:
        self.recording = Recording(commands, {ROOT: {}}, {})
        self._root = root
        self._nodes: dict[_Inode, int] = {_inode(root.stat()): ROOT}
        self._count = ROOT
        self._outputs: dict[_Inode, int] = {}  # which command says what is written there
        for path in sorted(path for path in root.rglob("*") if not _is_left_out(path.name)):
            node = self._made(path.stat())
            self.recording.folders[self._nodes[_inode(path.parent.stat())]][path.name] = node
            if path.is_file():
                self.recording.files[node] = path.read_bytes()

    def run(self, place: int, said: Path, env: Mapping[str, str]) -> None:
        """Run the command at a place of the list."""
        command = self.recording.commands[place]
        out, err = said / f"{place}.out", said / f"{place}.err"
        for path in (out, err):
            path.write_bytes(b"")
            self._outputs[_inode(path.stat())] = place
        self._note(Began(place))
        code = tracer.run(command, cwd=self._root, env=env, out=out, err=err, watch=self._watch, timeout_s=_TIMEOUT_S)
        if code != 0:
            raise RecordingError(f"{' '.join(command)} ended with {code}: {err.read_text()}")

    # -- calls; each function looks before the call is made, and returns what looks afterwards

    def _watch(self, call: Call) -> _Finish | None:
        try:
            return _WATCHES[call.name](self, call)
        except FileNotFoundError:  # a path or descriptor that is not there: the call will fail
            return None

    def _opening(self, call: Call) -> _Finish | None:
        at = {"open": 0, "creat": 0}.get(call.name, 1)
        path = _real(self._path(call, at, at - 1))
        if call.name == "creat":
            flags = O_CREAT | O_TRUNC
        elif call.name == "openat2":
            flags = int.from_bytes(kernel.memory(call.thread, call.arguments[2], 8), "little")
        else:
            flags = call.arguments[at + 1]
        if not self._is_below(path):
            return None
        before = path.stat() if path.exists() else None

        def finish(descriptor: int) -> None:
            if descriptor < 0:
                return
            made = _open_file(call.thread, descriptor).stat()
            if flags & O_TMPFILE == O_TMPFILE:
                self._made(made)
            elif _is_left_out(path.name):
                self._nodes.pop(_inode(made), None)  # the number may have been another file's
            elif before is None:
                self._note(Named((self._named(path, self._made(made)),)))
            elif flags & O_TRUNC and before.st_size:
                self._note(Changed(self._nodes[_inode(made)], 0, bytes(before.st_size), 0))

        return finish

    def _writing(self, call: Call) -> _Finish | None:
        arguments = call.arguments
        descriptor = arguments[2 if call.name in {"splice", "copy_file_range"} else 0]
        link = _open_file(call.thread, descriptor)
        found = link.stat()
        node, command = self._node(link, found), self._outputs.get(_inode(found))
        if node is None and command is None:
            return None
        at: int | None = None
        if call.name in {"pwrite64", "pwritev", "pwritev2"} and arguments[3] != 2**64 - 1:
            at = arguments[3]
        elif call.name in {"splice", "copy_file_range"} and arguments[3]:
            at = int.from_bytes(kernel.memory(call.thread, arguments[3], 8), "little")

        def finish(count: int) -> None:
            if count <= 0:
                return
            start = _written_at(link, count, at)
            with link.open("rb", buffering=0) as file:
                file.seek(start)
                data = file.read(count)
            if node is not None:
                self._note(Changed(node, start, data, link.stat().st_size))
            if command is not None:
                self._note(Said(command, data.decode(errors="replace")))

        return finish

    def _resizing(self, call: Call) -> _Finish | None:
        by_path = call.name == "truncate"
        link = self._path(call, 0, -1) if by_path else _open_file(call.thread, call.arguments[0])
        before = link.stat().st_size
        node = self._node(link, link.stat())
        if node is None:
            return None

        def finish(result: int) -> None:
            after = link.stat().st_size
            if result == 0 and after != before:
                self._note(Changed(node, min(before, after), bytes(max(0, before - after)), after))

        return finish

    def _renaming(self, call: Call) -> _Finish | None:
        plain = call.name == "rename"
        old, new = self._entry_path(call, 0 if plain else 1), self._entry_path(call, 1 if plain else 3)
        if not self._is_below(old) and not self._is_below(new):
            return None
        if not self._is_below(old) or not self._is_below(new):
            raise RecordingError(f"{old} is moved across the border to {new}")
        if call.name == "renameat2" and call.arguments[4] & _EXCHANGE:
            raise RecordingError(f"{old} and {new} are exchanged")
        same = new.exists() and _inode(old.lstat()) == _inode(new.lstat())

        def finish(result: int) -> None:
            if result == 0 and not same:  # two names of one file both stay
                node = self._nodes[_inode(new.lstat())]
                self._note(Named((self._named(new, node), self._named(old, None))))

        return finish

    def _linking(self, call: Call) -> _Finish | None:
        new = self._entry_path(call, 1 if call.name == "link" else 3)
        if not self._is_below(new):
            return None
        return lambda result: self._note_entry(result, new, lambda: self._nodes[_inode(new.lstat())])

    def _making(self, call: Call) -> _Finish | None:
        path = self._entry_path(call, 0 if call.name == "mkdir" else 1)
        if not self._is_below(path):
            return None
        return lambda result: self._note_entry(result, path, lambda: self._made(path.lstat()))

    def _removing(self, call: Call) -> _Finish | None:
        path = self._entry_path(call, 1 if call.name == "unlinkat" else 0)
        if not self._is_below(path) or _is_left_out(path.name):
            return None
        return lambda result: self._note_entry(result, path, lambda: None)

    def _syncing(self, call: Call) -> _Finish | None:
        node: int | None = None
        if call.name in {"fsync", "fdatasync"}:  # fdatasync keeps the size, too
            link = _open_file(call.thread, call.arguments[0])
            node = self._node(link, link.stat())
            if node is None:
                return None
        return lambda result: self._note(Synced(node)) if result == 0 else None

    # -- what is known

    def _note(self, operation: Operation) -> None:
        self.recording.operations.append(operation)

    def _note_entry(self, result: int, path: Path, node: Callable[[], int | None]) -> None:
        if result == 0:
            self._note(Named((self._named(path, node()),)))

    def _named(self, path: Path, node: int | None) -> Entry:
        return Entry(self._nodes[_inode(path.parent.stat())], path.name, node)

    def _made(self, found: os.stat_result) -> int:
        """Give a new file or folder a number; its inode's may have been another one's before."""
        known = self._nodes.get(_inode(found))
        if known is not None and found.st_nlink > 1 and stat.S_ISREG(found.st_mode):
            return known
        self._count += 1
        self._nodes[_inode(found)] = self._count
        if stat.S_ISDIR(found.st_mode):
            self.recording.folders[self._count] = {}
        return self._count

    def _node(self, link: Path, found: os.stat_result) -> int | None:
        """Return the number of an open file; by its inode alone it might be one that is gone."""
        return self._nodes.get(_inode(found)) if self._is_below(_real(link)) else None

    def _is_below(self, path: Path) -> bool:
        return path == self._root or self._root in path.parents

    def _entry_path(self, call: Call, at: int) -> Path:
        path = self._path(call, at, at - 1)
        return _real(path.parent) / path.name  # the name itself may be a link

    def _path(self, call: Call, at: int, folder_at: int) -> Path:
        """Return a path among the arguments, absolute."""
        path = kernel.text(call.thread, call.arguments[at])
        base = Path(f"/proc/{call.thread}/cwd")
        if folder_at >= 0 and call.name.endswith(("at", "at2")):  # it is told which folder a path begins in
            folder = call.arguments[folder_at] & _INT
            base = base if folder == _AT_FDCWD else _open_file(call.thread, folder)
        return base.readlink() / path


def _inode(found: os.stat_result) -> _Inode:
    return found.st_dev, found.st_ino


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _open_file(thread: int, descriptor: int) -> Path:
    """Return a path that leads to an open file, whatever became of its name."""
    return Path(f"/proc/{thread}/fd/{descriptor & _INT}")


def _written_at(link: Path, count: int, at: int | None) -> int:
    """Return where ``count`` bytes that were just written to an open file begin."""
    described = link.parents[1] / "fdinfo" / link.name
    info = dict(line.split(":", 1) for line in described.read_text("ascii").splitlines() if ":" in line)
    if int(info["flags"], 8) & _APPEND:  # wherever it was asked for
        return link.stat().st_size - count
    return int(info["pos"]) - count if at is None else at


_WATCHES: dict[str, Callable[[_Recorder, Call], _Finish | None]] = {
    **dict.fromkeys(("open", "openat", "openat2", "creat"), _Recorder._opening),
    **dict.fromkeys(
        ("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "splice", "copy_file_range"),
        _Recorder._writing,
    ),
    **dict.fromkeys(("truncate", "ftruncate", "fallocate"), _Recorder._resizing),
    **dict.fromkeys(("rename", "renameat", "renameat2"), _Recorder._renaming),
    **dict.fromkeys(("link", "linkat"), _Recorder._linking),
    **dict.fromkeys(("mkdir", "mkdirat"), _Recorder._making),
    **dict.fromkeys(("unlink", "unlinkat", "rmdir"), _Recorder._removing),
    **dict.fromkeys(("fsync", "fdatasync", "sync", "syncfs"), _Recorder._syncing),
}
