"""avatar wait: order, exit codes, and what comes through pipes."""

import os
import signal
import time

import pytest

from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar, plain, process, shell, start, terminal
from cli.jobs import queue, until_a_worker_runs, without_worker

pytestmark = pytest.mark.slow


def test_paths_come_in_the_order_of_the_ids(avatar: Avatar) -> None:
    first, second, third = queue(avatar, "--count", 3)
    paths = avatar("wait", third, first, second).out
    made = {id_: avatar("status", id_, "--json").json["avatar"] for id_ in (first, second, third)}
    assert paths.split() == [made[id_]["image_path"] for id_ in (third, first, second)]
    assert avatar("wait", "-q", second, third).out.split() == [made[id_]["id"] for id_ in (second, third)]
    assert [each["id"] for each in avatar("wait", "--json", second, first).json] == [second, first]
    assert avatar("wait", first, first).out.split() == [made[first]["image_path"]], "each once"


def test_a_batch_is_waited_for(avatar: Avatar) -> None:
    ids = queue(avatar, "--count", 2)
    batch = avatar("status", ids[0], "--json").json["batch_id"]
    run = avatar("wait", "--batch", batch, "--json")
    assert [(each["id"], each["status"]) for each in run.json] == [(id_, "completed") for id_ in ids]
    assert "Ids are given, and more than that." in avatar.refused("wait", ids[0], "--batch", batch)
    assert "There is no batch 'bat_nope'." in avatar.refused("wait", "--batch", "bat_nope", code=3)


def test_one_that_ended_without_a_picture_is_exit_5(avatar: Avatar) -> None:
    made = avatar.generate()
    (cancelled,) = queue(avatar, "--at", "+1h")
    avatar("cancel", cancelled)
    run = avatar("wait", cancelled, made["id"], code=5)
    assert run.out == f"{made['avatar']['image_path']}\n"
    assert run.err == f"{cancelled} cancelled: Cancelled by the user.\n"
    assert avatar("wait", "--quiet", cancelled, code=5) == (5, "", "")
    assert [each["status"] for each in avatar("wait", "--json", cancelled, code=5).json] == ["cancelled"]


@pytest.mark.parametrize("timeout", [0, 0.3])
def test_time_is_over_at_124(avatar: Avatar, timeout: float) -> None:
    made = avatar.generate()
    (waiting,) = queue(avatar, "--at", "+1h")
    run = avatar("wait", made["id"], waiting, "--timeout", timeout, code=124)
    assert run.out == f"{made['avatar']['image_path']}\n"
    assert run.err == f"1 of 2 had not ended after {timeout:g} s.\n"
    assert avatar("status", waiting, "--json").json["status"] == "pending"
    both = avatar("wait", made["id"], waiting, "--timeout", timeout, "--json", code=124).json
    assert [(each["id"], each["status"]) for each in both] == [(made["id"], "completed"), (waiting, "pending")]


@pytest.mark.parametrize(
    ("argv", "said", "code"),
    [
        ((), "Nothing says what to wait for.", 2),
        (("gen_nope",), "There is no generation 'gen_nope'.", 3),
        (("gen_x", "--timeout", "-1"), "Invalid value for '--timeout'", 2),
        (("gen_x", "--timeout", "soon"), "Invalid value for '--timeout'", 2),
    ],
)
def test_what_cannot_be_waited_for(avatar: Avatar, argv: tuple[str, ...], said: str, code: int) -> None:
    assert said in avatar.refused("wait", *argv, code=code)


def test_stdin_may_bring_nothing(home: Home) -> None:  # noqa: ARG001 - where it looks
    run = process("wait", "-")
    assert (run.code, run.out) == (0, ""), "a batch that is run again may have nothing to queue"
    assert "No ids came from stdin: there is nothing to wait for." in run.err


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
def test_a_batch_is_a_loop_and_a_pipe(avatar: Avatar, home: Home) -> None:
    run = shell(
        "for i in $(seq 4); do avatar generate --width 64 --height 64 --persona-name P$i --detach --quiet; done"
        " | avatar wait -",
        AVATAR_HOME=str(home.root),
    )
    assert run.code == 0, run.err
    named = {each["image_path"]: each["name"] for each in avatar("list", "--json").json}
    assert [named[path] for path in run.out.split()] == ["P1", "P2", "P3", "P4"]


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
def test_whole_lines_may_be_piped_in(avatar: Avatar, home: Home) -> None:  # noqa: ARG001
    run = shell(
        "avatar generate --width 64 --height 64 --gender male --detach --count 2 | avatar wait -",
        AVATAR_HOME=str(home.root),
    )
    assert (run.code, len(run.out.split())) == (0, 2)


def test_waiting_starts_the_worker_that_is_missing(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+2s")
    without_worker(avatar, home)
    assert avatar("wait", id_).out.endswith(".jpg\n")


def test_a_terminal_shows_a_bar_and_then_the_paths(avatar: Avatar) -> None:
    ids = queue(avatar, "--at", "+4s", "--count", 2)
    seen = terminal("wait", *ids, columns=200)
    assert seen.code == 0
    assert "0/2 queued" in plain(seen.out)
    paths = [avatar("status", id_, "--json").json["avatar"]["image_path"] for id_ in ids]
    assert plain(seen.out).replace("\r", "").rstrip().endswith("\n".join(paths))


@pytest.mark.skipif(os.name != "posix", reason="signals of this system")
def test_ctrl_c_ends_the_waiting_and_not_the_work(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+1h")
    until_a_worker_runs(home)
    with start("wait", id_) as waiting:
        time.sleep(3)  # until it waits, on a busy machine too; earlier it ends in the same way, but may say less
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate()
    assert (waiting.returncode, out) == (130, "")
    assert "Error: Stopped waiting.\nHint: They are made all the same; to stop them: avatar cancel ID" in err
    assert avatar("status", id_, "--json").json["status"] == "pending"


def test_inline_runs_are_waited_for_too(avatar: Avatar, home: Home) -> None:  # noqa: ARG001
    with start("generate", "--persona-name", "Ann", *SMALL, "--count", 20, "--quiet") as running:
        assert running.stdout is not None
        first = running.stdout.readline().strip()
        assert avatar("wait", first).out.endswith(".jpg\n")
        running.communicate()
