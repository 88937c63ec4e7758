"""avatar list|show|edit|delete."""

import re
from pathlib import Path

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import SMALL, Avatar, files_below, plain, shell, terminal
from made_anew import made

CAST = {
    "Ann": ("--persona-age", 20, "--gender", "female", "--hair-color", "black", "--name", "Portrait 1"),
    "Bob": ("--persona-age", 40, "--gender", "male", "--style", "casual"),
    "Cy_%": ("--persona-age", 60, "--gender", "Female", "--project", "default"),
}


@pytest.fixture
def cast(avatar: Avatar) -> dict[str, str]:
    """Three avatars, by persona name: their ids. The seed decides what their alt texts say: a bob, a bow tie."""
    return {name: avatar.avatar("--persona-name", name, "--seed", 7, *given)["id"] for name, given in CAST.items()}


# -- list


def test_list_is_newest_first(avatar: Avatar, cast: dict[str, str]) -> None:
    assert avatar("list", "-q").out.split() == list(reversed(cast.values()))
    first = avatar("list").lines[-1]
    shown = avatar("show", cast["Ann"], "--json").json
    assert first == [
        *(cast["Ann"], "Portrait 1", "20", "female", "default", "offline"),
        *(shown["created_at"], shown["image_path"], ""),
    ]
    assert avatar("show", cast["Ann"]).lines == [first]


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        ((), "Cy_% Bob Ann"),
        (("--limit", 2), "Cy_% Bob"),
        (("-n", 1, "--all"), "Cy_% Bob Ann"),
        (("--gender", "female"), "Cy_% Ann"),
        (("--gender", "FEMALE", "--hair-color", "black"), "Ann"),
        (("--style", "casual"), "Bob"),
        (("--eye-color", "blue"), ""),
        (("--age", "40"), "Bob"),
        (("--age", "20-40"), "Bob Ann"),
        (("--age", "41-"), "Cy_%"),
        (("--age", "-40"), "Bob Ann"),
        (("--engine", "offline"), "Cy_% Bob Ann"),
        (("--engine", "other"), ""),
        (("--source", "text_to_image"), "Cy_% Bob Ann"),
        (("--source", "uploaded"), ""),
        (("--text", "bo"), "Bob"),
        (("--text", "portrait"), "Ann"),
        (("--text", "%"), "Cy_%"),
        (("--text", "_"), "Cy_%"),
        (("--project", "default", "--text", "ann"), "Ann"),
    ],
)
def test_filters(avatar: Avatar, cast: dict[str, str], argv: tuple[object, ...], names: str) -> None:
    assert avatar("list", "-q", *argv).out.split() == [cast[name] for name in names.split()]


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("--age", "old"), 2, "Error: age is 'old'."),
        (("--age", "-"), 2, "Error: age is '-'."),
        (("--age", ""), 2, "Error: age is ''."),
        (("--project", ""), 3, "There is no project ''."),
        (("--age", "40-20"), 2, "Error: age is '40-20', which is empty.\nHint: Try 20-40."),
        (("--source", "found"), 2, "source is 'found', which does not exist."),
        (("--project", "nope"), 3, "There is no project 'nope'."),
        (("--limit", "-1"), 2, "-1 is not in the range x>=1."),
    ],
)
def test_bad_filters(avatar: Avatar, argv: tuple[str, ...], code: int, said: str) -> None:
    assert said in avatar.refused("list", *argv, code=code)


def test_a_list_by_project(avatar: Avatar) -> None:
    avatar("project", "create", "other")
    there = avatar.avatar("--project", "other")
    avatar.avatar()
    assert avatar("list", "--project", "other", "-q").out.split() == [there["id"]]


def test_nothing_is_an_empty_array_or_no_line(avatar: Avatar) -> None:
    assert avatar("list", "--json").json == []
    assert (avatar("list").out, avatar("list", "-q").out) == ("", "")


def test_a_pipe_gets_the_whole_list(avatar: Avatar) -> None:
    avatar.generate("--count", 52)
    for mode in ((), ("-q",), ("--json",)):
        run = avatar("list", *mode)
        assert (len(run.json if mode == ("--json",) else run.lines), run.err) == (52, ""), mode


@pytest.mark.parametrize("mode", [(), ("-q",), ("--json",)], ids=["lines", "quiet", "json"])
def test_a_limit_that_cuts_says_so(avatar: Avatar, cast: dict[str, str], mode: tuple[str, ...]) -> None:
    assert len(cast) == 3
    assert avatar("list", "-n", 2, *mode).err == f"2 of 3; --all for all, --after {cast['Bob']} for the next.\n"
    assert avatar("list", "-n", 1, "--gender", "female", *mode).err == (
        f"1 of 2; --all for all, --after {cast['Cy_%']} for the next.\n"
    )
    assert avatar("list", "-n", 3, *mode).err == avatar("list", "-n", 1, "--all", *mode).err == ""


def test_a_terminal_shows_50_and_says_of_how_many(avatar: Avatar) -> None:
    avatar.generate("--count", 51)
    seen = plain(terminal("list").out)
    last = avatar("list", "-q").out.split()[-2]
    assert seen.splitlines()[-1] == f"50 of 51; --all for all, --after {last} for the next."
    assert seen.count("av_") == 51  # the last one twice
    assert plain(terminal("list", "--all").out).count("av_") == 51


def test_a_terminal_tells_an_empty_library_from_one_where_nothing_matches(avatar: Avatar) -> None:
    none = "There are no avatars. Make one: avatar generate --persona-name NAME"
    for line in ("", "--gender women", "--preview"):
        assert plain(terminal("list", *line.split()).out).strip() == none
    avatar.generate()
    assert plain(terminal("list", "--age", "99").out).strip() == "The one avatar does not match. See: avatar list"
    avatar.generate()
    none = "None of 2 avatars matches. See: avatar list"
    for line in ("--gender women", "--text zzz --preview"):
        assert plain(terminal("list", *line.split()).out).strip() == none
    run = avatar("list", "--gender", "women")
    assert (run.out, run.err) == ("", f"{none}\n")
    run = avatar("list", "--gender", "women", "--quiet")
    assert (run.out, run.err) == ("", "")


def test_pages_go_on_behind_an_avatar_that_was_deleted(avatar: Avatar, cast: dict[str, str]) -> None:
    ids = avatar("list", "-q").out.split()
    avatar("delete", ids[1], "--yes")
    assert avatar("list", "-q", "--after", ids[1]).out.split() == ids[2:]
    said = avatar.refused("list", "-q", "--after", ids[1], "--sort", "name", code=3)
    assert said.endswith("Hint: Begin anew, without --after.")
    run = avatar("list", "--after", ids[-1], "--engine", "offline")
    assert (run.out, run.err) == ("", "None follows. Begin anew, without --after.\n")
    assert len(cast) == len(ids)


# -- ids


def test_ids_by_prefix_and_by_generation(avatar: Avatar, cast: dict[str, str]) -> None:
    id_ = cast["Bob"]
    generation = avatar("show", id_, "--json").json["generation_id"]
    for given in (id_, id_[:-1], id_.removeprefix("av_"), generation, generation[:-1]):
        assert avatar("show", given).lines[0][0] == id_


@pytest.mark.parametrize("command", ["show", "edit", "delete", "path", "open", "use", "usage"])
@pytest.mark.parametrize(("given", "code"), [("av_nope", 3), ("", 3), ("gen_nope", 3), ("av_", 2), ("av_%", 3)])
def test_ids_that_fit_none_or_many(avatar: Avatar, command: str, given: str, code: int) -> None:
    for _ in range(2):
        avatar.generate()
    more = {"edit": ("--name", "x"), "use": ("--app", "a", "--action", "b")}.get(command, ())
    said = avatar.refused(command, given, *more, code=code)
    assert ("fits more than one: av_" if code == 2 else f"There is no {'gen' if 'gen' in given else 'av'}") in said
    assert len(avatar("list").lines) == 2


def test_at_most_five_candidates_are_named(avatar: Avatar) -> None:
    avatar.generate("--count", 6)
    said = avatar.refused("show", "av_").splitlines()[0]
    assert (said.count("av_"), said[-3:]) == (6, ", …")


def test_a_generation_without_an_avatar_says_where_to_look(avatar: Avatar) -> None:
    made = avatar.generate()
    avatar("delete", made["avatar_id"], "--yes")
    said = avatar.refused("show", made["id"], code=3)
    assert said == (
        f"Error: The generation {made['id']} is completed and has no avatar.\nHint: Run: avatar status {made['id']}"
    )
    status = avatar("status", made["id"], "--json").json
    assert (status["status"], status["avatar"]) == ("completed", None)


# -- what is drawn


def test_an_avatar_says_in_words_what_it_shows(avatar: Avatar) -> None:
    made = avatar.avatar("--persona-age", 32, "--gender", "female", "--hair-style", "bob", "--eye-color", "xyzzy")
    shown = avatar("show", made["id"], "--json").json
    assert (shown["drawn"]["gender"], shown["drawn"]["hair"], shown["drawn"]["age"]) == ("female", "bob", "32")
    assert shown["not_shown"] == ["The offline engine does not know eye color 'xyzzy': it was left to chance."]
    assert shown["alt_text"].startswith("Drawing of a woman of about 32 with a ")
    assert [each["alt_text"] for each in avatar("list", "--json").json] == [shown["alt_text"]]
    seen = " ".join(plain(terminal("show", made["id"]).out).split())
    for said in (
        f"alt text {shown['alt_text']}",
        "gender: female, age: 32, skin: ",
        f"not shown {shown['not_shown'][0]}",
    ):
        assert said in seen


def test_nobody_knows_what_an_upload_shows_until_it_is_said(avatar: Avatar, tmp_path: Path) -> None:
    other = tmp_path / "other.jpg"
    other.write_bytes(Path(avatar.avatar()["thumbnail_path"]).read_bytes())
    uploaded = avatar("upload", other, "--json").json
    assert (uploaded["alt_text"], uploaded["drawn"], uploaded["not_shown"]) == (None, None, [])
    edited = avatar("edit", uploaded["id"], "--alt-text", "Ann at her desk", "--json").json
    assert edited["alt_text"] == "Ann at her desk"
    assert avatar("edit", uploaded["id"], "--clear", "alt-text", "--json").json["alt_text"] is None
    assert "alt text has 251 characters, at most 250" in avatar.refused("edit", uploaded["id"], "--alt-text", "x" * 251)


# -- edit


def test_edit(avatar: Avatar, cast: dict[str, str]) -> None:
    old = avatar("show", cast["Ann"], "--json").json
    new = avatar(
        *("edit", cast["Ann"], "--name", "Ann's", "--persona-age", 21, "--personality", "calm"),
        *("--hair-color", "red", "--background", "x", "--json"),
    ).json
    assert (new["name"], new["persona"]) == (
        "Ann's",
        {"name": "Ann", "age": 21, "personality": ["calm"], "background": "x"},
    )
    assert new["attributes"] == old["attributes"] | {"hair_color": "red"}
    assert new["updated_at"] > old["updated_at"]
    for field in ("image_path", "sha256", "full_prompt", "recipe", "created_at", "seed"):
        assert new[field] == old[field]


@pytest.mark.parametrize(
    ("field", "where"),
    [
        ("persona_age", ("persona", "age")),
        ("hair-color", ("attributes", "hair_color")),
        ("gender", ("attributes", "gender")),
    ],
)
def test_clear(avatar: Avatar, cast: dict[str, str], field: str, where: tuple[str, str]) -> None:
    cleared = avatar("edit", cast["Ann"], "--clear", field, "--json").json
    assert cleared[where[0]][where[1]] is None
    assert cleared["persona"]["name"] == "Ann"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "Nothing to change.\nHint: Say what: --name, --alt-text, --persona-name, --persona-age, --personality,"),
        ((), "--style; or --clear FIELD to remove a value."),
        (("--clear", "seed"), "clear is 'seed', which is no field."),
        (("--persona-age", "0"), "persona age is '0'"),
        (("--name", ""), "name is empty."),
        (("--alt-text", ""), "alt text is empty."),
        (("--name", "x" * 101), "name has 101 characters"),
        (("--gender", "x" * 51), "gender has 51 characters"),
        (("--hair-color", "a\x1bb"), "hair color holds the control character U+001B"),
    ],
)
def test_bad_edits_change_nothing(avatar: Avatar, cast: dict[str, str], argv: tuple[str, ...], said: str) -> None:
    old = avatar("show", cast["Ann"], "--json").json
    assert said in avatar.refused("edit", cast["Ann"], *argv)
    assert avatar("show", cast["Ann"], "--json").json == old


# -- delete


@pytest.mark.parametrize("keep", [False, True])
def test_delete_removes_rows_and_files(avatar: Avatar, cast: dict[str, str], home: Home, keep: bool) -> None:
    kept = avatar("show", cast["Ann"], "--json").json
    avatar("use", cast["Ann"], "--app", "a", "--action", "b")
    run = avatar("delete", cast["Ann"], cast["Bob"], cast["Ann"], "--yes", *(["--keep-files"] if keep else []))
    assert (run.out, run.err) == ("", f"Deleted {cast['Ann']}, {cast['Bob']}.\n")
    assert avatar("list", "-q").out.split() == [cast["Cy_%"]]
    assert Path(kept["image_path"]).exists() == Path(kept["thumbnail_path"]).exists() == keep
    assert len(files_below(home.pictures)) == (6 if keep else 2)
    avatar("doctor")


def test_delete_is_all_or_none(avatar: Avatar, cast: dict[str, str]) -> None:
    assert "There is no avatar 'nope'." in avatar.refused("delete", cast["Ann"], "nope", "--yes", code=3)
    assert len(avatar("list").lines) == 3


def test_delete_needs_yes_in_a_pipe(avatar: Avatar, cast: dict[str, str]) -> None:
    assert "--yes" in avatar.refused("delete", *cast.values())
    assert len(avatar("list").lines) == 3


def test_two_edits_at_once_both_count(avatar: Avatar) -> None:
    id_ = avatar.avatar()["id"]
    for round_ in range(3):
        shell(f"avatar edit {id_} --gender g{round_} & avatar edit {id_} --hair-color h{round_}; wait")
        attributes = avatar("show", id_, "--json").json["attributes"]
        assert (attributes["gender"], attributes["hair_color"]) == (f"g{round_}", f"h{round_}")


def test_a_field_is_not_given_and_cleared_at_once(avatar: Avatar) -> None:
    id_ = avatar.avatar()["id"]
    said = avatar.refused("edit", id_, "--gender", "male", "--clear", "gender")
    assert "gender is both given and cleared." in said


# -- earlier pictures


@pytest.fixture
def anew(home: Home) -> tuple[str, str]:
    """An avatar that was made anew: its id, and the path of its first picture."""
    with open_library(home.root) as library:
        row = {"persona_id": "k-7", "persona": Persona("Sarah", 34)}
        first = made(library, attributes=Attributes(hair_color="black", style="casual"), **row)
        made(library, attributes=Attributes(hair_color="red"), avatar_id=first.id, version=2, **row)
    return first.id, str(first.image_path)


def test_show_names_all_pictures_of_an_avatar(avatar: Avatar, anew: tuple[str, str]) -> None:
    id_, first = anew
    shown = avatar("show", id_, "--json").json
    assert (shown["persona_id"], shown["version"]) == ("k-7", 2)
    assert [version["version"] for version in shown["versions"]] == [1, 2]
    assert shown["versions"][0]["image_path"] == first
    assert shown["versions"][1]["changed"] == {"hair_color": "red", "style": None}
    (listed,) = avatar("list", "--json").json
    assert (listed["persona_id"], listed["version"]) == ("k-7", 2)
    drawn = plain(terminal("show", id_).out)
    assert re.search(r"persona id +k-7\r?\n", drawn)
    assert re.search(r"version 1 +made \S.*, seed 5\r?\n", drawn)
    assert re.search(r"version 2 +shown now, made \S.*, seed 5, hair color red, no\s+style\r?\n", drawn)


def test_an_avatar_with_one_picture_has_no_list_of_them(cast: dict[str, str]) -> None:
    assert "version" not in plain(terminal("show", cast["Ann"]).out)


# -- the fields of generate, as filters


@pytest.mark.parametrize(
    ("argv", "is_found"),
    [
        (("--persona-name", "ZOË o'hara"), True),
        (("--persona-name", "Zoë"), False),
        (("--persona-age", "28-30"), True),
        (("--personality", "A BIT shy"), True),
        (("--persona-personality", "shy"), False),
        (("--background", "köchin"), True),
        (("--persona-background", "100%"), False),
        (("--prompt", "OFFICE"), True),
        (("--name", "badge 7"), True),
        (("--seed", 7), True),
        (("--seed", 8), False),
        (("--width", 64, "--height", 80), True),
        (("--width", 80), False),
        (("--format", "JPG"), True),
        (("--format", "png"), False),
        (("--engine", "OFFLINE", "--art-style", "Micah"), True),
        (("--art-style", "lorelei"), False),
        (("--model", "flux-dev"), False),
        (("--provider", "fal-ai"), False),
        (("--persona-id", "17"), False),
        (("--source", "Text-To-Image"), True),
        (("--hair-colour", "RED"), True),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_list_knows_the_fields_of_generate(avatar: Avatar, argv: tuple[object, ...], *, is_found: bool) -> None:
    persona = ("--persona-name", "Zoë O'Hara", "--age", 29, "--personality", "kind", "--personality", "a bit shy")
    looks = ("--hairColour", "red", "--background", "Köchin in Ulm", "--prompt", "in an office", "--name", "Badge 7")
    picture = ("--seed", 7, "--format", "jpeg", "--engine", "offline", "--art-style", "micah", "--json")
    made = avatar("generate", "--width", 64, "--height", 80, *persona, *looks, *picture).json
    assert avatar("list", "--quiet", *argv).out.split() == ([made["avatar_id"]] if is_found else [])


def test_a_format_that_does_not_exist_is_refused(avatar: Avatar) -> None:
    assert "format is 'gif', which does not exist." in avatar.refused("list", "--format", "gif")


@pytest.mark.parametrize(
    "command", ["show", "path", "usage", "star", "unstar", "delete --yes", "open", "export -o x.zip"]
)
def test_a_name_in_place_of_an_id_leads_to_the_avatars_of_that_name(avatar: Avatar, command: str) -> None:
    made = [avatar("generate", "--persona-name", "Jürgen Groß", *SMALL, "--json").json["avatar"]["id"] for _ in "12"]
    name, *options = command.split()
    refused = avatar.refused(name, "jürgen GROSS", *options, code=3)
    assert refused.endswith(f"Hint: jürgen GROSS is {made[1]}, {made[0]}; run: avatar show {made[1]}")
    assert "Jürgen" not in avatar.refused(name, "Jürgen", *options, code=3).partition("Hint: ")[2]
