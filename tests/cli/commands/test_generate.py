"""avatar generate: what is asked, what is kept, what is said."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.domain.prompt import NEGATIVE_TERMS, QUALITY_TERMS
from avatar_creator.engines import ENGINES
from avatar_creator.engines.offline.rules import RULES
from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar, files_below, terminal

SARAH = (
    *("--persona-name", "Sarah Johnson", "--persona-age", 32, "--gender", "female"),
    *("--ethnicity", "asian", "--hair-color", "black", "--seed", 42),
)
DRAWN = "Drawn by the offline engine: there is no Hugging Face token for photographs.\n"
FORMATS = {"jpeg": ("JPEG", ".jpg"), "png": ("PNG", ".png"), "webp": ("WEBP", ".webp")}


def test_the_first_command_of_the_readme(avatar: Avatar) -> None:
    run = avatar("generate", *SARAH)
    (line,) = run.lines
    assert line[1:6] == ["completed", "100", "done", "0", "42"]
    assert run.err == DRAWN
    with Image.open(line[7]) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1024, 1024))
    with Image.open(avatar("path", line[6], "--thumbnail").out.strip()) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (300, 300))


def test_the_record_holds_all_that_was_asked(avatar: Avatar) -> None:
    made = avatar.generate(
        *SARAH, "--background", "Grew up at sea.", "--personality", "calm", "--personality", "left-handed"
    )
    kept = made["avatar"]
    assert (made["status"], made["stage"], made["progress"], made["seed"]) == ("completed", "done", 100, 42)
    assert kept["persona"] == {
        "name": "Sarah Johnson",
        "age": 32,
        "personality": ["calm", "left-handed"],
        "background": "Grew up at sea.",
    }
    given = {name: value for name, value in kept["attributes"].items() if value is not None}
    assert given == {"gender": "female", "ethnicity": "asian", "hair_color": "black"}
    assert kept["full_prompt"] == made["full_prompt"]
    assert kept["full_prompt"].startswith(
        "Sarah Johnson, 32 years old, calm, left-handed personality, female, asian ethnicity, black hair, "
        "professional portrait with calm expression, professional photo studio portrait, "
    )
    assert kept["negative_prompt"] == ", ".join(NEGATIVE_TERMS)
    assert (kept["name"], kept["source_type"], kept["engine"]) == ("Sarah Johnson", "text_to_image", "offline")
    picture = Path(kept["image_path"])
    assert picture.is_absolute()
    assert (kept["bytes"], kept["sha256"]) == (picture.stat().st_size, sha256(picture.read_bytes()).hexdigest())
    assert kept["recipe"]["seed"] == 42
    assert kept["recipe"]["options"] == {"art_style": "avataaars", "drawing_rules": RULES}
    shown = avatar("show", kept["id"], "--json").json
    assert {key: shown[key] for key in kept} == kept
    of_the_command = {"warnings": ["The offline engine cannot draw the personality 'left-handed'."]}
    assert avatar("status", made["id"], "--json").json | of_the_command == made


def test_json_says_what_to_mind(avatar: Avatar) -> None:
    """What stderr says to people, a program finds with each picture."""
    argv = ("--persona-name", "Ann", "--hair-style", "bald", "--hair-color", "red")
    warnings = avatar("generate", *SMALL, *argv, "--dry-run", "--json").json["warnings"]
    assert warnings
    assert avatar.generate(*argv)["warnings"] == warnings
    assert [made["warnings"] for made in avatar.generate(*argv, "--count", 2)] == [warnings] * 2
    assert avatar.generate()["warnings"] == []


def test_quiet_prints_the_id_and_nothing_else(avatar: Avatar) -> None:
    run = avatar("generate", *SMALL, *SARAH, "--quiet")
    assert (run.lines, run.err) == ([[avatar("status", "--quiet").out.strip()]], "")


def test_the_engines_choice_is_not_explained_to_who_made_it(avatar: Avatar) -> None:
    assert avatar("generate", *SMALL, *SARAH, "--engine", "offline").err == ""


def test_the_same_seed_and_persona_make_the_same_file(avatar: Avatar) -> None:
    first, second, other = (avatar.avatar(*SARAH, "--seed", seed) for seed in (42, 42, 43))
    assert first["sha256"] == second["sha256"] != other["sha256"]
    assert first["id"] != second["id"]


def test_a_seed_is_drawn_and_recorded(avatar: Avatar) -> None:
    seeds = {avatar.avatar("--persona-name", "Ann")["seed"] for _ in range(4)}
    assert len(seeds) == 4
    assert all(1 <= seed < 2**31 for seed in seeds)


def test_count_derives_different_seeds_from_the_first(avatar: Avatar) -> None:
    seeds = [made["seed"] for made in avatar.generate("--seed", 7, "--count", 5)]
    assert seeds[0] == 7
    assert len(set(seeds)) == 5
    assert [made["seed"] for made in avatar.generate("--seed", 7, "--count", 3)] == seeds[:3]
    assert (
        avatar("generate", "--persona-name", "A", "--seed", 7, "--count", 5, "--dry-run", "--json").json["seeds"]
        == seeds
    )
    assert not set(seeds[1:]) & {made["seed"] for made in avatar.generate("--seed", 8, "--count", 5)}


def test_a_picture_can_be_made_again_from_its_seed(avatar: Avatar) -> None:
    many = avatar.generate("--seed", 7, "--count", 3)
    again = avatar.avatar("--seed", many[2]["seed"])
    assert again["sha256"] == many[2]["avatar"]["sha256"]


def test_the_default_project_is_made_on_first_use(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    assert avatar("project", "list").out == ""
    assert avatar.avatar("--persona-name", "Ann")["project_name"] == "default"
    monkeypatch.setenv("AVATAR_PROJECT", "mine")
    assert avatar.avatar("--persona-name", "Ann")["project_name"] == "mine"
    assert [(p["name"], p["avatars"]) for p in avatar("project", "list", "--json").json] == [
        ("mine", 1),
        ("default", 1),
    ]


def test_a_project_is_named_by_name_id_or_prefix(avatar: Avatar) -> None:
    id_ = avatar("project", "create", "Cast A", "--quiet").out.strip()
    for given in ("Cast A", id_, id_[:-1], id_.removeprefix("prj_")):
        assert avatar.avatar("--persona-name", "Ann", "--project", given)["project_id"] == id_


def test_an_unknown_project_is_told_how_to_be_made(avatar: Avatar) -> None:
    said = avatar.refused("generate", "--persona-name", "Ann", "--project", "Cast A", code=3)
    assert said == "Error: There is no project 'Cast A'.\nHint: Make it with: avatar project create 'Cast A'"
    assert avatar("status").out == ""


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (
            ("--engine", "dalle"),
            (f"Error: engine is 'dalle', which does not exist.\nHint: Known engines: {', '.join(('auto', *ENGINES))}."),
        ),
        (
            ("--art-style", "cubist"),
            "Error: art_style is 'cubist', which the offline engine does not know.\nHint: Known art styles: ",
        ),
        (("--format", "gif"), "Error: Invalid value for '--format': 'gif' is not one of 'jpeg', 'png', 'webp'."),
        (("--embed", "all"), "Error: Invalid value for '--embed': 'all' is not one of 'mark', 'recipe', 'none'."),
        (("--count", "0"), "Error: count is '0', outside 1 to 10000."),
        (("--count", "10001"), "Error: count is '10001', outside 1 to 10000."),
    ],
)
def test_an_unknown_choice_is_answered_with_the_known(avatar: Avatar, argv: tuple[str, ...], said: str) -> None:
    assert avatar.refused("generate", "--persona-name", "Ann", *argv).startswith(said)
    assert avatar("status").out == ""


def test_nothing_to_show_is_an_error(avatar: Avatar) -> None:
    assert "Nothing says who the picture shows." in avatar.refused("generate", *SMALL)


@pytest.mark.parametrize("format_", FORMATS)
def test_format(avatar: Avatar, format_: str) -> None:
    made = avatar.avatar("--format", format_, "--height", 80)
    name, suffix = FORMATS[format_]
    with Image.open(made["image_path"]) as picture:
        picture.load()
        assert (picture.format, picture.size) == (name, (64, 80))
    assert (made["format"], made["width_px"], made["height_px"]) == (format_, 64, 80)
    assert Path(made["image_path"]).suffix == suffix


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("embed", ["none", "mark", "recipe"])
def test_embed_decides_what_the_file_says(avatar: Avatar, embed: str, format_: str) -> None:
    path = avatar.avatar(*SARAH, "--format", format_, "--embed", embed)["image_path"]
    marks = avatar("inspect", path, "--json").json
    said = marks["digital_source_type"], bool(marks["credit"]), marks["title"], marks["seed"], bool(marks["recipe"])
    assert (
        said
        == {
            "none": (None, False, None, None, False),
            "mark": ("algorithmicMedia", True, None, None, False),
            "recipe": ("algorithmicMedia", True, "Sarah Johnson", 42, True),
        }[embed]
    )
    assert (b"Sarah" in Path(path).read_bytes()) == (embed == "recipe")


def test_the_thumbnail_never_tells_of_the_persona(avatar: Avatar) -> None:
    marks = avatar("inspect", avatar.avatar(*SARAH)["thumbnail_path"], "--json").json
    assert marks["digital_source_type"] == "algorithmicMedia"
    assert (marks["prompt"], marks["seed"], marks["recipe"], marks["title"]) == (None, None, None, None)


# -- prompts


def _plan(avatar: Avatar, *argv: object) -> Any:
    return avatar("generate", "--dry-run", "--json", *argv).json


def test_a_plan_holds_the_prompts(avatar: Avatar) -> None:
    plan = _plan(avatar, *SARAH, "--prompt", "red scarf")
    who = "Sarah Johnson, 32 years old, female, asian ethnicity, black hair, red scarf, "
    assert plan["full_prompt"] == who + ", ".join(QUALITY_TERMS)
    assert (plan["prompt"], plan["negative_prompt"]) == ("red scarf", ", ".join(NEGATIVE_TERMS))
    assert (plan["seeds"], plan["sent"]["art_style"]) == ([42], "avataaars")


@pytest.mark.parametrize(
    ("argv", "field", "expected"),
    [
        (("--no-quality-terms",), "full_prompt", "Ann, professional portrait"),
        (("--no-quality-terms", "--no-name-in-prompt"), "full_prompt", "professional portrait"),
        (("--no-quality-terms", "-p", "  a  b "), "full_prompt", "Ann, a b"),
        (("--negative-prompt", "hats"), "negative_prompt", "hats"),
        (("--name", "Ann (2)"), "name", "Ann (2)"),
        ((), "name", "Ann"),
        ((), "prompt_style", "keywords"),
        (("--prompt-style", "NATURAL"), "prompt_style", "natural"),
        (
            ("--prompt-style", "natural", "--no-quality-terms", "-p", "headshot, daylight, in a park, facing us"),
            "full_prompt",
            "A photograph of a person. Headshot, daylight, in a park, facing us.",
        ),
        (
            (
                "--prompt-style",
                "natural",
                "--name-in-prompt",
                "--no-quality-terms",
                "-p",
                "selfie in a park, facing us",
            ),
            "full_prompt",
            "A photograph of Ann, a person. Selfie in a park, facing us.",
        ),
    ],
)
def test_options_of_the_prompt(avatar: Avatar, argv: tuple[str, ...], field: str, expected: str) -> None:
    assert _plan(avatar, "--persona-name", "Ann", *argv)[field] == expected


def test_a_plan_in_a_pipe_is_a_line_a_fact(avatar: Avatar) -> None:
    run = avatar("generate", "--dry-run", *SARAH, "--no-quality-terms")
    facts = dict(run.lines)
    assert facts["full_prompt"].endswith("black hair, professional portrait")
    assert (facts["engine"], facts["seeds"], facts["size"]) == ("offline (dicebear/avataaars)", "42", "1024x1024 jpeg")
    assert run.err == ""


def test_a_plan_says_how_long_the_prompt_is(avatar: Avatar) -> None:
    argv = ("--gender", "female", "--no-quality-terms")
    plan = _plan(avatar, *argv)
    assert (plan["full_prompt"], plan["prompt_words"], plan["prompt_tokens_about"]) == (
        "female, professional portrait",
        3,
        7,
    )
    facts = dict(avatar("generate", "--dry-run", *argv).lines)
    assert facts["prompt_length"] == "3 words, about 7 tokens"


def test_a_name_cannot_be_asked_for_and_left_out(avatar: Avatar) -> None:
    run = avatar("generate", "--persona-name", "Ann", "--name-in-prompt", "--no-name-in-prompt", code=2)
    assert run.err == (
        "Error: --name-in-prompt and --no-name-in-prompt exclude each other.\nHint: Leave out one of the two.\n"
    )


def test_a_style_of_prompts_may_be_set(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_PROMPT_STYLE", "natural")
    assert _plan(avatar, "--gender", "female")["full_prompt"].startswith("A photograph of a woman.")
    plan = _plan(avatar, "--gender", "female", "--prompt-style", "keywords")
    assert plan["full_prompt"].startswith("female, professional portrait")


def test_a_natural_prompt_is_made_as_it_was_planned(avatar: Avatar) -> None:
    argv = (*SARAH, "--prompt-style", "natural")
    assert avatar.avatar(*argv)["full_prompt"] == _plan(avatar, *argv)["full_prompt"]


def test_a_plan_makes_nothing(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    _plan(avatar, *SARAH, "--output", tmp_path / "sarah.png")
    assert (avatar("status").out, avatar("list").out, avatar("project", "list").out) == ("", "", "")
    assert not [path for path in files_below(tmp_path) if not path.startswith("home/library.db")]
    assert not home.pictures.exists()


def test_a_plan_is_what_is_then_made(avatar: Avatar) -> None:
    plan, made = _plan(avatar, *SARAH, *SMALL), avatar.avatar(*SARAH)
    for field in ("engine", "model", "full_prompt", "negative_prompt", "width_px", "height_px", "format", "name"):
        assert plan[field] == made[field], field
    assert plan["sent"].items() <= made["recipe"]["made_with"].items()


# -- warnings


@pytest.mark.parametrize(
    ("argv", "warning"),
    [
        (("--persona-age", "45", "--age-range", "mature"), "persona age 45 contradicts age range 'mature'"),
        (("--hair-color", "red", "--style", "hijab"), "hair color 'red' is asked for, and 'hijab' covers the hair."),
        (("--hair-color", "red", "--hair-style", "bald"), "hair color 'red' is asked for a head without hair."),
    ],
)
def test_contradictions_are_said_before_anything_is_made(avatar: Avatar, argv: tuple[str, ...], warning: str) -> None:
    for mode in ((), ("--json",), ("--dry-run",), ("--quiet",)):
        run = avatar("generate", *SMALL, "--gender", "female", *argv, *mode)
        assert f"Warning: {warning}" in run.err
        assert "Warning" not in run.out
    assert any(warning in said for said in _plan(avatar, "--gender", "female", *argv)["warnings"])


def test_what_the_engine_cannot_express_is_said(avatar: Avatar) -> None:
    said = avatar(
        "generate", "--dry-run", "--persona-name", "Ann", "--body-type", "athletic", "--art-style", "micah"
    ).err
    assert said.startswith("Warning: ")
    assert "body type" in said


def test_what_is_not_shown_is_recorded_and_contradictions_are_not(avatar: Avatar) -> None:
    person = ("--persona-name", "Ann", "--persona-age", "60", "--age-range", "young")
    argv = (*person, "--body-type", "heavy", "--art-style", "micah")
    contradiction, unshown = avatar("generate", *SMALL, *argv, "--dry-run", "--json").json["warnings"]
    assert unshown == "The micah art style cannot draw body type 'heavy'."
    made = avatar.generate(*argv)
    assert made["warnings"] == [contradiction, unshown]
    assert made["not_shown"] == made["avatar"]["not_shown"] == made["avatar"]["recipe"]["not_shown"] == [unshown]
    assert avatar.generate()["not_shown"] == []


def test_of_several_each_says_what_it_does_not_show(avatar: Avatar) -> None:
    argv = ("--gender", "male", "--hair-style", "quiff", "--art-style", "micah", "--style", "headband")
    for made in avatar.generate(*argv, "--count", 4):
        planned = avatar(
            "generate", *SMALL, "--persona-name", "Ann", *argv, "--seed", made["seed"], "--dry-run", "--json"
        )
        assert made["not_shown"] == planned.json["not_shown"]


def test_a_plan_says_what_will_be_drawn(avatar: Avatar) -> None:
    argv = ("--persona-name", "Ann", "--hair-style", "bob", "--seed", "5")
    planned = avatar("generate", *SMALL, *argv, "--dry-run", "--json").json["drawn"]
    assert planned["hair"] == "bob"
    assert planned["gender"].endswith(" (by chance)")
    made = avatar.avatar(*argv)
    assert made["drawn"] == made["recipe"]["drawn"] == planned
    assert ["drawn_hair", "bob"] in avatar("generate", *SMALL, *argv, "--dry-run").lines


def test_what_stands_for_no_value_counts_as_not_given_and_is_said_once(avatar: Avatar) -> None:
    blank = ("--gender", "nan", "--hair-color", "", "--style", "None", "--personality", "n/a", "--personality", "kind")
    run = avatar("generate", "--dry-run", "--json", "--persona-name", "Null", "--persona-age", "29.0", *blank)
    said = "--personality 'n/a', --gender 'nan', --hair-color '', --style 'None' count as not given.\n"
    assert run.err == said
    assert run.json["persona"] == {"name": "Null", "age": 29, "personality": ["kind"], "background": None}
    assert set(run.json["attributes"].values()) == {None}
    assert run.json["full_prompt"].startswith("Null, 29 years old, kind personality, professional portrait")


@pytest.mark.parametrize("age", ["nan", "", "N/A", "None"])
def test_an_age_may_stand_for_no_value(avatar: Avatar, age: str) -> None:
    run = avatar("generate", "--dry-run", "--json", "--gender", "male", "--persona-age", age)
    assert run.err == f"--persona-age '{age}' counts as not given.\n"
    assert run.json["persona"]["age"] is None


def test_the_options_of_a_persona_have_other_names_too(avatar: Avatar) -> None:
    plan = _plan(avatar, "--age", 40, "--persona-personality", "kind", "--persona-background", "Runs a garage")
    assert plan["persona"] == {"name": None, "age": 40, "personality": ["kind"], "background": "Runs a garage"}


def test_composed_and_decomposed_letters_are_one_person(avatar: Avatar) -> None:
    one, other = (avatar.avatar("--persona-name", name, "--seed", 7) for name in ("Zo\u00eb", "\ufeffZoe\u0308"))
    assert one["sha256"] == other["sha256"]
    assert set(avatar("list", "-q", "--text", "ZOE\u0308").out.split()) == {one["id"], other["id"]}


def test_without_contradictions_nothing_is_said(avatar: Avatar) -> None:
    assert _plan(avatar, *SARAH)["warnings"] == []


# -- count


def test_many_are_one_array_or_a_line_each(avatar: Avatar) -> None:
    many = avatar.generate("--seed", 1, "--count", 3)
    assert [(made["status"], made["avatar"]["name"]) for made in many] == [("completed", "Ann")] * 3
    lines = avatar("generate", *SMALL, "--persona-name", "Ann", "--count", 3).lines
    assert [line[1] for line in lines] == ["completed"] * 3
    assert all(Path(line[7]).is_file() for line in lines)
    quiet = avatar("generate", *SMALL, "--persona-name", "Ann", "--count", 3, "-q").lines
    assert [id_[:4] for (id_,) in quiet] == ["gen_"] * 3
    assert avatar("stats", "--json").json["avatars"] == 9


def test_json_is_utf_8_and_not_escapes(avatar: Avatar) -> None:
    run = avatar("generate", *SMALL, "--persona-name", "Zoë 王 🎉", "--json")
    assert '"name": "Zoë 王 🎉"' in run.out
    assert json.loads(run.out)["avatar"]["persona"]["name"] == "Zoë 王 🎉"


def test_settings_are_the_defaults(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    avatar("config", "set", "width", 80)
    avatar("config", "set", "format", "png")
    monkeypatch.setenv("AVATAR_HEIGHT", "96")
    plan = _plan(avatar, "--persona-name", "Ann")
    assert (plan["width_px"], plan["height_px"], plan["format"]) == (80, 96, "png")
    assert _plan(avatar, "--persona-name", "Ann", "--width", 64)["width_px"] == 64


def test_at_80_columns_no_option_is_cut() -> None:
    assert "…" not in terminal("generate", "--help", columns=80).out


def test_a_trait_and_a_story_have_a_second_name(avatar: Avatar) -> None:
    argv = ("--personality", "kind", "--persona-personality", "wry", "--persona-background", "Runs a garage")
    assert avatar.generate(*argv)["avatar"]["persona"] == {
        "name": "Ann",
        "age": None,
        "personality": ["kind", "wry"],
        "background": "Runs a garage",
    }


def test_a_name_that_names_nobody_is_said(avatar: Avatar) -> None:
    run = avatar("generate", *SMALL, "--name", "Sarah", "--gender", "female")
    assert "--name names the avatar alone. To name the person: --persona-name 'Sarah'" in run.err
    assert "--persona-name 'Sarah'" in avatar("generate", *SMALL, "--name", "Sarah", code=2).err
    assert "names the avatar" not in avatar("generate", *SMALL, "--name", "S", "--persona-name", "Sarah").err
