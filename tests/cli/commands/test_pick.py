from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from avatar_creator.domain.stats import Use
from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import Avatar


@pytest.fixture
def cast(avatar: Avatar) -> list[str]:
    made = avatar.generate("--persona-name", "Ann", "--gender", "female", "--persona-age", 35, "--count", 3)
    avatar.generate("--persona-name", "Bo", "--gender", "male")
    return [each["avatar_id"] for each in made]


def test_the_least_used_is_picked_and_its_use_recorded(avatar: Avatar, cast: list[str]) -> None:
    pick = ("pick", "--gender", "female", "--age", "30-40", "--least-used", "--use", "game:hero", "--reference", "T1")
    paths = [avatar(*pick).out.strip() for _ in range(6)]
    assert all(Path(path).is_file() for path in paths)
    assert set(Counter(paths).values()) == {2}
    picked = avatar(*pick, "--json").json
    assert (picked["id"] in cast, picked["usage_count"]) == (True, 3)
    event = avatar("usage", picked["id"], "--json").json["events"][0]
    assert (event["app"], event["action"], event["reference"]) == ("game", "hero", "T1")


def test_nobody_is_picked_twice_of_those_without_a_use(avatar: Avatar, cast: list[str]) -> None:
    pick = ("pick", "--gender", "female", "--unused", "--use", "game:hero", "-q")
    picked = [avatar(*pick).out.strip() for _ in cast]
    assert sorted(picked) == sorted(cast)
    said = avatar.refused(*pick, code=3)
    assert "Leave out one of these; as many match without it: --unused 3, --gender 1." in said
    assert sorted(avatar("list", "--used", "-q").out.split()) == sorted(cast)
    avatar("tag", "--unused", "--add", "free")
    assert len(avatar("list", "--tag", "free", "-q").out.split()) == 1


def test_several_are_picked_and_what_lacks_is_said(avatar: Avatar, cast: list[str]) -> None:
    run = avatar("pick", "--gender", "female", "-n", 5, "-q")
    assert (sorted(run.out.split()), run.err) == (sorted(cast), "")
    run = avatar("pick", "--gender", "female", "--n", 5)
    assert (len(run.out.splitlines()), run.err) == (3, "3 of 5: no more match.\n")
    assert len(avatar("pick", "--n", 2, "--json").json) == 2
    assert avatar("show", cast[0], "--json").json["usage_count"] == 0  # no use was given


def test_chance_is_the_same_by_its_seed(avatar: Avatar, cast: list[str]) -> None:
    assert len(cast) == 3
    picked = [avatar("pick", "--random", "--seed", seed, "-n", 2).out for seed in (7, 7, 8, 9, 10)]
    assert picked[0] == picked[1]
    assert len(set(picked)) > 1
    avatar("pick", "--random")


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("--least-used", "--random"), 2, "Both --random and --least-used are given."),
        (("--use", "game"), 2, "Give the app and what for: --use game:hero"),
        (("--use", ":x"), 2, "Give the app and what for: --use game:hero"),
        (("--use", f"{'a' * 201}:x"), 2, "app has 201 characters"),
        (("--reference", "x"), 2, "--reference is of a use"),
        (("--gender", "female", "--age", "99"), 3, "Leave out --age: 3 match without it."),
        (("--project", "nobody"), 3, "There is no project 'nobody'."),
        (("-n", "0"), 2, "0"),
        (("--random", "--seed", "7,8"), 2, "Several seeds are given"),
        (("--random", "--seed", "x"), 2, "seed is 'x', which is no whole number."),
    ],
)
def test_what_cannot_be_picked(avatar: Avatar, cast: list[str], argv: tuple[str, ...], code: int, said: str) -> None:
    assert said in avatar.refused("pick", *argv, code=code)
    assert avatar("show", cast[0], "--json").json["usage_count"] == 0


def test_of_a_project_one_is_picked(avatar: Avatar, cast: list[str]) -> None:
    for name in ("crew", "band"):
        avatar("project", "create", name)
    made = [avatar.generate("--persona-name", "Cy", "--project", name)["avatar_id"] for name in ("crew", "band")]
    assert avatar("pick", "crew", "-n", 2, "-q").out.split() == made[:1]
    assert sorted(avatar("pick", "crew", "band", "-n", 9, "-q").out.split()) == sorted(made)
    assert "Leave out --gender" not in avatar.refused("pick", "crew", "--gender", "male", code=3)
    assert set(cast).isdisjoint(made)


def test_who_is_named_is_not_picked_and_the_way_out_is_said(avatar: Avatar, cast: list[str]) -> None:
    bo = avatar("list", "--name", "Bo", "-q").out.strip()
    said = avatar.refused("pick", "Bo", code=3)
    assert f"There is no project and no avatar 'Bo'.\nHint: Bo is {bo}; run: avatar show {bo}" in said
    assert all(id_ in avatar.refused("pick", "ann", code=3) for id_ in cast)
    said = avatar.refused("pick", bo)
    assert f"{bo} is an avatar, and picked is one of many.\nHint: Its picture: avatar path {bo}; its use:" in said


def test_an_empty_library_has_none_to_pick(avatar: Avatar) -> None:
    assert "There are no avatars." in avatar.refused("pick", code=3)


@pytest.mark.parametrize("order", [(), ("--least-used",), ("--random", "--seed", 7)])
def test_an_avatar_whose_file_is_missing_is_passed_over(
    avatar: Avatar, cast: list[str], order: tuple[object, ...]
) -> None:
    use = (*order, "--gender", "female", "--use", "game:hero")
    first = avatar("pick", *use, "-q").out.strip()
    Path(avatar("path", first).out.strip()).unlink()
    run = avatar("pick", *use, "-n", 3, "-q")
    assert (sorted(run.out.split()), run.err) == (sorted(set(cast) - {first}), "")
    run = avatar("pick", *use, "-n", 3)
    assert (len(run.out.splitlines()), run.err) == (2, "2 of 3: the files of others are missing; run: avatar doctor.\n")
    counts = {id_: avatar("show", id_, "--json").json["usage_count"] for id_ in cast}
    assert counts == {id_: 1 if id_ == first else 2 for id_ in cast}
    for id_ in set(cast) - {first}:
        Path(avatar("path", id_).out.strip()).unlink()
    assert "The picture files of all avatars that match are missing." in avatar.refused("pick", *use, code=6)


def test_who_pick_at_once_get_all_evenly(avatar: Avatar, cast: list[str], home: Home) -> None:
    """Each has a connection of its own: the picks of one never fall between the choice and the record of another."""
    assert avatar("list", "-q").out

    def pick(_: int) -> list[str]:
        with open_library(home.root) as library:
            return [library.pick(least_used=True, use=Use("game", "hero"))[0].id for _ in range(10)]

    with ThreadPoolExecutor(4) as threads:
        counts = Counter(id_ for ids in threads.map(pick, range(4)) for id_ in ids)
    assert sorted(counts.values()) == [10, 10, 10, 10]
    assert set(cast) <= set(counts)
