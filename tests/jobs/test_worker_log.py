import logging
import stat
import sys
from collections.abc import Iterator

import pytest

from avatar_creator.home import Home
from avatar_creator.jobs.queue_status import last_failure
from avatar_creator.jobs.worker_log import forget_failures, write_worker_log

log = logging.getLogger("avatar_creator.worker")


@pytest.fixture(autouse=True)
def closes(home: Home) -> Iterator[None]:
    home.create()
    yield
    for handler in log.handlers:
        handler.close()
    log.handlers.clear()


@pytest.mark.parametrize("on_stderr", [False, True])
def test_what_a_worker_does_is_written_with_the_time_in_utc(
    home: Home, capsys: pytest.CaptureFixture[str], on_stderr: bool
) -> None:
    for _ in range(2):  # a second one in the same process writes no line twice
        write_worker_log(home, on_stderr=on_stderr)
    log.info("it begins")
    (line,) = home.worker_log.read_text().splitlines()
    assert line.endswith("Z INFO it begins")
    assert len(line.split()[0]) == len("2026-01-02T03:04:05Z")
    assert capsys.readouterr().err == (f"{line}\n" if on_stderr else "")
    if sys.platform != "win32":
        assert stat.S_IMODE(home.logs.stat().st_mode) == 0o700


def test_nobody_has_failed_at_first(home: Home) -> None:
    assert last_failure(home) is None
    forget_failures(home)
    assert not home.worker_errors.exists()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", None),
        (" \n\n", None),
        ("Error: The disk is full.\nHint: Empty it.\n", "Error: The disk is full."),
        ("Traceback …\n  File …\nKeyError: 'x'\n", "KeyError: 'x'"),
        ("Error: first\nError: last\n\n", "Error: last"),
        ("Hint: only that\n", None),
    ],
)
def test_the_last_line_says_why_no_worker_could_start(home: Home, said: str, expected: str | None) -> None:
    home.logs.mkdir()
    home.worker_errors.write_text(said, encoding="utf-8")
    assert last_failure(home) == expected


def test_bytes_that_are_no_text_are_shown_as_far_as_that_goes(home: Home) -> None:
    home.logs.mkdir()
    home.worker_errors.write_bytes(b"Error: \xff\n")
    assert last_failure(home) == "Error: �"


def test_whoever_could_start_forgets_who_could_not(home: Home) -> None:
    home.logs.mkdir()
    home.worker_errors.write_text("Error: x\n")
    forget_failures(home)
    assert (home.worker_errors.read_bytes(), last_failure(home)) == (b"", None)
