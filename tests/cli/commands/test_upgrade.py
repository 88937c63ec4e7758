"""Pictures that are replaced, and had back."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.errors import EngineRefused
from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli import paid
from cli.commandline import SMALL, Avatar, plain, terminal

PEOPLE = "id,name,age,gender\np1,Ann,34,female\np2,Bob,51,male\np3,Cem,28,male\n"


class Refusing(paid.Paid):
    """Refuses some people, and notes whom it was asked for."""

    refused: frozenset[str] = frozenset()
    asked: list[str | None] = []  # noqa: RUF012 - of the class, since engines are loaded anew
    before = staticmethod(lambda _name: None)

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        self.asked.append(request.persona.name)
        self.before(request.persona.name)
        if request.persona.name in self.refused:
            watch.begin_call()
            raise EngineRefused("The service refuses this picture.")
        return super().generate(request, watch)._replace(model="paid/test")


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch, home: Home) -> type[Refusing]:  # noqa: ARG001 - it clears the environment
    """A service that makes photographs for money."""
    monkeypatch.setitem(ENGINES, paid.NAME, paid.ENTRY._replace(place=f"{__name__}:Refusing"))
    monkeypatch.setenv("AVATAR_HF_TOKEN", "hf_abcdefghij")
    monkeypatch.setattr(Refusing, "refused", frozenset())
    monkeypatch.setattr(Refusing, "asked", [])
    return Refusing


@pytest.fixture
def drawn(avatar: Avatar, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """Three people, drawn, by name, each with a copy."""
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    avatar("batch", tmp_path / "people.csv", "--engine", "offline", *SMALL, "-o", tmp_path / "{name}.jpg")
    return shown(avatar)


def shown(avatar: Avatar) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in avatar("list", "--json").json}


def results(run: Any) -> list[str]:
    return [line[1] for line in run.lines]


def paid_for(home: Home) -> int:
    with closing(sqlite3.connect(home.database)) as database:
        return int(database.execute("SELECT coalesce(sum(pictures), 0) FROM charge_tally").fetchone()[0])


# -- replaced


def test_drawings_become_photographs_of_the_same_avatars(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    avatar("use", drawn["Ann"]["id"], "--app", "blog", "--action", "header")
    run = avatar("upgrade", "--all", "--engine", "huggingface")
    assert results(run) == ["made"] * 3
    assert "3 avatars to get another picture.\nTo make: 3 of 3 pictures (3 to replace)" in run.err
    after = shown(avatar)
    for name, before in drawn.items():
        now = after[name]
        assert (now["engine"], now["version"], now["seed"]) == ("huggingface", 2, before["seed"])
        same = ("id", "persona", "attributes", "persona_id", "created_at", "width_px", "height_px", "format", "prompt")
        assert [now[each] for each in same] == [before[each] for each in same]
        assert Path(before["image_path"]).is_file()
        assert (tmp_path / f"{name}.jpg").read_bytes() == Path(now["image_path"]).read_bytes()
    assert after["Ann"]["usage_count"] == 1
    assert paid_for(home) == 3


def test_the_same_command_again_makes_and_pays_nothing(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]]
) -> None:
    ids = [each["id"] for each in drawn.values()]
    avatar("upgrade", *ids, "--engine", "huggingface")
    run = avatar("upgrade", "--all", "--engine", "huggingface")
    assert "0 avatars to get another picture; left out: 3 by huggingface already." in run.err
    assert "left out: 3 by huggingface" in avatar("upgrade", *ids, "--engine", "huggingface").err
    assert results(avatar("upgrade", ids[0], "--engine", "huggingface", "--width", 128)) == ["made"]
    assert paid_for(home) == 4


def test_what_was_generated_alone_is_known_by_what_it_was_asked_for(avatar: Avatar, home: Home) -> None:
    asked = ("--persona-name", "Ann", "--seed", 7, *SMALL)
    (photo,) = [avatar("generate", *asked, "--engine", "huggingface", "--json").json["avatar"]["id"]]
    run = avatar("upgrade", photo, "--engine", "huggingface")
    assert "left out: 1 by huggingface already" in run.err
    assert paid_for(home) == 1
    drawing = avatar("generate", *asked, "--engine", "offline", "--json").json["avatar"]["id"]
    assert results(avatar("upgrade", drawing, "--engine", "huggingface")) == ["made"]
    assert paid_for(home) == 2, "two avatars are two pictures, though they show the same"


def test_a_batch_knows_the_photographs_and_the_drawings_of_its_rows(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    avatar("upgrade", "--all", "--engine", "huggingface")
    batch = ("batch", tmp_path / "people.csv", *SMALL)
    assert results(avatar(*batch, "--engine", "huggingface")) == ["exists"] * 3
    assert results(avatar(*batch, "--engine", "offline")) == ["exists"] * 3, "more people are drawn beside photographs"
    assert {each["engine"] for each in shown(avatar).values()} == {"huggingface"}
    avatar("revert", *[each["id"] for each in drawn.values()])
    assert results(avatar(*batch, "--engine", "offline")) == ["exists"] * 3
    assert [each["sha256"] for each in shown(avatar).values()] == [each["sha256"] for each in drawn.values()]
    assert results(avatar("upgrade", "--all", "--engine", "huggingface")) == ["restored"] * 3
    assert paid_for(home) == 3


def test_a_photograph_is_known_to_replace_a_drawing_when_its_generation_is_forgotten(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """As after some weeks, or in a library that was imported."""
    avatar("upgrade", "--all", "--engine", "huggingface")
    avatar("revert", drawn["Ann"]["id"])
    avatar("upgrade", drawn["Ann"]["id"], "--engine", "huggingface")
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute("DELETE FROM generations")
    (tmp_path / "people.csv").write_text(PEOPLE + "p4,Dee,40,female\n", "utf-8")
    run = avatar("batch", tmp_path / "people.csv", "--engine", "offline", *SMALL)
    assert sorted(results(run)) == ["exists"] * 3 + ["made"]
    engines = {name: each["engine"] for name, each in shown(avatar).items()}
    assert engines == dict.fromkeys(drawn, "huggingface") | {"Dee": "offline"}
    assert len(drawn) == 3


def test_a_batch_that_goes_back_to_drawings_says_so(
    avatar: Avatar, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    batch = ("batch", tmp_path / "people.csv", *SMALL)
    avatar(*batch, "--engine", "huggingface")
    drawings = avatar(*batch, "--engine", "offline")
    assert results(drawings) == ["restored"] * 3
    said = "3 pictures by huggingface are replaced by an earlier version. To leave them: --engine huggingface"
    assert said in drawings.err
    assert [each["sha256"] for each in shown(avatar).values()] == [each["sha256"] for each in drawn.values()]


def test_filters_say_which_are_meant(avatar: Avatar, drawn: dict[str, dict[str, Any]]) -> None:
    run = avatar("upgrade", "--gender", "male", "--age", "40-", "--engine", "huggingface")
    assert [line[2] for line in run.lines] == [drawn["Bob"]["id"]]
    assert "0 avatars" in avatar("upgrade", "--text", "Nobody", "--engine", "huggingface").err


def test_uploads_are_refused_by_name_and_left_out_of_a_filter(avatar: Avatar, drawn: dict[str, dict[str, Any]]) -> None:
    upload = avatar("upload", drawn["Ann"]["image_path"], "--name", "Mine", "--json").json
    id_ = upload[0]["id"] if isinstance(upload, list) else upload["id"]
    run = avatar("upgrade", id_, drawn["Bob"]["id"], "--engine", "huggingface", code=2)
    assert f"'Mine' ({id_}) is a picture that was uploaded: nothing says how to make it." in run.err
    assert shown(avatar)["Bob"]["engine"] == "offline"
    assert "left out: 1 uploaded." in avatar("upgrade", "--all", "--engine", "huggingface").err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "Nothing says which avatars are meant."),
        (("av_1", "--all"), "Ids are given, and a filter too."),
        (("--all", "--engine", "dalle"), "engine is 'dalle', which does not exist."),
        (("--all", "--engine", "huggingface", "--art-style", "initials"), "is an option of the offline engine"),
        (("--all", "--width", 1), "width is '1'"),
    ],
)
def test_what_cannot_be_is_refused(
    avatar: Avatar, drawn: dict[str, dict[str, Any]], argv: tuple[object, ...], said: str
) -> None:
    assert said in avatar("upgrade", *argv, code=2).err
    assert shown(avatar) == drawn


def test_an_avatar_that_is_not_there_is_said(avatar: Avatar, drawn: dict[str, dict[str, Any]]) -> None:
    avatar("delete", drawn["Ann"]["id"], "--yes")
    assert f"There is no avatar '{drawn['Ann']['id']}'." in avatar("upgrade", drawn["Ann"]["id"], code=3).err


@pytest.mark.parametrize(("who", "asked"), [("Cem", ["Ann", "Bob"]), ("Bob", ["Ann", "Bob", "Cem"])])
def test_one_that_is_deleted_while_it_waits_or_is_made_is_said_and_not_made(
    avatar: Avatar,
    home: Home,
    drawn: dict[str, dict[str, Any]],
    service: type[Refusing],
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    asked: list[str],
) -> None:
    """It is deleted when Bob's is ordered: what waits then is not paid for."""
    gone = drawn[who]["id"]

    def delete(name: str | None) -> None:
        if name == "Bob":
            with open_library(home.root) as other:
                other.delete([gone])

    monkeypatch.setattr(service, "before", staticmethod(delete))
    run = avatar("upgrade", "--all", "--engine", "huggingface", "--concurrency", 1, code=5)
    ended = dict(zip(("Ann", "Bob", "Cem"), (line[1] for line in sorted(run.lines)), strict=True))
    assert ended == dict.fromkeys(drawn, "made") | {who: "failed"}
    assert f"The avatar {gone} was deleted meanwhile." in run.out
    assert service.asked == asked
    assert shown(avatar).keys() == drawn.keys() - {who}
    assert paid_for(home) == len(asked)
    assert not [path for path in home.pictures.rglob("*.jpg") if gone in path.name], "no file of it is left"
    assert results(avatar("upgrade", "--all", "--engine", "huggingface")) == []


def test_what_failed_is_listed_and_tried_again_when_that_is_wanted(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]], service: type[Refusing]
) -> None:
    service.refused = frozenset({"Bob"})
    run = avatar("upgrade", "--all", "--engine", "huggingface", code=5)
    assert {line[0]: line[1] for line in run.lines} == {"1": "made", "2": "failed", "3": "made"}
    assert {line[2] for line in run.lines} == {each["id"] for each in drawn.values()}, "each says whose picture it is"
    assert "1 of 3 pictures failed." in run.err
    assert shown(avatar)["Bob"] == drawn["Bob"], "it is as it was"
    service.refused = frozenset()
    again = avatar("upgrade", "--all", "--engine", "huggingface", code=5).lines
    assert [line[1:3] for line in again] == [["failed", drawn["Bob"]["id"]]]
    assert avatar("upgrade", "--all", "--engine", "huggingface", "--quiet", code=5).out == "", "none has a new picture"
    assert results(avatar("upgrade", "--all", "--engine", "huggingface", "--retry-failed")) == ["made"]
    assert paid_for(home) == 3


def test_limits_and_consent_hold(avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]]) -> None:
    assert "more than --max-images 2" in avatar("upgrade", "--all", "--max-images", 2, code=2).err
    avatar("config", "set", "max_images_day", "2")
    assert "with 2 spent" in avatar("upgrade", "--all", "--engine", "huggingface", code=5).err
    assert paid_for(home) == 2
    assert sorted(each["engine"] for each in shown(avatar).values()) == ["huggingface", "huggingface", "offline"]
    assert len(drawn) == 3


def test_a_dry_run_says_what_would_be_made(avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]]) -> None:
    run = avatar("upgrade", "--all", "--dry-run", "--json")
    assert (run.json["to_make"], run.json["cost"]["pictures"]) == (3, 3)
    assert paid_for(home) == 0
    assert shown(avatar) == drawn


def test_without_a_token_nothing_is_begun(
    avatar: Avatar, drawn: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    assert "There is no token of Hugging Face." in avatar("upgrade", "--all", code=4).err
    assert shown(avatar) == drawn


def test_what_its_user_edited_stays(avatar: Avatar, drawn: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    avatar("edit", drawn["Ann"]["id"], "--name", "Anna")
    avatar("upgrade", drawn["Ann"]["id"], "--engine", "huggingface")
    assert shown(avatar)["Anna"]["version"] == 2
    avatar("batch", tmp_path / "people.csv", *SMALL, "--engine", "huggingface")
    assert "Anna" in shown(avatar), "no row has changed"


def test_a_copy_that_was_changed_or_taken_away_is_left_alone(
    avatar: Avatar, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "Ann.jpg").write_bytes(b"cropped")
    (tmp_path / "Bob.jpg").unlink()
    avatar("upgrade", "--all", "--engine", "huggingface")
    assert (tmp_path / "Ann.jpg").read_bytes() == b"cropped"
    assert not (tmp_path / "Bob.jpg").exists()
    assert (tmp_path / "Cem.jpg").read_bytes() == Path(shown(avatar)["Cem"]["image_path"]).read_bytes()
    run = avatar("revert", drawn["Ann"]["id"], drawn["Cem"]["id"])
    assert "Ann.jpg is no copy of its picture any more, and stays as it is." in run.err
    assert (tmp_path / "Cem.jpg").read_bytes() == Path(drawn["Cem"]["image_path"]).read_bytes()


def test_a_copy_of_another_suffix_stays_of_that_format(avatar: Avatar, tmp_path: Path) -> None:
    asked = ("--persona-name", "Ann", "--engine", "offline", *SMALL, "-o", tmp_path / "ann.png", "--json")
    id_ = avatar("generate", *asked).json["avatar"]["id"]
    before = (tmp_path / "ann.png").read_bytes()
    avatar("upgrade", id_, "--engine", "huggingface", "--format", "webp")
    after = (tmp_path / "ann.png").read_bytes()
    assert avatar("show", id_, "--json").json["format"] == "webp"
    assert after[:4] == before[:4] == b"\x89PNG"
    assert after != before


def test_a_filter_that_finds_photographs_alone_makes_nothing(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]]
) -> None:
    avatar("upgrade", drawn["Ann"]["id"], "--engine", "huggingface")
    run = avatar("upgrade", "--gender", "female", "--engine", "huggingface")
    assert (run.lines, paid_for(home)) == ([], 1)
    assert "0 avatars to get another picture; left out: 1 by huggingface already." in run.err
    assert "Nothing to make." in run.err
    assert avatar("upgrade", "--text", "nobody at all", "--engine", "huggingface", "--json").json == []


# -- what is the avatar's, and no picture's


def test_tags_stars_use_and_names_stay_with_the_avatar_whatever_it_shows(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """They are added between versions, and none goes back with a picture."""
    id_ = drawn["Ann"]["id"]

    def own() -> dict[str, Any]:
        each = next(each for each in avatar("list", "--json").json if each["id"] == id_)
        return {name: each[name] for name in ("tags", "starred", "usage_count", "persona_id", "created_at")}

    upgrade = ("upgrade", id_, "--engine", "huggingface")
    steps: list[tuple[tuple[object, ...], dict[str, Any]]] = [
        (("tag", id_, "--add", "hero,blog"), {"tags": ["blog", "hero"]}),
        (upgrade, {}),
        (("star", id_), {"starred": True}),
        (("use", id_, "--app", "blog", "--action", "header"), {"usage_count": 1}),
        (("revert", id_), {}),
        (("tag", id_, "--add", "café", "--remove", "blog"), {"tags": ["café", "hero"]}),
        (("use", id_, "--app", "shop", "--action", "footer"), {"usage_count": 2}),
        (upgrade, {}),
        (("unstar", id_), {"starred": False}),
        (("revert", id_, "--to", 1), {}),
        (("revert", id_, "--to", 2), {}),
    ]
    expected = own()
    for argv, changes in steps:
        avatar(*argv)
        expected |= changes
        assert own() == expected, argv
        (found,) = avatar("list", "--project", "default", "--text", "Ann", "--json").json
        copy = (tmp_path / "Ann.jpg").read_bytes()
        assert copy == Path(found["image_path"]).read_bytes(), argv
        for tag in expected["tags"]:
            assert [each["id"] for each in avatar("list", "--tag", tag, "--json").json] == [id_], argv
        starred = [each["id"] for each in avatar("list", "--starred", "--json").json]
        assert starred == ([id_] if expected["starred"] else []), argv
    assert {each["app"] for each in avatar("usage", id_, "--json").json["events"]} == {"blog", "shop"}
    assert paid_for(home) == 1


def test_a_name_that_is_edited_after_an_upgrade_is_that_of_the_version(
    avatar: Avatar, drawn: dict[str, dict[str, Any]]
) -> None:
    """Whom an avatar shows belongs to its picture: it goes back with that, and comes again with the other."""
    id_ = drawn["Ann"]["id"]
    avatar("upgrade", id_, "--engine", "huggingface")
    avatar("edit", id_, "--name", "Anna")
    assert avatar("revert", id_, "--json").json["name"] == "Ann"
    assert avatar("revert", id_, "--to", 2, "--json").json["name"] == "Anna"


# -- had back


def test_an_earlier_picture_can_be_had_back(
    avatar: Avatar, home: Home, drawn: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    before = {name: Path(each["image_path"]).read_bytes() for name, each in drawn.items()}
    ids = [each["id"] for each in drawn.values()]
    avatar("upgrade", *ids, "--engine", "huggingface")
    photos = {name: Path(each["image_path"]).read_bytes() for name, each in shown(avatar).items()}
    assert [line[0] for line in avatar("revert", *ids).lines] == ids
    after = shown(avatar)
    for name, each in after.items():
        assert Path(each["image_path"]).read_bytes() == before[name] == (tmp_path / f"{name}.jpg").read_bytes()
        assert {**each, "updated_at": None, "picture_at": None} == {
            **drawn[name],
            "updated_at": None,
            "picture_at": None,
        }
    assert avatar("revert", ids[0], "--to", 2, "--json").json["engine"] == "huggingface"
    assert results(avatar("upgrade", "--all", "--engine", "huggingface")) == ["restored", "restored"]
    assert {name: Path(each["image_path"]).read_bytes() for name, each in shown(avatar).items()} == photos
    assert paid_for(home) == 3


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        ((), 3, "has no earlier picture than that of version 1."),
        (("--to", 0), 2, "version is '0', outside 1 to"),
        (("--to", 3), 3, "has no version 3"),
    ],
)
def test_what_is_no_earlier_picture_changes_nothing(
    avatar: Avatar, drawn: dict[str, dict[str, Any]], argv: tuple[object, ...], code: int, said: str
) -> None:
    avatar("upgrade", drawn["Ann"]["id"], "--engine", "huggingface")
    before = shown(avatar)
    assert said in avatar("revert", drawn["Ann"]["id"], drawn["Bob"]["id"], *argv, code=code).err
    assert shown(avatar) == before


def test_back_at_the_first_one_it_is_said_that_there_are_later_ones(
    avatar: Avatar, drawn: dict[str, dict[str, Any]]
) -> None:
    id_ = drawn["Ann"]["id"]
    avatar("upgrade", id_, "--engine", "huggingface")
    avatar("revert", id_)
    assert "It has later ones: --to 2." in avatar("revert", id_, code=3).err


def test_show_lists_the_versions(avatar: Avatar, drawn: dict[str, dict[str, Any]]) -> None:
    id_ = drawn["Ann"]["id"]
    avatar("upgrade", id_, "--engine", "huggingface")
    versions = avatar("show", id_, "--json").json["versions"]
    assert [(each["version"], each["engine"], each["is_current"]) for each in versions] == [
        (1, "offline", False),
        (2, "huggingface", True),
    ]
    assert versions[1]["changed"] == {"engine": "huggingface", "model": "paid/test"}, (
        "its engine's options are new, all"
    )
    card = plain(terminal("show", id_).out)
    assert re.search(r"version 1 +made \S.* by offline, seed \d+", card)
    assert re.search(r"version 2 +shown now, made \S.* by huggingface, seed \d+, model\s+paid/test", card)
    assert re.search(r"version 1 +shown now, made", plain(terminal("revert", id_).out))


def test_those_that_filters_find_go_back_if_they_can(avatar: Avatar, drawn: dict[str, dict[str, Any]]) -> None:
    avatar("upgrade", drawn["Ann"]["id"], drawn["Bob"]["id"], "--yes")
    run = avatar("revert", "--gender", "men", "--jsonl")
    assert [line["name"] for line in map(json.loads, run.out.splitlines())] == ["Bob"]
    assert run.err == "1 of 2 go back: the others have no such picture.\n"
    assert {name: each["engine"] for name, each in shown(avatar).items()} == {
        "Ann": "huggingface",
        "Bob": "offline",
        "Cem": "offline",
    }
    said = avatar.refused("revert", "--gender", "men", code=3)
    assert said == ("Error: None of those that match has an earlier picture.\nHint: See which one has: avatar show ID")
    assert "None of those that match has a version 7." in avatar.refused("revert", "--name", "Ann", "--to", 7, code=3)
