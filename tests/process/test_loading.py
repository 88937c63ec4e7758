"""What a command loads, each in a process of its own: a quick command pays for nothing that it does not use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.domain.preset import Preset
from avatar_creator.engines.offline.art import ART_STYLES
from avatar_creator.home import Home
from avatar_creator.library import Library

RUN = """
import json, sys
from avatar_creator.cli.main import main
code = main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""
MODELS = {"sqlmodel", "sqlalchemy", "pydantic", "pydantic_settings"}
ENGINES = {"PIL", "dicebear", "pyvips", "huggingface_hub"}
RUNNING = {"sqlite3", "filelock", "logging", "concurrent.futures", "avatar_creator.jobs.run"}


def loaded_by(arguments: list[str]) -> set[str]:
    """Run a command, its output piped, and return the modules it loaded."""
    command = [sys.executable, "-W", "error", "-c", RUN, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["list"],
        ["stats"],
        ["project", "list"],
        ["coverage", "default"],
        ["status", "--json"],
        ["list", "--json"],
        ["stats", "--json"],
    ],
    ids=" ".join,
)
def test_a_reading_command_loads_nothing_heavy(library: Library, arguments: list[str]) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    assert loaded_by(arguments) & (MODELS | ENGINES | {"rich", "tomlkit"}) == set()


@pytest.mark.parametrize("arguments", [["status"], ["list"], ["queue"], ["use", "--help"]], ids=" ".join)
def test_a_command_that_makes_nothing_knows_neither_pictures_nor_prompts(
    library: Library, arguments: list[str]
) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    unused = {f"avatar_creator.domain.{name}" for name in ("picture", "price", "prompt", "license")}
    assert loaded_by(arguments) & unused == set()


@pytest.mark.parametrize(
    "arguments", [["list"], ["list", "--project", "default", "--sort", "used"], ["generate", "--persona-name", "Ann"]]
)
def test_what_searches_for_nothing_loads_no_index(library: Library, arguments: list[str]) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    unused = {f"avatar_creator.{name}" for name in ("domain.search", "storage.index", "storage.matches")}
    assert loaded_by(arguments) & unused == set()
    assert loaded_by(["list", "--text", "ann"]) >= unused


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", ["batch", "cast", "generate"])
def test_help_reads_no_file_and_knows_no_people(command: str) -> None:
    unused = {f"avatar_creator.{name}" for name in ("persona_files", "casts", "library.batches", "jobs.batch")}
    assert loaded_by([command, "--help"]) & (unused | {"faker"}) == set()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", ["status", "queue", "stats"])
def test_a_command_loads_only_the_options_and_views_that_it_has(command: str) -> None:
    unused = {f"avatar_creator.cli.{name}" for name in ("options.persona", "options.engine", "render.preview")}
    assert loaded_by([command]) & unused == set()


def test_what_is_queued_is_neither_drawn_nor_copied(library: Library) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    unused = {"decoding", "engines.offline.render", "storage.backups", "jobs.run", "storage.pictures.images"}
    unused |= {"engines.offline.appearance", "engines.offline.variants", "engines.offline.svg"}  # the worker decides
    unused |= {"domain.spending", "storage.spending", "storage.leases"}  # drawings are free
    queued = loaded_by(["generate", "--gender", "female", "--detach", "--at", "+1h", "--quiet"])
    assert queued & {f"avatar_creator.{name}" for name in unused} == set()
    assert queued & (MODELS | ENGINES | {"rich", "tomlkit"}) == set()


def test_words_are_read_where_there_are_any(library: Library) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    reader = "avatar_creator.engines.offline.request_reader"
    queued = ["generate", "--persona-name", "Sarah", "--detach", "--at", "+1h", "--quiet"]
    assert reader not in loaded_by(queued)
    for words in (
        ["--hair-color", "red"],
        ["--prompt", "a hat"],
        ["--personality", "calm"],
        ["--negative-prompt", "hats"],
    ):
        assert reader in loaded_by([*queued, *words])


def test_presets_are_read_as_yaml_only_where_one_that_comes_with_avatar_is_named(library: Library) -> None:
    library.presets.create(Preset(name="mine", prompt="a hat"))
    library.close()
    dry_run = ["generate", "--dry-run", "--engine", "offline"]
    assert loaded_by([*dry_run, "--gender", "female"]) & {"yaml", "avatar_creator.presets"} == set()
    assert "yaml" not in loaded_by([*dry_run, "--preset", "mine"])
    assert "yaml" in loaded_by([*dry_run, "--preset", "nurse"])


def test_pictures_of_strangers_are_not_decoded_in_the_process_of_the_command(library: Library, tmp_path: Path) -> None:
    library.close()
    picture = tmp_path / "photo.webp"
    Image.linear_gradient("L").save(picture)
    page = str(tmp_path / "people.html")
    for command in (["upload", str(picture)], ["inspect", str(picture)], ["gallery", "--output", page]):
        assert loaded_by(command) & {"PIL", "pyvips"} == set()


@pytest.mark.parametrize("engine", [(), ("--engine", "offline")], ids=["auto", "offline"])
def test_a_dry_run_loads_only_what_plans(home: Home, engine: tuple[str, ...]) -> None:
    home.create()
    home.config.write_text("# nothing is set yet\n")
    light = loaded_by(["generate", "--gender", "female", "--dry-run", *engine])
    assert light & (MODELS | ENGINES | RUNNING | {"rich", "tomlkit", "secrets", "hashlib"}) == set()


@pytest.mark.usefixtures("home")
def test_the_words_of_natural_prompts_are_loaded_for_one_alone() -> None:
    dry_run = ["generate", "--gender", "female", "--dry-run", "--engine", "offline"]
    assert "avatar_creator.domain.natural" not in loaded_by(dry_run)
    assert "avatar_creator.domain.natural" in loaded_by([*dry_run, "--prompt-style", "natural"])


@pytest.mark.usefixtures("home")
def test_presets_are_loaded_where_one_is_named_alone(tmp_path: Path) -> None:
    presets = {f"avatar_creator.{name}" for name in ("domain.preset", "library.presets", "presets", "documents")}
    (tmp_path / "people.csv").write_text("name\nAnn\n", encoding="utf-8")
    for command in (["generate", "--gender", "female"], ["batch", str(tmp_path / "people.csv")]):
        dry_run = [*command, "--dry-run", "--engine", "offline"]
        assert loaded_by(dry_run) & presets == set()
        assert presets <= loaded_by([*dry_run, "--preset", "nurse"])
    assert "avatar_creator.library.row_presets" not in loaded_by(["generate", "--gender", "female", "--dry-run"])


def test_a_dry_run_loads_only_the_art_style_it_draws_in_and_no_grammar_of_prompts(home: Home) -> None:
    home.create()
    offline = "avatar_creator.engines.offline"
    loaded = loaded_by(["generate", "--gender", "female", "--age", "30", "--art-style", "micah", "--dry-run"])
    others = set(ART_STYLES) - {"micah"}
    assert loaded & {f"{offline}.art.{name.replace('-', '_')}" for name in others} == set()
    assert loaded & {f"{offline}.grammar.{name}" for name in ("ages", "context", "prompts")} == set()
    unused = ("age_ranges", "natural", "records", "spending")
    assert loaded & {f"avatar_creator.domain.{name}" for name in unused} == set()


def test_what_is_set_is_checked_and_nothing_else_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    dry_run = ["generate", "--gender", "female", "--dry-run"]
    for variable, value, checks in (("WIDTH", "", False), ("SOMETHING", "else", False), ("WIDTH", "512", True)):
        monkeypatch.setenv(f"AVATAR_{variable}", value)
        assert ("pydantic" in loaded_by(dry_run)) is checks
        monkeypatch.delenv(f"AVATAR_{variable}")
    home.create()
    home.config.write_text("width = 512\n")
    assert "pydantic" in loaded_by(dry_run)


def test_figures_need_the_settings_only_where_a_limit_is_set(
    library: Library, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    home.config.write_text("width = 512\n")
    settings = {"avatar_creator.settings.values", "avatar_creator.engines.table", "pydantic"}
    assert loaded_by(["stats"]) & settings == set()
    monkeypatch.setenv("AVATAR_MAX_IMAGES_DAY", "5")
    assert loaded_by(["stats"]) & settings == settings


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["generate", "--help"]], ids=" ".join)
def test_help_loads_no_engine_and_no_database(arguments: list[str]) -> None:
    styles = {f"avatar_creator.engines.offline.art.{name.replace('-', '_')}" for name in ART_STYLES}
    assert loaded_by(arguments) & (MODELS | ENGINES | styles | {"sqlite3"}) == set()


@pytest.mark.usefixtures("home")
def test_a_list_of_models_asks_nobody() -> None:
    assert loaded_by(["models", "list"]) & (MODELS | ENGINES | {"httpx2", "filelock", "rich", "torch"}) == set()
