"""The bar that counts: on a terminal alone, and gone afterwards."""

import pytest

from cli.commandline import SMALL, Avatar, plain, process, terminal


@pytest.fixture
def people(avatar: Avatar) -> None:
    avatar("generate", "--persona-name", "Ann", "--count", 30, *SMALL)


@pytest.mark.usefixtures("people")
def test_a_terminal_has_a_bar_and_at_the_end_one_line(tmp_path: object) -> None:
    code, seen, _ = terminal("export", "--output", f"{tmp_path}/out", "--size", "64,32", columns=200)
    assert code == 0
    assert "Exporting" in plain(seen)
    assert "/30" in plain(seen)
    assert plain(seen).splitlines()[-1] == f"Exported 30 avatars to {tmp_path}/out."
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l"), "the cursor is back"


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("option", ["--quiet", "--jsonl"])
def test_a_pipe_and_json_have_none(tmp_path: object, option: str) -> None:
    run = process("export", "--output", f"{tmp_path}/out", option)
    assert (run.code, len(run.out.splitlines())) == (0, 30)
    assert "\x1b" not in run.err
