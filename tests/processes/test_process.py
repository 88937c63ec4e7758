"""A process that this one starts, kills and ends."""

import os
import sys

import pytest

from avatar_creator.processes.process import Process


@pytest.mark.skipif(os.name != "posix", reason="Windows has no sudo")
def test_one_of_another_user_ends_with_its_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """What sudo has started may not be killed by who has asked for it."""

    def refuse(*_given: object) -> None:
        raise PermissionError

    process = Process([sys.executable, "-c", "import sys; sys.stdin.read()"], os.environ)
    with monkeypatch.context() as other:
        other.setattr(os, "killpg", refuse)
        other.setattr(process._process, "kill", refuse)
        process.kill()
        assert not process.has_ended
        process.end()
    assert process.code() == 0
