"""Ctrl-Z while something is drawn again and again."""

import os
import re
import select
import shlex
import shutil
import time

import pytest

from cli.commandline import PROGRAM, SMALL, Avatar, environment

GENERATE = (*map(str, SMALL), "--persona-name", "Ann")


@pytest.mark.skipif(os.name != "posix" or not shutil.which("bash"), reason="needs job control")
@pytest.mark.parametrize("command", ["generate", "status"])
def test_a_suspended_command_gives_the_cursor_back(avatar: Avatar, command: str) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    if command == "status":  # of one that waits for its time
        words = ["status", "--watch", avatar("generate", *GENERATE, "--detach", "--at", "+1d", "-q").out.strip()]
    else:
        words = ["generate", *GENERATE, "--count", "3000"]
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment({"TERM": "xterm", "PS1": "$ "}))  # noqa: S606
    seen = ""

    def wait_for(pattern: str) -> None:
        nonlocal seen
        until = time.monotonic() + 60
        while not (found := re.search(pattern, seen)):
            assert time.monotonic() < until, (pattern, seen[-500:])
            if select.select([terminal], [], [], 1)[0]:
                seen += os.read(terminal, 65536).decode(errors="replace")
        seen = seen[found.end() :]

    try:
        os.write(terminal, f"{shlex.join([*PROGRAM, *words])}\r".encode())
        wait_for(re.escape("\x1b[?25l"))
        for _ in range(2):
            os.write(terminal, b"\x1a")
            wait_for(r"\x1b\[\?25h(?:(?!\x1b\[\?25l)[\s\S])*Stopped")
            os.write(terminal, b"fg\r")
            wait_for(re.escape("\x1b[?25l"))
        os.write(terminal, b"\x03")
        wait_for(re.escape("\x1b[?25h"))
        os.write(terminal, b"echo ended $?\r")
        wait_for("ended 130")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)
