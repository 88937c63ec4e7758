"""avatar status of many, and --watch."""

import os
import re
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest

from avatar_creator.home import Home
from cli.commandline import LINES, Avatar, plain, process, shell, start, terminal
from cli.jobs import queue, without_worker
from waiting import LONG_S


def test_those_given_come_in_their_order(avatar: Avatar) -> None:
    first, second, third = queue(avatar, "--at", "+1h", "--count", 3)
    assert avatar("status", third, first, "-q").out.split() == [third, first]
    assert [each["id"] for each in avatar("status", second, first, "--json").json] == [second, first]
    assert avatar("status", second, "--json").json["id"] == second
    assert "There is no generation 'gen_nope'." in avatar.refused("status", first, "gen_nope", code=3)


def test_a_pipe_gets_all_and_a_limit_that_cuts_says_so(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = queue(avatar, "--at", "+1h", "--count", 52)[::-1]
    for command, newest_first in (("status", ids), ("queue", ids[::-1])):
        assert avatar(command, "-q").out.split() == newest_first
        assert [each["id"] for each in avatar(command, "--json").json] == newest_first
        cut = avatar(command, "-q", "-n", 2)
        assert (cut.out.split(), cut.err) == (newest_first[:2], "2 of 52; --all for all.\n")
        assert avatar(command, "-q", "-n", 2, "--all").out.split() == newest_first
    with monkeypatch.context() as fewer:
        fewer.setattr("avatar_creator.cli.commands.status._COUNTED_MOST", 51)
        assert avatar("status", "-q", "-n", 2).err == "2 of more than 51; --all for all.\n"
    seen = plain(terminal("status").out)
    assert (seen.count("gen_"), seen.splitlines()[-1]) == (20, "20 of 52; --all for all.")
    assert avatar("status", "-q", *ids).out.split() == ids


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
def test_ids_come_from_stdin(avatar: Avatar, home: Home) -> None:
    ids = queue(avatar, "--at", "+1h", "--count", 2)
    run = shell("avatar status -q | avatar status - -q", AVATAR_HOME=str(home.root))
    assert run.out.split() == ids[::-1]
    none = process("status", "-")
    assert (none.code, "No ids came from stdin." in none.err) == (2, True)


def test_watching_has_no_end_that_json_could_have(avatar: Avatar) -> None:
    run = avatar("status", "--watch", "--json", code=2)
    assert (run.out, run.error["message"]) == ("", "json prints one document, and watch goes on.")


def test_watching_the_newest_says_how_many_there_are(avatar: Avatar) -> None:
    avatar.generate("--count", 22)
    run = avatar("status", "--watch", "-q")
    assert (len(run.lines), run.err) == (20, "20 of 22; --all for all.\n")


def test_watching_nothing_ends(avatar: Avatar) -> None:
    assert avatar("status", "--watch").out == ""
    assert "No generations." in plain(terminal("status", "--watch").out)


def test_watching_one_that_is_deleted_meanwhile_fails(avatar: Avatar, home: Home) -> None:
    done = avatar.generate()["id"]
    (id_,) = queue(avatar, "--at", "+1h")
    with start("status", done, id_, "--watch", "-q") as watching:
        assert watching.stdout is not None
        said = [watching.stdout.readline().split()[0] for _ in range(2)]
        avatar("project", "delete", "default", "--yes")
        _, err = watching.communicate(timeout=LONG_S)
    assert (set(said), watching.returncode) == ({done, id_}, 3)
    assert f"There is no generation {id_} any more." in err
    without_worker(avatar, home)


def test_a_pipe_gets_a_line_for_each_change_until_all_have_ended(avatar: Avatar) -> None:
    ids = queue(avatar, "--at", "+1s", "--count", 2)
    lines = avatar("status", "--watch", *ids).lines
    for id_ in ids:
        own = [line for line in lines if line[0] == id_]
        assert (own[0][1], own[-1][1]) == ("pending", "completed")
        assert all(before != after for before, after in pairwise(own))
    assert [line[1] for line in avatar("status", "-w").lines] == ["completed"] * 2
    assert avatar("status", "-w", "-q", ids[0]).lines == [[ids[0], "completed"]]


def test_a_terminal_shows_the_last_look_once(avatar: Avatar) -> None:
    (id_,) = queue(avatar, "--at", "+1s")
    seen = plain(terminal("status", "--watch", id_).out)
    assert "its time" in seen
    last = seen[seen.rindex(f"id       {id_}") :]
    assert "status   completed\n" in last
    assert f"picture  {avatar('wait', id_).out}" in last, "whole, however long"


def test_a_table_longer_than_the_screen_is_cut_while_it_changes(avatar: Avatar) -> None:
    ids = queue(avatar, "--at", "+1s", "--count", 50)
    seen = plain(terminal("status", "--watch", *ids).out)
    _, *cut, last = re.split(r"\bid {9,}", seen)
    assert cut
    assert max(table.count("gen_") for table in cut) < LINES, "what is below the screen is not drawn"
    assert all(id_ in last for id_ in ids)


def test_what_is_not_shown_is_known_before_the_picture_is_made_and_after(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+1h", "--eye-color", "xyzzy", "--seed", 5)
    unshown = ["The offline engine does not know eye color 'xyzzy': it was left to chance."]
    assert avatar("status", id_, "--json").json["not_shown"] == unshown
    without_worker(avatar, home)
    avatar("cancel", id_)
    avatar("retry", id_, "-q")
    avatar("wait", id_)
    done = avatar("status", id_, "--json").json
    assert (done["status"], done["not_shown"], done["avatar"]["not_shown"]) == ("completed", unshown, unshown)
    seen = " ".join(plain(terminal("status", id_).out).split())
    assert f"not shown {unshown[0]}" in seen


def test_a_generation_whose_details_are_forgotten_still_says_what_it_does_not_show(avatar: Avatar, home: Home) -> None:
    id_ = avatar.generate("--eye-color", "xyzzy")["id"]
    with closing(sqlite3.connect(home.database, isolation_level=None)) as rows:
        rows.execute("DELETE FROM generations")
    assert avatar("status", id_, "--json").json["not_shown"] == [
        "The offline engine does not know eye color 'xyzzy': it was left to chance."
    ]
