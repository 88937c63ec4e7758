"""The bar that counts, and the table that comes after it."""

import sys

import pytest

from cli.commandline import SMALL, Avatar, terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own")]
_ERASED = "\x1b[2K"


@pytest.mark.parametrize(
    ("argv", "bar", "table"),
    [
        (("verify",), "Verifying", "No picture is damaged"),
        (("twins",), "Reading", "same file"),
        (("check", "--check", "basic"), "Checking", "Nothing is wrong."),
    ],
)
def test_a_table_is_drawn_when_the_bar_is_gone(avatar: Avatar, argv: tuple[str, ...], bar: str, table: str) -> None:
    for _ in range(2):
        avatar.avatar("--seed", 1, *SMALL)
    seen = terminal(*argv).out
    assert bar in seen
    assert seen.rindex(bar) < seen.rindex(_ERASED) < seen.index(table)
