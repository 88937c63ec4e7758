"""What the documentation says is so: its commands run and print what it shows, and it leaves nothing out."""

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image

from avatar_creator import errors
from avatar_creator.cli.main import COMMANDS
from avatar_creator.cli.render import queue_views, reports, views
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.records import SourceType, Status
from avatar_creator.domain.worker_status import QueueEntry
from avatar_creator.engines import ENGINES, load_engine, table
from avatar_creator.engines.hub import http_limits
from avatar_creator.engines.hub_models import FLUX_DEV, FLUX_SCHNELL, REALISM, license_of
from avatar_creator.engines.huggingface import client, models, payloads
from avatar_creator.engines.offline.art import ART_STYLES
from avatar_creator.home import PREFIX, Home
from avatar_creator.library import Library
from avatar_creator.settings.values import KEYS
from transcript import Block, Transcript, blocks_of

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(set(DOCS.glob("*.md")) - {REFERENCE})]
RUN = {"console", "bash", "python"}
GENERATE = (
    'avatar generate --persona-name "Sarah Johnson" --persona-age 32 --gender female --ethnicity asian '
    "--hair-color black --seed 42"
)
FIRST_COMMANDS = (f"python3 -m pip install . && {GENERATE}", "python3 -m pip install -e '.[test]' && pytest")
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

terminal = pytest.mark.skipif(
    importlib.util.find_spec("termios") is None or shutil.which("bash") is None, reason="needs a terminal and bash"
)


@cache
def said() -> str:
    """Return all that people wrote, without what is generated."""
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def commands() -> Iterator[tuple[str, Any]]:
    for name, entry in COMMANDS.items():
        command: Any = typer.main.get_command(import_module(f"avatar_creator.cli.commands.{entry.module}").APPS[name])
        for below, each in getattr(command, "commands", {"": command}).items():
            yield f"avatar {name} {below}".strip(), each


# -- what is shown runs


@terminal
@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [p for p in PAGES if any(b.language in RUN for b in blocks_of(p))], ids=lambda p: p.stem
)
def test_code_blocks_do_what_the_page_says(
    page: Path, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    shutil.copytree(ROOT / "examples", folder / "examples")
    Image.new("RGB", (320, 240), "#4a7fc1").save(folder / "photo.jpg")
    Image.new("RGB", (240, 320), "#d9803f").save(folder / "scan.png")
    (folder / "notes.jpg").write_text("Not a picture.\n")
    monkeypatch.chdir(folder)
    transcript = Transcript(home.root, folder)
    for block in filter(can_run, blocks_of(page)):
        transcript.run(block)


def can_run(block: Block) -> bool:
    return block.language in RUN and (shutil.which("jq") is not None or "jq " not in block.text)


def test_readme_starts_with_the_two_commands() -> None:
    first, second, *_ = [b for b in blocks_of(ROOT / "README.md") if b.language == "sh"]
    assert (first.text, second.text) == tuple(f"{command}\n" for command in FIRST_COMMANDS)


def test_the_first_picture_that_readme_makes_is_the_one_it_shows() -> None:
    blocks = blocks_of(ROOT / "README.md")
    shown = next(b for b in blocks if b.language == "console")
    assert next(shown.commands())[0] == GENERATE
    installs = [line for b in blocks if b.language == "sh" for line in b.text.splitlines() if "avatar generate" in line]
    assert all(line.endswith(GENERATE) for line in installs)


# -- nothing is left out


def test_reference_is_fresh() -> None:
    script = DOCS / "generate_reference.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_explained(name: str, command: Any) -> None:
    text = said()
    assert any(f"{mark}{name}" in text for mark in ("`", "$ ", "\n"))
    options = [p.opts[0] for p in command.params if p.param_type_name == "option" and not p.hidden]
    assert not [option for option in options if f"`{option}" not in text]


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_is_explained(key: str) -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text
    assert f"`{PREFIX}{key.upper()}`" in text


@pytest.mark.parametrize("name", [name for name in ENGINES["huggingface"].options if table.OPTIONS[name].is_setting])
def test_options_of_photographs_are_as_the_engine_knows_them(name: str) -> None:
    option = table.OPTIONS[name]
    row = rows_of("photographs.md", option.flag)[-1]  # the head is one, too
    assert row[-1].strip("`") == option.default
    assert [known for known in option.known if f"`{known}`" not in row[1] + row[-1]] == []
    if option.limits:
        assert "{:g} to {:g}".format(*option.limits) in row[1]


def test_limits_of_photographs_are_as_the_engine_has_them() -> None:
    text = (DOCS / "photographs.md").read_text(encoding="utf-8")
    assert f"{http_limits.MOST_BYTES // 1_000_000} MB as unpacked" in text
    assert f"({client.DOWNLOAD_S:g} s to fetch a picture)" in text
    sides = f"{payloads._LEAST_PX} to {payloads._MOST_PX} px in steps of {payloads._STEP_PX}"
    assert f"| fal-ai | as asked, {sides} |" in text


@pytest.mark.parametrize("repo", [FLUX_DEV, REALISM, FLUX_SCHNELL])
def test_licences_are_as_the_engine_knows_them(repo: str) -> None:
    license_ = license_of(repo)
    (row,) = rows_of("photographs.md", repo)
    assert row[1:] == [license_.name, license_.commercial_use, license_.review_pictures]
    assert str(license_.url) in said() or license_.commercial_use == "yes"


def test_the_licence_is_said_first_on_the_page_of_photographs() -> None:
    first = (DOCS / "photographs.md").read_text(encoding="utf-8").split("\n\n")[1]
    assert "Non-Commercial License" in first
    assert "--commercial" in first


@pytest.mark.parametrize("style", ART_STYLES)
def test_licences_of_art_styles_are_listed(style: str) -> None:
    (row,) = rows_of("offline-engine.md", style)
    assert row[2].lower() == str(ART_STYLES[style].license.name).lower()


@pytest.mark.parametrize("model", models.MODELS)
def test_every_named_model_is_explained(model: str) -> None:
    assert rows_of("photographs.md", model)
    assert f"`{model}`" in rows_of("photographs.md", "--model")[-1][1]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_is_explained(engine: str) -> None:
    assert f"| `{engine}` |" in (DOCS / "generate.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("style", ART_STYLES.values(), ids=lambda style: style.name)
def test_every_art_style_says_what_it_cannot_express(style: Any) -> None:
    (row,) = rows_of("offline-engine.md", style.name)
    assert all(missing in row[-1] for missing in style.cannot)


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.name)
def test_known_values_are_listed(attribute: Any) -> None:
    (row,) = rows_of("generate.md", attribute.flag)
    assert row[-1].partition(";")[0] == ", ".join(attribute.known)


@pytest.mark.parametrize("status", Status)
def test_every_status_is_explained(status: Status) -> None:
    assert rows_of("status-and-doctor.md", status)


def test_which_commands_have_json_and_quiet_is_as_documented() -> None:
    text = " ".join((DOCS / "output.md").read_text(encoding="utf-8").split())
    (without_json, with_quiet, with_lines) = re.findall(
        r"have `--json`, but not ([^.]+)\. `--quiet` is for [^:]+: ([^.]+)\. `--jsonl` is for [^:]+: ([^.]+)\.", text
    )[0]

    def having(option: str) -> set[str]:
        return {name for name, command in commands() if any(option in p.opts for p in command.params)}

    def named(names: str) -> set[str]:
        return {f"avatar {name}" for name in re.findall("`([^`]+)`", names)}

    assert named(without_json) == {name for name, _ in commands()} - having("--json")
    assert named(with_quiet) == having("--quiet")
    assert named(with_lines) == having("--jsonl")


def test_every_exit_code_is_explained() -> None:
    def kinds(kind: type[errors.AvatarError]) -> Iterator[type[errors.AvatarError]]:
        yield kind
        for below in kind.__subclasses__():
            if below.__module__ == errors.__name__:
                yield from kinds(below)

    text = (DOCS / "output.md").read_text(encoding="utf-8")
    codes = {(kind.exit_code, kind.code) for kind in kinds(errors.AvatarError)} | {(errors.BUG_EXIT, errors.BUG_CODE)}
    assert not [code for exit_, code in codes if f"| {exit_} | `{code}` |" not in text]


def test_fields_of_lines_are_as_documented(library: Library) -> None:
    avatar = library.generate(
        persona=Persona("Sarah"), attributes=Attributes(gender="female"), width_px=64, height_px=64
    )
    (project,) = library.app.queries.find_projects()
    (generation,) = library.app.queries.find_generations(limit=1)
    lines = {
        "list": views.avatar_line(avatar),
        "generate": views.generation_line(generation),
        "project list": views.project_line(project),
        "use": reports.used_line(avatar),
        "queue": queue_views.entry_line(QueueEntry(generation, None)),
        "logs": queue_views.event_line(library.app.queries.find_events(generation.id)[0]),
    }
    for command, line in lines.items():
        (row,) = rows_of("output.md", command)
        fields = row[-1].split(", ")
        assert len(fields) == len(line), command


def test_sources_of_avatars_that_this_version_makes_are_listed() -> None:
    (row,) = rows_of("finding.md", "--source")
    assert SourceType.UPLOADED in row[-1]
    assert SourceType.TEXT_TO_IMAGE in row[-1]


def rows_of(page: str, first: str) -> list[list[str]]:
    """Return the table rows whose first cell begins with ``first`` in code."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith(f"| `{first}`")]


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.name)
def test_values_that_help_offers_are_known_to_the_offline_engine(attribute: Any) -> None:
    engine = load_engine("offline")
    for value in attribute.known:
        looks = Attributes(**{attribute.name: value})
        plan = engine.plan(PictureRequest(Persona(), looks, build_prompt(Persona(), looks, None), seed=1))
        assert not [notice for notice in plan.notices if "does not know" in notice], value


# -- what is named exists

OPTIONS = {
    name: {flag for p in command.params for flag in (*p.opts, *p.secondary_opts)} | {"--help"}
    for name, command in commands()
}
EVERY_OPTION = set().union(*OPTIONS.values()) | {"--version", "--install-completion", "--show-completion"}
_NAMED = re.compile(r"`(avatar [a-z][^`]*|--[a-z][^`]*)`")
_TYPED = re.compile(r"\bavatar [^|;)(\n]*")  # one command of a line, also within $( )


def named(page: Path) -> Iterator[str]:
    """Yield the commands and options that a page names in a sentence or types in a block."""
    yield from _NAMED.findall(_CODE.sub("", page.read_text(encoding="utf-8")).replace("\n", " "))
    for block in blocks_of(page):
        if block.language == "console":
            typed = "\n".join(command for command, _ in block.commands())
        else:
            typed = block.text if block.language in {"bash", "sh"} else ""
        yield from _TYPED.findall(typed.replace("\\\n", " "))


def wrong_in(line: str) -> list[str]:
    """Return the words of a command line that the program does not know."""
    first, *rest = line.split()
    command = next((name for n in (2, 1) if (name := " ".join(("avatar", *rest[:n]))) in OPTIONS), None)
    known = EVERY_OPTION if command is None or first != "avatar" else OPTIONS[command]
    wrong = [word for word in (first, *rest) if re.match("--[a-z]", word) and word.partition("=")[0] not in known]
    is_command = first == "avatar" and rest and re.fullmatch("[a-z]+", rest[0])
    return [*wrong, rest[0]] if is_command and rest[0] not in COMMANDS else wrong


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.stem)
def test_commands_and_options_that_a_page_names_exist(page: Path) -> None:
    assert {line: wrong for line in named(page) if (wrong := wrong_in(line))} == {}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [("avatar show --alll", ["--alll"]), ("avatar shw", ["shw"]), ("--nope", ["--nope"]), ("avatar list --text x", [])],
)
def test_what_does_not_exist_is_noticed(line: str, wrong: list[str]) -> None:
    assert wrong_in(line) == wrong


# -- links


@pytest.mark.parametrize("page", [*PAGES, REFERENCE, ROOT / "CHANGELOG.md"], ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path, anchor in _LINK.findall(text):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if anchor:
            assert anchor in anchors(target), f"{path}#{anchor}"


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert not [page.name for page in DOCS.glob("*.md") if page.name != "index.md" and f"({page.name})" not in index]


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives a page's headings."""
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
