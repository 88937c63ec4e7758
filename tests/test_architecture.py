"""The layering rule, read off the source: what stands above may import what stands below, and never the reverse."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import avatar_creator

ROOT = Path(avatar_creator.__file__).parent
TOP = ROOT.name  # also the layer of its __init__.py, the way in for Python programs
LAYERS = (
    f"__main__ > cli > {TOP} > library > app > per_thread > settings > services > exports imports gallery sheets > "
    "jobs > shards > presets archives > engines storage persona_files casts > documents quality > decoding > "
    "processes > domain > errors home _version lazy"
)
RANKS = {part: rank for rank, parts in enumerate(LAYERS.split(" > ")) for part in parts.split()}
BOTTOM = max(RANKS.values())
HOMES = {  # third-party packages, and the only places that may import them
    "typer rich": ("cli/",),
    "PIL": ("decoding/", "engines/", "sheets/"),  # sheets draw text; they decode no picture
    "sqlmodel sqlalchemy": ("storage/catalog.py", "storage/tables.py"),
    "pydantic": ("settings/schema.py", "storage/tables.py"),
    "pydantic_settings": ("settings/schema.py",),
    "tomlkit": ("settings/writing.py",),
    "platformdirs": ("home.py", "engines/local/card_lock.py"),
    "filelock": ("storage/locks.py", "settings/writing.py", "engines/local/"),
    "tsidpy": ("storage/ids.py",),
    "defusedxml": ("storage/", "persona_files/formats/sheet_xml.py"),
    "waitress": ("gallery/serving.py",),
    "huggingface_hub httpx2": ("engines/hub/", "engines/huggingface/", "engines/local/"),
    "tenacity": ("engines/huggingface/",),
    "ray": ("jobs/engine_processes/ray_cluster/",),
    "torch torchao diffusers transformers safetensors psutil": ("engines/local/",),
    "pyvips": ("engines/offline/", "decoding/opening.py"),
    "arro3": ("persona_files/formats/parquet.py", "exports/datasets/"),
    "python_calamine": ("persona_files/formats/workbook_server.py",),
    "cv2": ("decoding/faces.py", "decoding/isolated.py"),
    "numpy": ("decoding/faces.py",),
    "yaml": ("documents/yaml_values.py",),
    "faker": ("casts/names.py",),
    "dicebear dicebear_styles resvg_py": ("engines/offline/",),
}


class Import(NamedTuple):
    at: str  # file:line below the package
    source: str
    target: str
    typing_only: bool


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def imports_of(module: str, tree: ast.AST, *, typing_only: bool = False) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        targets: set[str] = set()
        match node:
            case ast.Import():
                targets = {name.name for name in node.names}
            case ast.ImportFrom():
                assert node.module and not node.level, f"{module}:{node.lineno} imports relatively"  # noqa: PT018
                inner = {f"{node.module}.{name.name}" for name in node.names}
                targets = {name if name in FILES else node.module for name in inner}  # a module, or a name in it
            case ast.Call(func=ast.Name(id="import_module" | "find_spec"), args=[ast.Constant(value=str(name)), *_]):
                targets = {name}
        if targets:
            at = f"{FILES[module].relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}"
            yield from (Import(at, module, target, typing_only) for target in sorted(targets))
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        yield from imports_of(module, node, typing_only=typing_only or guarded)


FILES = {module_of(path): path for path in ROOT.rglob("*.py")}


@cache  # and not as the file is collected, which each process of the tests does
def imports() -> list[Import]:
    return [found for module, path in FILES.items() for found in imports_of(module, ast.parse(path.read_text("utf-8")))]


@cache
def own() -> list[Import]:
    return [each for each in imports() if each.target.split(".")[0] == TOP]


@cache
def foreign() -> list[Import]:
    return [each for each in imports() if each.target.split(".")[0] not in {TOP, *sys.stdlib_module_names}]


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def test_everything_has_a_layer() -> None:
    assert {part(module) for module in FILES} == set(RANKS)
    assert len(own()) > 100  # so that a rule that sees nothing is noticed


def test_imports_only_point_down() -> None:
    def allowed(each: Import) -> bool:
        above, below = RANKS[part(each.source)], RANKS[part(each.target)]
        return above < below or part(each.source) == part(each.target) or above == below == BOTTOM

    assert [each for each in own() if not allowed(each)] == []


def test_the_domain_is_pure() -> None:
    impure = {
        "os",
        "io",
        "time",
        "datetime",
        "random",
        "secrets",
        "sqlite3",
        "subprocess",
        "tempfile",
        "socket",
        "home",
    }
    assert [each for each in imports() if part(each.source) == "domain" and set(each.target.split(".")) & impure] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {each.target for each in own() if each.source == module} for module in FILES}  # for types too
    assert set(TopologicalSorter(graph).static_order()) == set(FILES)  # raises CycleError, naming the circle


def test_engines_do_not_know_each_other() -> None:
    """The table knows them all: by name, and what their options may be."""
    engines = f"{TOP}.engines."
    pairs = [each for each in own() if each.source.startswith(engines) and each.target.startswith(engines)]
    strangers = [each for each in pairs if each.source.split(".")[2] != each.target.split(".")[2]]
    shared = {"base", "table", "hub", "hub_models"}
    assert [
        each for each in strangers if each.target.split(".")[2] not in shared and each.source != f"{engines}table"
    ] == []


def test_the_command_line_reaches_the_core_through_the_library() -> None:
    core = {"services", "jobs", "settings", "storage"}
    reached = [each for each in own() if part(each.source) == "cli" and part(each.target) in core]
    assert [each for each in reached if not each.typing_only] == []


def test_the_command_line_asks_the_library_and_reaches_for_no_part_of_it() -> None:
    commands = [path for path in FILES.values() if path.is_relative_to(ROOT / "cli")]
    nodes = [node for path in commands for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    reached = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    assert "library.status" in reached  # so that a rule that sees nothing is noticed
    assert [each for each in reached if {"library", "app"} <= set(each.replace("_", "").split("."))] == []
    assert [each for each in reached if "recover" in each] == []


def test_a_command_imports_options_and_what_draws_and_neither_knows_a_command() -> None:
    """Options may talk of what a value counts as; what draws knows nothing of the rest."""
    rooms = {"commands": {"commands", "options", "render"}, "options": {"options", "render"}, "render": {"render"}}
    command_line = f"{TOP}.cli."
    between = [each for each in own() if each.source.startswith(command_line) and each.target.startswith(command_line)]
    inside = [(each, each.source.split(".")[2], each.target.split(".")[2]) for each in between]
    assert {room for _, room, _ in inside} >= set(rooms)
    assert [each for each, room, other in inside if room in rooms and other not in rooms[room]] == []


def test_every_third_party_package_has_its_home() -> None:
    places = {package: places for packages, places in HOMES.items() for package in packages.split()}
    assert [each for each in foreign() if not each.at.startswith(places.get(each.target.split(".")[0], ()))] == []


def test_only_what_was_drawn_just_now_is_decoded_in_this_process() -> None:
    """A row that calls its picture a drawing proves nothing: anybody may have written the archive that it came in."""
    decoders = {f"{TOP}.decoding.{name}" for name in ("faces", "measuring", "opening", "perceptual_hash", "pixels")}
    users = {each.source for each in own() if each.target in decoders and part(each.source) != "decoding"}
    assert users == {f"{TOP}.engines.offline.render", f"{TOP}.storage.pictures.pixels"}
    callers = {module for module, path in FILES.items() if "drawn_preview(" in path.read_text("utf-8")}
    assert callers == {f"{TOP}.storage.pictures.pixels", f"{TOP}.storage.pictures.preparation"}


def test_no_file_is_long_and_none_is_named_after_nothing() -> None:
    assert [module for module, path in FILES.items() if len(path.read_text("utf-8").splitlines()) > 400] == []
    vague = {"utils", "util", "helpers", "common", "manager", "misc"}
    assert [module for module in FILES if vague & set(module.split("."))] == []


def test_few_imports_stand_in_functions() -> None:
    """What an engine or a cluster needs of others is not counted: it is imported where it is used. So are parts."""
    inside = {
        f"{path.relative_to(ROOT).as_posix()}:{imported.lineno}"
        for path in FILES.values()
        if path != ROOT / "library" / "parts.py"
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        for imported in ast.walk(function)
        if isinstance(imported, ast.Import | ast.ImportFrom)
    }
    counted = sorted(inside - {each.at for each in foreign() if each.at.startswith(("engines/", *HOMES["ray"]))})
    assert len(counted) <= 51, (
        f"{len(counted)} imports stand in functions, at most 51 may. Move the new one to the top of its file; what is "
        "in storage, jobs, services, settings, domain, cli.options or cli.render is then loaded when it is first used. "
        "If one is heavy and rare, put another of these at the top in its stead: " + " ".join(counted)
    )
