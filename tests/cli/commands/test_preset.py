"""avatar preset list|show|create|edit|delete|export|import."""

import io
import json
import re
import sys
from pathlib import Path

import pytest
import yaml

from avatar_creator.presets import read_built_in
from cli.commandline import SMALL, Avatar, terminal

ME = (
    "preset",
    "create",
    "team-lead",
    "--persona-name",
    "Ann",
    "--age",
    45,
    "--gender",
    "female",
    "--hair-color",
    "red",
)

BAD_NAMES = [*("", " ", "-", "a b", "a--b"), *("a/b", "../a", "a\\b", "x" * 500)]
BAD_NAMES += ["a\x00b", "a\x1b[0m", "\u202eab", "\N{PERFORMING ARTS}"]


def _pipe(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def _own(avatar: Avatar) -> list[str]:
    return [each["name"] for each in avatar("preset", "list", "--json").json if not each["built_in"]]


def test_create_show_list_edit_delete(avatar: Avatar) -> None:
    made = avatar(*ME, "--prompt", "a hat", "--art-style", "Micah", "--width", 256, "--json").json
    assert (made["title"], made["category"], made["built_in"], made["uses"]) == ("Team lead", "own", False, 0)
    assert made["options"] == {"art_style": "micah", "width_px": 256}
    shown = avatar("preset", "show", "TEAM LEAD", "--json").json
    assert {name: shown[name] for name in made} == made
    assert "Ann, 45 years old, female, red hair, a hat" in shown["full_prompt"]
    edited = avatar("preset", "edit", "team-l", "--age", 46, "--clear", "hair-color", "--clear", "width", "--json").json
    assert (edited["persona"]["age"], edited["attributes"]["hair_color"]) == (46, None)
    assert (edited["persona"]["name"], edited["options"]) == ("Ann", {"art_style": "micah"})
    assert avatar("preset", "list", "--category", "own", "--json").json == [edited]
    assert "Deleted team-lead." in avatar("preset", "delete", "team-lead", "--yes").err
    assert _own(avatar) == []


def test_lines_and_names(avatar: Avatar) -> None:
    avatar(*ME)
    line = ["team-lead", "own", "Team lead", "Ann", "45", "0", "", "own"]
    assert avatar("preset", "list").lines[0] == line
    assert avatar("preset", "show", "team-lead").lines == [line]
    assert avatar("preset", "list", "-q").out.split() == ["team-lead", *(each.name for each in read_built_in())]


def test_those_most_used_are_listed_first(avatar: Avatar) -> None:
    avatar(*ME)
    for name in ("nurse", "surgeon", "nurse"):
        avatar.generate("--preset", name)
    listed = avatar("preset", "list", "--json").json
    assert [(each["name"], each["uses"]) for each in listed[:3]] == [("nurse", 2), ("surgeon", 1), ("team-lead", 0)]
    assert listed[0]["last_used_at"] > listed[1]["last_used_at"]


def test_one_of_another_begins_with_what_that_says(avatar: Avatar) -> None:
    other = avatar("preset", "show", "business-woman", "--json").json
    mine = avatar("preset", "create", "mine", "--from", "business-woman", "--age", 55, "--json").json
    assert mine["persona"] == other["persona"] | {"age": 55}
    assert (mine["attributes"], mine["prompt"]) == (other["attributes"], other["prompt"])
    assert (mine["name"], mine["title"], mine["category"]) == ("mine", "Mine", "own")


def test_one_of_an_avatar_is_whom_it_shows(avatar: Avatar) -> None:
    who = ("--persona-name", "Zoë", "--age", 30, "--hair-color", "red", "--personality", "calm", "--prompt", "a hat")
    made = avatar.avatar(*who, "--negative-prompt", "dogs", "--art-style", "micah")
    mine = avatar("preset", "create", "zoe", "--from-avatar", made["id"], "--age", 31, "--json").json
    assert mine["persona"] == made["persona"] | {"age": 31}
    assert (mine["attributes"], mine["prompt"]) == (made["attributes"], "a hat")
    assert mine["options"] == {"art_style": "micah", "negative_prompt": "dogs"}
    refused = avatar.refused("preset", "create", "z", "--from-avatar", made["id"], "--from", "nurse")
    assert "--from and --from-avatar are both given." in refused
    assert f"Begin with it: --from-avatar {made['id']}" in avatar.refused("preset", "create", "z", "--from", made["id"])


def test_one_that_comes_with_avatar_is_never_another(avatar: Avatar) -> None:
    before = avatar("preset", "show", "nurse", "--json").json
    way_out = "avatar preset create NAME --from nurse"
    for command in (("create", "Nurse", "--age", 3), ("edit", "nurse", "--age", 3), ("delete", "nurse", "--yes")):
        assert "nurse comes with avatar" in avatar.refused("preset", *command)
    assert way_out in avatar.refused("preset", "create", "nurse", "--age", 3)
    assert way_out in avatar.refused("preset", "edit", "nurse", "--age", 3)
    avatar(*ME)
    assert "A preset named nurse exists already." in avatar.refused("preset", "edit", "team-lead", "--name", "nurse")
    assert avatar("preset", "show", "nurse", "--json").json == before


def test_a_name_is_taken_once_in_any_case_of_any_script(avatar: Avatar) -> None:
    avatar("preset", "create", "ÉQUIPE-été", "--age", 30)
    assert "avatar preset edit équipe-été" in avatar.refused("preset", "create", "équipe-ÉTÉ", "--age", 31)
    avatar(*ME)
    assert "exists already" in avatar.refused("preset", "edit", "team-lead", "--name", "Équipe-Été")
    assert _own(avatar) == ["team-lead", "équipe-été"]


@pytest.mark.parametrize(
    "name",
    ["", " ", "a/b", "../a", "a\\b", "a b", "a--b", "-", "a\x00b", "a\x1b[0m", "\u202eab", "🎭", "x" * 51, "x" * 500],
)
def test_a_bad_name_makes_nothing(avatar: Avatar, name: str) -> None:
    assert "preset name" in avatar.refused("preset", "create", "--age", 30, "--", name)
    avatar(*ME)
    assert "preset name" in avatar.refused("preset", "edit", "team-lead", f"--name={name}")
    assert _own(avatar) == ["team-lead"]


@pytest.mark.parametrize("command", ["show", "edit", "delete", "export"])
def test_an_unknown_name_is_said_with_the_nearest(avatar: Avatar, command: str) -> None:
    more = {"edit": ("--age", 3), "delete": ("--yes",)}.get(command, ())
    assert "Did you mean nurse?" in avatar.refused("preset", command, "nruse", *more, code=3)
    assert "begin with 'business'" in avatar.refused("preset", command, "business", *more)


def test_an_unknown_category_is_said_with_the_nearest(avatar: Avatar) -> None:
    assert "Did you mean sports?" in avatar.refused("preset", "list", "--category", "sport", code=3)


def test_a_new_name_takes_the_count_of_uses_along_and_a_deletion_ends_it(avatar: Avatar) -> None:
    avatar(*ME)
    avatar.generate("--preset", "team-lead")
    renamed = avatar("preset", "edit", "team-lead", "--name", "boss", "--json").json
    assert (renamed["title"], renamed["uses"]) == ("Boss", 1)
    avatar("preset", "delete", "boss", "--yes")
    assert avatar("preset", "create", "boss", "--age", 3, "--json").json["uses"] == 0
    assert avatar("preset", "show", "boss", "--json").json["uses"] == 0


def test_what_is_queued_is_made_as_it_was_asked_for_when_its_preset_is_gone(avatar: Avatar) -> None:
    avatar(*ME)
    queued = avatar("generate", "--preset", "team-lead", "--width", 64, "--height", 64, "--detach", "--json").json
    avatar("preset", "delete", "team-lead", "--yes")
    avatar("wait", queued["id"])
    made = avatar("show", queued["id"], "--json").json
    assert (made["name"], made["persona"]["age"], made["source_type"]) == ("Ann", 45, "from_preset")


def test_nothing_to_change_and_both_given_and_cleared(avatar: Avatar) -> None:
    avatar(*ME)
    nothing = avatar.refused("preset", "edit", "team-lead")
    assert "Nothing to change.\nHint: Say what: --name, --persona-name, --persona-age," in nothing
    flags = re.findall(r"--[a-z-]+", nothing)
    help_ = avatar("preset", "edit", "--help").out
    assert [flag for flag in flags if not re.search(rf"{flag}\b", help_)] == []
    both = avatar.refused("preset", "edit", "team-lead", "--hair-color", "gray", "--clear", "hair-color")
    assert "hair_color is both given and cleared." in both
    assert "Did you mean hair_color?" in avatar.refused("preset", "edit", "team-lead", "--clear", "hair-colr")
    cleared = [f"--clear={each}" for each in ("persona-name", "persona-age", "gender", "hair-color")]
    assert "says who the picture shows" in avatar.refused("preset", "edit", "team-lead", *cleared)
    assert avatar("preset", "show", "team-lead", "--json").json["persona"]["name"] == "Ann"


def test_deletion_asks(avatar: Avatar) -> None:
    avatar(*ME)
    assert "Say --yes" in avatar.refused("preset", "delete", "team-lead")
    asked = terminal("preset", "delete", "team-lead", typed="n\n")
    assert (asked.code, "Delete preset team-lead?" in asked.out) == (130, True)
    assert _own(avatar) == ["team-lead"]
    assert "nurse comes with avatar" in avatar.refused("preset", "delete", "team-lead", "nurse", "--yes")
    assert _own(avatar) == ["team-lead"]


def test_what_is_exported_is_imported(avatar: Avatar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    avatar(*ME, "--no-quality-terms", "--description", 'It\'s: a # "line"')
    before = avatar("preset", "list", "--json").json
    exported = avatar("preset", "export").out
    assert [each["name"] for each in yaml.safe_load(exported)] == ["team-lead"]
    everything = avatar("preset", "export", "--all").out
    assert len(yaml.safe_load(everything)) == 41
    avatar("preset", "delete", "team-lead", "--yes")
    _pipe(monkeypatch, everything)
    done = avatar("preset", "import", "-")
    assert [line[0] for line in done.lines] == ["team-lead"]
    assert "40 were there already" in done.err
    assert avatar("preset", "list", "--json").json == before
    file = tmp_path / "presets.json"
    file.write_text(json.dumps(before), encoding="utf-8")
    assert avatar("preset", "import", file).out == ""
    assert avatar("preset", "list", "--json").json == before


def test_a_persona_example_is_exported_and_there_already(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    _pipe(monkeypatch, avatar("preset", "export", "beekeeper").out)
    assert "1 was there already" in avatar("preset", "import", "-").err


def test_a_taken_name_is_replaced_when_that_is_said(avatar: Avatar, tmp_path: Path) -> None:
    avatar(*ME)
    file = tmp_path / "presets.yaml"
    file.write_text("- {name: other, age: 3}\n- {name: team-lead, age: 50}\n")
    assert "A preset named team-lead exists already." in avatar.refused("preset", "import", file)
    assert _own(avatar) == ["team-lead"]
    assert avatar("preset", "import", file, "--replace", "-q").out.split() == ["other", "team-lead"]
    assert avatar("preset", "show", "team-lead", "--json").json["persona"]["age"] == 50
    file.write_text("- {name: third, age: 3}\n- {name: nurse, age: 50}\n")
    assert "nurse comes with avatar" in avatar.refused("preset", "import", file, "--replace")
    assert _own(avatar) == ["other", "team-lead"]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty, not a list of presets."),
        ("- {name: x, age: 3}\n---\n- {name: y, age: 3}\n", "has 2 documents, not one."),
        ("- {name: x, age: 3, age: 4}\n", "has a key twice: 'age' in line 1."),
        ("- {name: x, age: 3}\n- {name: x, age: 4}\n", "Preset 2 is called x, as another in the same file is."),
        ("- {name: x, age: 3}\n- {name: y, hair: {a: b}}\n", "Preset 2 ('y')"),
        ("- {name: x, prompt: !!python/object/apply:os.system [ls]}\n", "is broken YAML in line 1"),
        (BOMB, "stands for too many values with its aliases."),
        ("- &a {name: x, age: 3, persona: *a}\n", "has an alias within what it stands for."),
        ("[" * 5000, "exceeded maximum nesting depth"),
        ("- {name: x, age: 3\n", "is broken YAML"),
        ("nonsense", "There is the text 'nonsense' instead of a list of presets."),
        (b"\xff\xfe\x00\xd8", "is no text in UTF-8"),
        ("- {name: x, age: 3}\n" + "#" * 10_000_000, "has more than 1 MB"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "bytes",
)
def test_a_bad_file_adds_nothing(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | bytes, message: str
) -> None:
    file = tmp_path / "presets.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert message in avatar.refused("preset", "import", file)
    _pipe(monkeypatch, text)
    assert message in avatar.refused("preset", "import", "-")
    assert _own(avatar) == []


def test_a_file_that_is_none(avatar: Avatar, tmp_path: Path) -> None:
    assert "cannot be read" in avatar.refused("preset", "import", tmp_path / "no.yaml")
    assert "is a folder" in avatar.refused("preset", "import", tmp_path)
    assert "file is empty." in avatar.refused("preset", "import", "")


def test_export_of_nothing_says_so(avatar: Avatar) -> None:
    done = avatar("preset", "export")
    assert (done.out, "avatar preset export --all" in done.err) == ("", True)
    assert "--all and names are both given." in avatar.refused("preset", "export", "nurse", "--all")


@pytest.mark.parametrize("suffix", ["yaml", "yml", "json"])
def test_presets_are_exported_into_a_file_that_import_reads(avatar: Avatar, tmp_path: Path, suffix: str) -> None:
    avatar(*ME)
    file = tmp_path / f"mine.{suffix}"
    done = avatar("preset", "export", "-o", file)
    assert (done.out, done.err) == ("", f"One preset is in {file}.\n")
    before = avatar("preset", "show", "team-lead", "--json").json["persona"]
    avatar("preset", "delete", "team-lead", "--yes")
    avatar("preset", "import", file)
    assert avatar("preset", "show", "team-lead", "--json").json["persona"] == before


def test_an_export_replaces_no_file_unasked(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "presets.yaml"
    file.write_text("mine")
    assert "which is there already" in avatar.refused("preset", "export", "nurse", "--output", file)
    assert file.read_text() == "mine"
    assert (
        f"2 presets are in {file}." in avatar("preset", "export", "nurse", "surgeon", "--output", file, "--force").err
    )
    assert file.read_text() == avatar("preset", "export", "nurse", "surgeon", "--output", "-").out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("presets.txt", "which says no format."),
        ("presets", "which says no format."),
        ("", "output is empty."),
        ("no/presets.yaml", "there is no folder"),
        ("folder.yaml", "which is a folder."),
    ],
)
def test_an_export_that_cannot_be_written_is_refused(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.yaml").mkdir()
    assert said in avatar.refused("preset", "export", "nurse", "-o", name, "--force")


def test_what_is_wrong_in_a_file_names_the_file_and_the_way_out(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "presets.yaml"
    file.write_text("- {name: x, age: 3, hair: red}\n")
    assert f"'{file}': Preset 1 ('x'): 'hair' is no key of a preset." in avatar.refused("preset", "import", file)
    file.write_text("- {name: nurse, age: 3}\n")
    assert "Rename it in the file, such as: name: my-nurse" in avatar.refused("preset", "import", file)
    file.write_bytes("- {name: x, title: José, age: 3}\n".encode("latin-1"))
    assert "Save it as UTF-8." in avatar.refused("preset", "import", file)
    assert "One file at a time: " in avatar.refused("preset", "import", file, file)


@pytest.mark.parametrize("command", [("generate",), ("cast", "3")])
def test_several_presets_at_once_lead_to_each(avatar: Avatar, command: tuple[str, ...]) -> None:
    refused = avatar.refused(*command, "--preset", "nurse,surgeon", code=3)
    assert "Hint: One at a time; to make everybody with each of them: --each preset=nurse,surgeon" in refused


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_manifest_and_the_plan_of_a_file_name_the_preset_of_all_rows(
    avatar: Avatar, tmp_path: Path, suffix: str
) -> None:
    file, manifest = tmp_path / "two.csv", tmp_path / f"made.{suffix}"
    file.write_text("name,age,preset\nAnn,24,\nBob,40,surgeon\n")
    planned = avatar("batch", file, "--preset", "nurse", "--dry-run", "--json").json
    assert [each["preset"] for each in planned["first"]] == ["nurse", "nurse"]
    assert avatar("batch", file, "--dry-run").lines[1][3].startswith("preset surgeon, 40, ")
    avatar("batch", file, "--preset", "nurse", "--manifest", manifest, *SMALL)
    assert manifest.read_text("utf-8").count("nurse") == 2
    assert "surgeon" not in manifest.read_text("utf-8")
    assert "(2 made before)" in avatar("batch", manifest, *SMALL).err


def test_a_file_without_a_column_of_presets_has_one_in_its_manifest(avatar: Avatar, tmp_path: Path) -> None:
    file, manifest = tmp_path / "two.csv", tmp_path / "made.csv"
    file.write_text("name,age\nAnn,24\nBob,40\n")
    avatar("batch", file, "--preset", "nurse", "--manifest", manifest, *SMALL)
    assert manifest.read_text("utf-8").splitlines()[0].startswith("name,age,preset,row,avatar_id,")
    avatar("batch", file, "--manifest", manifest, *SMALL)
    assert manifest.read_text("utf-8").splitlines()[0].startswith("name,age,row,avatar_id,")


def test_a_blank_negative_prompt_of_a_batch_leaves_out_that_of_the_preset(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("name,age\nAnn,24\nBob,40\n")
    avatar("preset", "create", "plain", "--style", "apron", "--negative-prompt", "hats")
    avatar("batch", file, "--preset", "plain", "--negative-prompt", "", *SMALL)
    assert {"hats" in each["negative_prompt"] for each in avatar("list", "--json").json} == {False}


def test_a_preset_of_an_upload_that_says_nothing_is_what_its_options_say(avatar: Avatar) -> None:
    picture = avatar.avatar()["image_path"]
    upload = avatar("upload", picture, "--quiet").out.strip()
    refused = avatar.refused("preset", "create", "up", "--from-avatar", upload)
    assert "Nothing in the preset up says who the picture shows." in refused
    avatar("preset", "create", "up", "--from-avatar", upload, "--style", "straw hat")
    assert avatar("preset", "show", "up", "--json").json["attributes"]["style"] == "straw hat"
