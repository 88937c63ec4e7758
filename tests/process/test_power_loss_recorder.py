"""The recorder sees all that a program and its children do to files, in whatever way; it says so if it does not."""

import sys
from pathlib import Path

import pytest

from powerloss import kernel
from powerloss.operations import Changed, Named, Recording, RecordingError, Said, Synced
from powerloss.recorder import record

WHY_NOT = kernel.why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

WAYS = """
import os
folder = os.open(".", os.O_RDONLY)
a = os.open("a", os.O_CREAT | os.O_RDWR, dir_fd=folder)
os.write(a, b"one"), os.pwrite(a, b"two", 9), os.writev(a, [b"three", b"four"]), os.pwritev(a, [b"five"], 99)
os.ftruncate(a, 50), os.truncate("a", 60), os.posix_fallocate(a, 0, 70)
os.fsync(os.dup(a))
b = os.open("b", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
os.write(b, b"x"), os.write(b, b"y")
c = os.open("c", os.O_CREAT | os.O_WRONLY)
os.sendfile(c, a, 0, 5), os.copy_file_range(a, c, 7, 0, 40)
os.link("c", "d"), os.unlink("c")
os.write(c, b"unseen by its first name")
os.mkdir("e"), os.mkdir("f", dir_fd=folder), os.rmdir("f")
os.rename("d", "e/d"), os.replace("b", "e/d")
os.link("a", "g"), os.rename("a", "g")
os.write(c, b"without a name")
open("a", "w").close(), open("g", "w").close()
os.fdatasync(folder), os.sync()
"""
PROCESSES = """
import os, signal, subprocess, sys, threading, time
def write(name):
    for number in range(20):
        with open(name, "a") as file:
            file.write(f"{number}\\n"), file.flush(), os.fsync(file.fileno())
threads = [threading.Thread(target=write, args=(f"thread-{n}",)) for n in range(4)]
[thread.start() for thread in threads]
subprocess.run([sys.executable, "-S", "-c", "open('child', 'w').write('x'); print('child', flush=True)"], check=True)
[thread.join() for thread in threads]
stopped = os.fork()
if stopped == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    open("stopped", "w").close()
    os._exit(0)
assert os.WIFSTOPPED(os.waitpid(stopped, os.WUNTRACED)[1])
os.kill(stopped, signal.SIGCONT)
assert os.waitpid(stopped, 0)[1] == 0
signal.signal(signal.SIGUSR1, lambda *_: open("signal", "w").close())
os.kill(os.getpid(), signal.SIGUSR1)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while not os.path.exists("again"):  # long after the command itself has ended
            time.sleep(0.01)
        open("detached", "w").write("x")
        print("detached", flush=True)
    os._exit(0)
print("parent", flush=True)
again = (sys.executable, "-S", "-c", "open('again', 'w').close()")
threading.Thread(target=os.execv, args=(sys.executable, again)).start()
time.sleep(99)
"""
MAPPED = """
import mmap
with open("a", "wb+") as file:
    file.truncate(10)
    with mmap.mmap(file.fileno(), 10) as memory:
        memory[:] = b"0123456789"
"""


def recorded(tmp_path: Path, *scripts: str, before: str | None = None) -> Recording:
    root, said = tmp_path / "root", tmp_path / "said"
    root.mkdir()
    said.mkdir()
    if before is not None:
        (root / "before").write_text(before)
    return record([(sys.executable, "-S", "-c", script) for script in scripts], root, said, {})


def names(recording: Recording) -> set[str]:
    named = [operation for operation in recording.operations if isinstance(operation, Named)]
    return {entry.name for operation in named for entry in operation.entries}


def test_all_ways_to_change_a_file_are_seen(tmp_path: Path) -> None:
    recording = recorded(tmp_path, WAYS)
    assert names(recording) == set("abcdefg")
    assert [operation.node for operation in recording.operations if isinstance(operation, Synced)] == [1, 0, None]


def test_all_that_a_command_starts_is_seen_and_waited_for(tmp_path: Path) -> None:
    recording = recorded(tmp_path, PROCESSES)
    threads = {f"thread-{n}" for n in range(4)}
    assert names(recording) == threads | {"child", "stopped", "signal", "detached", "again"}
    said = [operation.text for operation in recording.operations if isinstance(operation, Said)]
    assert said == ["child\n", "parent\n", "detached\n"]
    assert sum(isinstance(operation, Synced) for operation in recording.operations) == 80


def test_a_worker_that_is_left_at_the_last_moment_is_waited_for(tmp_path: Path) -> None:
    scripts = [f"import os\nif os.fork() == 0: open('{n}', 'w').close()\nos._exit(0)" for n in range(10)]
    assert names(recorded(tmp_path, *scripts)) == {str(n) for n in range(10)}


def test_what_was_there_before_is_known(tmp_path: Path) -> None:
    recording = recorded(tmp_path, "open('before', 'r+').write('now')", before="then it was")
    assert list(recording.files.values()) == [b"then it was"]
    assert Changed(1, 0, b"now", 11) in recording.operations


def test_commands_run_one_after_the_other(tmp_path: Path) -> None:
    recording = recorded(tmp_path, "print('one')", "print('two')")
    assert [operation for operation in recording.operations if isinstance(operation, Said)] == [
        Said(0, "one\n"),
        Said(1, "two\n"),
    ]


def test_what_was_not_seen_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"these was seen: a$"):
        recorded(tmp_path, MAPPED)


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="ended with 3: why"):
        recorded(tmp_path, "import os; os.write(2, b'why'); os._exit(3)")


def test_other_files_are_left_out(tmp_path: Path) -> None:
    script = "open('../aside', 'w').write('x'); open('x-shm', 'w').write('x'); open('x-shm', 'r+').truncate(0)"
    assert names(recorded(tmp_path, script)) == set()
