"""The parts of Linux that a recorder needs, through ctypes: ptrace, and a seccomp filter that stops at few calls.

Nothing has to be installed. The filter makes it quick: a Python program makes thousands of system calls before its
first line, and only those that may change files stop it.
"""

import ctypes
import errno
import os
import platform
import sys
from pathlib import Path
from typing import NamedTuple

O_CREAT, O_TRUNC, O_TMPFILE = 0o100, 0o1000, 0o20000000
_MAKES = O_CREAT | O_TRUNC | O_TMPFILE
_OPENS = {"open": 1, "openat": 2}  # which argument has the flags: opening without them changes nothing

_X86_64 = {
    "write": 1, "open": 2, "pwrite64": 18, "writev": 20, "sendfile": 40, "fsync": 74, "fdatasync": 75, "truncate": 76,
    "ftruncate": 77, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87, "sync": 162,
    "openat": 257, "mkdirat": 258, "unlinkat": 263, "renameat": 264, "linkat": 265, "splice": 275, "fallocate": 285,
    "pwritev": 296, "syncfs": 306, "renameat2": 316, "copy_file_range": 326, "pwritev2": 328, "openat2": 437,
}  # fmt: skip
_AARCH64 = {
    "mkdirat": 34, "unlinkat": 35, "linkat": 37, "renameat": 38, "truncate": 45, "ftruncate": 46, "fallocate": 47,
    "openat": 56, "write": 64, "writev": 66, "pwrite64": 68, "pwritev": 70, "sendfile": 71, "splice": 76, "sync": 81,
    "fsync": 82, "fdatasync": 83, "syncfs": 267, "renameat2": 276, "copy_file_range": 285, "pwritev2": 287,
    "openat2": 437,
}  # fmt: skip
_MACHINES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}  # as audit calls them
_AUDIT, _NUMBERS = _MACHINES.get(platform.machine(), (0, {}))
_NAMES = {number: name for name, number in _NUMBERS.items()}

# What ptrace is asked for and tells, as its manual page calls it
CONT, SYSCALL, SEIZE, LISTEN = 7, 24, 0x4206, 0x4208
_GETEVENTMSG, _GET_SYSCALL_INFO = 0x4201, 0x420E
EVENT_EXEC, EVENT_SECCOMP, EVENT_STOP = 4, 7, 128
_SYSGOOD, _FORK, _VFORK, _CLONE, _EXEC, _SECCOMP, _EXITKILL = 1, 2, 4, 8, 16, 128, 1 << 20
_OPTIONS = _SYSGOOD | _FORK | _VFORK | _CLONE | _EXEC | _SECCOMP | _EXITKILL
WAIT_ALL = 0x40000000  # __WALL: threads, too

# The same of seccomp and its filters
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2
_TRACE, _ALLOW = 0x7FF00000, 0x7FFF0000
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_AT_NUMBER, _AT_AUDIT, _AT_ARGUMENTS = 0, 4, 16


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


class _SyscallInfo(ctypes.Structure):
    """The same on every machine, unlike registers; since Linux 5.3."""

    _fields_ = (
        ("op", ctypes.c_ubyte),
        ("_pad", ctypes.c_ubyte * 3),
        ("audit", ctypes.c_uint),
        ("instruction_pointer", ctypes.c_ulonglong),
        ("stack_pointer", ctypes.c_ulonglong),
        ("values", ctypes.c_ulonglong * 8),  # of an entry: number and arguments; of an exit: the result
    )


class Call(NamedTuple):
    """A system call of one thread, before it is made."""

    thread: int
    name: str
    arguments: tuple[int, ...]


def why_not() -> str | None:
    """Say why nothing can be recorded here, None if it can."""
    if sys.platform != "linux" or not _NUMBERS:
        return f"system calls are recorded on Linux x86_64 and aarch64, not {sys.platform} {platform.machine()}"
    release = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    if release < (5, 3):
        return "system calls are recorded since Linux 5.3"
    child = os.posix_spawn(sys.executable, [sys.executable, "-S", "-c", "import time; time.sleep(9)"], os.environ)
    try:
        seize(child)
    except OSError as error:
        return f"the system forbids to trace processes: {error.strerror}"
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    return None


def seize(process: int) -> None:
    """Trace a process from now on, and all that it starts; what this process traces dies with it."""
    _ptrace(SEIZE, process, 0, _OPTIONS)


def resume(request: int, thread: int, signal: int = 0) -> None:
    """Let a stopped thread go on; one that was killed meanwhile is heard of elsewhere."""
    try:
        _ptrace(request, thread, 0, signal)
    except ProcessLookupError:
        return


def former(thread: int) -> int:
    """Return the number that a thread had before it began another program."""
    message = ctypes.c_ulong()
    _ptrace(_GETEVENTMSG, thread, 0, ctypes.addressof(message))
    return message.value


def call_of(thread: int) -> Call:
    """Return the call that a thread is about to make."""
    values = _syscall_info(thread).values
    return Call(thread, _NAMES[values[0]], tuple(values[1:7]))


def result_of(thread: int) -> int:
    """Return what the call of a thread came to."""
    return ctypes.c_longlong(_syscall_info(thread).values[0]).value


def memory(thread: int, address: int, length: int) -> bytes:
    """Return what is in a stopped thread's memory; less if it ends before."""
    with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as file:
        file.seek(address)
        return file.read(length)


def text(thread: int, address: int) -> str:
    """Return the text at an address, as system calls take paths."""
    found = b""
    while b"\0" not in found:  # up to the end of a page: the next may not be there
        found += memory(thread, address + len(found), 4096 - (address + len(found)) % 4096)
    return os.fsdecode(found.partition(b"\0")[0])


def stop_at_calls() -> None:
    """Have this process, and all it becomes and starts, stop at the calls that may change files."""
    filter_ = _filter()
    program = _Program(len(filter_), (_Instruction * len(filter_))(*filter_))
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "seccomp")


def _filter() -> list[_Instruction]:
    steps = [(_LOAD, 0, 0, _AT_AUDIT), (_IF_EQUAL, 1, 0, _AUDIT), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _AT_NUMBER)]
    for name, number in _NUMBERS.items():
        if name in _OPENS:
            flags = _AT_ARGUMENTS + 8 * _OPENS[name]
            steps += [(_IF_EQUAL, 0, 4, number), (_LOAD, 0, 0, flags), (_IF_ANY_BIT, 0, 1, _MAKES)]
            steps += [(_RETURN, 0, 0, _TRACE), (_RETURN, 0, 0, _ALLOW)]
        else:
            steps += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _TRACE)]
    return [_Instruction(*step) for step in (*steps, (_RETURN, 0, 0, _ALLOW))]


def _syscall_info(thread: int) -> _SyscallInfo:
    info = _SyscallInfo()
    _ptrace(_GET_SYSCALL_INFO, thread, ctypes.sizeof(info), ctypes.addressof(info))
    return info


def _ptrace(request: int, thread: int, address: int, data: int) -> None:
    if _libc().ptrace(ctypes.c_long(request), thread, ctypes.c_void_p(address), ctypes.c_void_p(data)) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace: {errno.errorcode.get(number, number)}")


def _libc() -> ctypes.CDLL:
    global _loaded  # noqa: PLW0603 - loaded once, and not where there is no Linux
    if _loaded is None:
        _loaded = ctypes.CDLL(None, use_errno=True)
        _loaded.ptrace.restype = ctypes.c_long
        _loaded.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
    return _loaded


_loaded: ctypes.CDLL | None = None
