"""avatar use|usage|stats|status: what is known about avatars in figures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from avatar_creator.domain.progress import Progress, Wait
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.library import Library
from avatar_creator.storage.leases import Charge, Lease
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.new_generation import NewGeneration
from cli.commandline import SMALL, Avatar, plain, terminal


def test_using_an_avatar_is_counted_and_recorded(avatar: Avatar) -> None:
    id_ = avatar.avatar()["id"]
    assert avatar("usage", id_, "--json").json == {"avatar_id": id_, "events": [], "summary": []}
    assert avatar("usage", id_).out == ""
    used = avatar("use", id_, "--app", "blog", "--action", "header", "--reference", "https://x.example/1").lines
    assert used[0][:2] == [id_, "1"]
    avatar("use", id_, "--app", "blog", "--action", "footer")
    last = avatar("use", id_, "--app", "crm", "--action", "contact", "--json").json
    assert (last["usage_count"], last["last_used_at"]) == (3, avatar("show", id_, "--json").json["last_used_at"])
    usage = avatar("usage", id_, "--json").json
    assert [(e["app"], e["action"], e["reference"]) for e in usage["events"]] == [
        ("crm", "contact", None),
        ("blog", "footer", None),
        ("blog", "header", "https://x.example/1"),
    ]
    assert [(app["app"], app["count"]) for app in usage["summary"]] == [("blog", 2), ("crm", 1)]
    lines = avatar("usage", id_).lines
    assert [line[:3] for line in lines if line[0] == "app"] == [["app", "blog", "2"], ["app", "crm", "1"]]
    assert lines[-1][0] == "event"
    assert lines[-1][3:] == ["blog", "header", "https://x.example/1"]
    assert avatar("use", id_, "--app", "crm", "--action", "x", "-q").out == f"{id_}\n"


def test_usage_is_whole_in_a_pipe_and_50_events_on_a_terminal(avatar: Avatar, library: Library) -> None:
    id_ = avatar.avatar()["id"]
    for n in range(52):
        library.app.catalog.add_usage(id_, app="a", action=f"step {n}")
    library.close()
    usage = avatar("usage", id_, "--json").json
    assert [event["action"] for event in usage["events"]] == [f"step {n}" for n in range(51, -1, -1)]
    assert usage["summary"][0]["count"] == 52
    cut = avatar("usage", id_, "-n", 3)
    assert ([line[4] for line in cut.lines[1:]], cut.err) == (
        ["step 51", "step 50", "step 49"],
        "3 of 52; --all for all.\n",
    )
    seen = plain(terminal("usage", id_).out)
    assert (seen.count("step "), seen.splitlines()[-1]) == (50, "50 of 52; --all for all.")


@pytest.mark.parametrize("bad", ["", "x" * 201, "a\x1b]0;x\x07"])
@pytest.mark.parametrize("option", ["--app", "--action", "--reference"])
def test_bad_usage_is_not_recorded(avatar: Avatar, option: str, bad: str) -> None:
    id_ = avatar.avatar()["id"]
    given = {"--app": "a", "--action": "b"} | {option: bad}
    assert option[2:] in avatar.refused("use", id_, *(word for pair in given.items() for word in pair))
    assert avatar("show", id_, "--json").json["usage_count"] == 0


def test_stats(avatar: Avatar) -> None:
    avatar("project", "create", "other")
    first, second = avatar.avatar(), avatar.avatar("--project", "other")
    for _ in range(3):
        avatar("use", second["id"], "--app", "a", "--action", "b")
    stats = avatar("stats", "--json").json
    assert stats | {"database_bytes": 0} == {
        "project_id": None,
        "avatars": 2,
        "projects": 2,
        "generations": [{"status": "completed", "engine": "offline", "count": 2}],
        "charged": [],
        "recent": 2,
        "usage": 3,
        "average_usage": 1.5,
        "most_used": [{"id": second["id"], "name": "Ann", "usage_count": 3}],
        "picture_bytes": stats["picture_bytes"],
        "database_bytes": 0,
        "spending": {**dict.fromkeys(("total", "day", "month", "reserved"), NOTHING), "limits": []},
    }
    assert stats["picture_bytes"] >= first["bytes"] + second["bytes"]
    assert "There is no project ''." in avatar.refused("stats", "--project", "", code=3)
    there = avatar("stats", "--project", "other", "--json").json
    assert (there["project_id"], there["avatars"], there["projects"], there["average_usage"]) == (
        second["project_id"],
        1,
        1,
        3.0,
    )
    assert ["generations", "2", "completed", "offline"] in avatar("stats").lines
    avatar("delete", second["id"], "--yes")
    after = avatar("stats", "--json").json
    assert (after["avatars"], after["usage"], after["most_used"]) == (1, 0, [])


NOTHING = {"pictures": 0, "usd": 0.0, "unpriced": 0, "in_doubt": 0}
REQUEST = {"prompt": None, "full_prompt": "", "negative_prompt": "", "width_px": 64, "height_px": 64}


def test_status_tells_what_is_waited_for(avatar: Avatar, library: Library) -> None:
    project_id = library.app.generations.ensure_project("default")
    new = NewGeneration(project_id, "huggingface", "flux", 7, REQUEST, "fal-ai")
    with ProcessLock(library.home.runners) as runner:
        library.app.generations.add(replace(new, owner=runner.id))
        taken = library.app.leases.claim_owned(runner.id)
        assert taken is not None
        running = taken.lease
        _show_waits(avatar, library, running)
    assert avatar("status", running.id, "--json").json["waiting_for"] is None  # nobody waits any more


def _show_waits(avatar: Avatar, library: Library, running: Lease) -> None:
    id_ = running.id
    until = (datetime.now(UTC) + timedelta(seconds=100)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for at in (until, "2026-01-02T03:04:05.000006Z"):
        wait = Wait("rate limit of fal-ai", at, 0.0)
        library.app.leases.advance(running, Progress(id_, Stage.WAITING, 45, attempt=2, wait=wait))
        shown = avatar("status", id_, "--json").json
        assert (shown["stage"], shown["progress"], shown["attempt"]) == ("waiting", 45, 2)
        assert (shown["waiting_for"], shown["waiting_until"], shown["provider"]) == (*wait[:2], "fal-ai")
        assert avatar("status", id_).lines[0][12:16] == ["fal-ai", "rate limit of fal-ai", at, "0"]
    assert "waiting   until 03:04:05 UTC: rate limit of fal-ai\n" in plain(terminal("status", id_).out)
    library.app.leases.advance(running, Progress(id_, Stage.WAITING, 45, wait=Wait("a reason", until, 0.0)))
    said = plain(terminal("status", id_).out)
    assert f"until {until[11:19]} UTC (" in said
    assert " s): a reason\n" in said


def test_stats_tell_what_was_charged(avatar: Avatar, library: Library) -> None:
    project_id = library.app.generations.ensure_project("default")
    library.app.generations.add(NewGeneration(project_id, "huggingface", "flux", 7, REQUEST))
    taken = library.app.leases.claim("run_1", [], idle=True)
    assert taken is not None
    library.app.leases.charge(taken.lease, [Charge("fal-ai", "flux/dev", rerolled) for rerolled in (False, True)])
    charged = {"engine": "huggingface", "provider": "fal-ai", "model": "flux/dev", "pictures": 2, "rerolled": 1}
    charged |= {"usd": None, "unpriced": 2}
    assert avatar("stats", "--json").json["charged"] == [charged]
    assert ["charged", "2", "huggingface", "fal-ai", "flux/dev", "1", "", "2"] in avatar("stats").lines
    assert "2 by fal-ai (flux/dev), 1 of them re-rolled, cost unknown" in plain(terminal("stats").out)
    assert "2 x" in plain(terminal("status", taken.lease.id).out)


def test_stats_tell_what_was_spent_and_what_limits_leave(
    avatar: Avatar, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"provider": "fal-ai", "paid": True, "price_usd": 0.5}
    made = []
    for project, charges in (("default", 1), ("other", 2)):
        project_id = library.app.generations.ensure_project(project)
        library.app.generations.add(NewGeneration(project_id, "huggingface", "flux", 7, REQUEST, **asked))
        taken = library.app.leases.claim("run_1", [], idle=True)
        assert taken is not None
        charge = [Charge("fal-ai", "flux", rerolled=False), Charge("replicate", "flux", rerolled=True)]
        library.app.leases.charge(taken.lease, charge[:charges])
        library.app.leases.end(taken.lease, Status.FAILED, Failure("engine", "It failed.", None))
        made.append(taken.lease.id)
    library.app.generations.add(NewGeneration(project_id, "huggingface", "flux", 7, REQUEST, **asked))
    monkeypatch.setenv("AVATAR_MAX_IMAGES_DAY", "10")
    monkeypatch.setenv("AVATAR_MAX_USD_MONTH", "2.25")
    day = {"pictures": 3, "usd": 1.0, "unpriced": 1}
    spending = avatar("stats", "--json").json["spending"]
    assert [spending[name] for name in ("total", "day", "month")] == [{**day, "in_doubt": 0}] * 3
    assert spending["reserved"] == {"pictures": 1, "usd": 0.5, "unpriced": 0, "in_doubt": 0}
    assert [(limit["setting"], limit["most"], limit["spent"], limit["left"]) for limit in spending["limits"]] == [
        ("max_images_day", 10, 3, 6),
        ("max_usd_month", 2.25, 1.5, 0.25),  # what nobody knows the price of counts as what was expected
    ]
    shown = plain(terminal("stats", env={"AVATAR_MAX_IMAGES_DAY": "10"}).out)
    assert "paid in all  3 pictures, about $1.00 and 1 of unknown cost\n" in shown
    assert "limit        10 pictures a day (max_images_day): 3 spent, 1 reserved, 6 left\n" in shown
    assert [tuple(each.values()) for each in avatar("stats", "--by", "provider", "--json").json] == [
        ("fal-ai", 2, 1.0, 0),
        ("replicate", 1, None, 1),
    ]
    assert avatar("stats", "--by", "project").lines == [["default", "1", "0.5", "0"], ["other", "2", "0.5", "1"]]
    assert avatar("stats", "--by", "Month", "--project", "other").lines[0][1:] == ["2", "0.5", "1"]
    (today,) = avatar("stats", "--by", "day", "--json").json
    assert today == {"name": library.app.queries.get_generation(made[0]).created_at[:10], **day}
    table = plain(terminal("stats", "--by", "model").out)
    assert "flux         3  about $1.00 and 1 of unknown cost\n" in table
    assert "all" in table


def test_stats_by_of_nothing(avatar: Avatar) -> None:
    assert avatar("stats", "--by", "day", "--json").json == []
    assert "Nothing was paid for." in plain(terminal("stats", "--by", "model").out)
    assert "'day', 'month', 'provider', 'model', 'project'" in avatar.refused("stats", "--by", "week")


def test_stats_of_nothing(avatar: Avatar) -> None:
    stats = avatar("stats", "--json").json
    assert (stats["avatars"], stats["average_usage"], stats["generations"]) == (0, 0.0, [])


def test_status_lists_the_newest(avatar: Avatar) -> None:
    made = [avatar.generate() for _ in range(3)]
    assert avatar("status", "-q").out.split() == [m["id"] for m in reversed(made)]
    assert avatar("status", "-q", "-n", 1).out.split() == [made[-1]["id"]]
    of_the_making: dict[str, object] = {"warnings": [], "output_path": None}
    assert [kept | of_the_making for kept in avatar("status", "--json").json] == list(reversed(made))
    assert avatar("status", made[0]["id"][:-1]).lines == [avatar("status").lines[-1]]


@pytest.mark.parametrize(("given", "code"), [("nope", 3), ("gen_", 2), ("av_x", 3)])
def test_status_of_none_or_many(avatar: Avatar, given: str, code: int) -> None:
    avatar.generate("--count", 2)
    assert "generation" in avatar.refused("status", given, code=code)


def test_status_takes_an_avatars_id_nowhere(avatar: Avatar) -> None:
    avatar("generate", *SMALL, "--persona-name", "A")
    id_ = avatar("list", "-q").out.strip()
    assert avatar.refused("status", id_, code=3)
