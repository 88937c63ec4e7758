"""What is in the repository: text that people can read, no large file, and pages for developers that are not stale."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import avatar_creator
from moves import MOVES

ROOT = Path(__file__).parents[1]
PACKAGE = Path(avatar_creator.__file__).parent
HOW = "docs/how-a-picture-is-made.md"
PICTURES = {
    "docs/ages.jpg",
    "docs/art-styles.jpg",
    "docs/gallery-dark.jpg",
    "docs/gallery-narrow.jpg",
    "docs/gallery-no-script.jpg",
    "docs/gallery-printed.jpg",
    "docs/gallery-wide.jpg",
    "docs/gallery.jpg",
    "docs/presets.jpg",
    "docs/sheet.jpg",
}  # the only files that are no text
LARGE: set[str] = set()  # files that may be larger, each with its reason
BYTES_MOST = 300_000


def tracked() -> list[Path]:
    """Return the files that git keeps, none where this is no checkout: in an sdist, or where git is missing."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


TRACKED = tracked() if (ROOT / ".git").exists() else []
checkout = pytest.mark.skipif(not TRACKED, reason="needs a checkout and git")


def names(paths: list[Path]) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in paths}


def is_text(path: Path) -> bool:
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


@checkout
def test_no_tracked_file_is_large() -> None:
    assert names([path for path in TRACKED if path.stat().st_size > BYTES_MOST]) == LARGE


@checkout
def test_no_tracked_file_is_binary() -> None:
    assert names([path for path in TRACKED if not is_text(path)]) == PICTURES


# -- the tree that CONTRIBUTING.md draws


def drawn() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (tree,) = re.findall(r"^## The tree$.*?^```text$(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(tree)


def modules(folder: Path) -> Iterator[str]:
    """Yield the names of a package's modules and packages, without what every package has."""
    for path in folder.iterdir():
        if path.suffix == ".py" and path.stem not in {"__init__", "_version"}:
            yield path.name
        elif (path / "__init__.py").exists():
            yield f"{path.name}/"


def test_every_part_of_the_package_is_in_the_tree() -> None:
    rows = set(re.findall(r"^  (\S+)", drawn(), re.MULTILINE))
    assert rows == set(modules(PACKAGE))


def test_every_folder_of_the_command_line_is_in_the_tree() -> None:
    (below,) = re.findall(r"^  cli/ .*\n((?:    \S.*\n)+)", drawn(), re.MULTILINE)
    folders = {name for name in modules(PACKAGE / "cli") if name.endswith("/")}
    assert set(re.findall(r"^    (\S+)", below, re.MULTILINE)) == folders


def described() -> dict[str, list[str]]:
    """Return the rows of each table of modules in CONTRIBUTING.md, by folder."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| in `(\w+)/` \|.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return {folder: re.findall(r"^\| `([\w.]+/?)` \|", table, re.MULTILINE) for folder, table in tables}


def test_the_folders_with_most_modules_are_described() -> None:
    assert described().keys() == {"jobs", "storage", "services", "casts", "library"}


@pytest.mark.parametrize(("folder", "rows"), described().items())
def test_every_module_of_a_folder_is_described_once(folder: str, rows: list[str]) -> None:
    assert sorted(rows) == sorted(modules(PACKAGE / folder))


# -- words of names

# Each has had several meanings here. CONTRIBUTING.md has the words instead: report, save, response, poll, standby ...
VAGUE = {
    *("answer", "answered", "answers", "backlog", "crew", "desk", "heard", "heed", "hear", "journal", "keep", "keeps"),
    *("kept", "look", "looked", "looks", "office", "settle", "settled", "shift", "sight", "tell", "teller", "told"),
}
OF_USERS = {
    "keep_completed_h",
    "keep_duplicates",
    "keep_failed_h",
    "keep_files",
    "keep_metadata",
    "KeepFilesOption",
}  # options, settings


def defined(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a module defines: functions, classes, parameters, variables, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def vague(tree: ast.AST) -> set[str]:
    """Return those of the names of which a part is a word that is used for no idea."""
    return {name for name in defined(tree) if VAGUE & set(re.sub(r"([A-Z])", r"_\1", name).lower().split("_"))}


def test_no_name_has_a_word_of_several_meanings() -> None:
    found = {name for path in PACKAGE.rglob("*.py") for name in vague(ast.parse(path.read_text(encoding="utf-8")))}
    assert found == OF_USERS


@pytest.mark.parametrize("line", ["def tell(x): ...", "class LookUp: ...", "x.is_kept = 1", "def f(answers): ..."])
def test_a_word_of_several_meanings_is_noticed(line: str) -> None:
    assert len(vague(ast.parse(line))) == 1


# -- what pages for developers name


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def members() -> dict[str, set[str]]:
    """Return the names of all classes of the package, each with those of its methods and fields."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(_names(node))
    return found


def _names(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef):
            yield each.name
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            yield each.target.id
        elif isinstance(each, ast.Assign):
            yield from (target.id for target in each.targets if isinstance(target, ast.Name))


def missing(text: str) -> set[str]:
    """Return the modules, classes and members of classes that a text names in backticks, and that do not exist."""
    paths = [path for folder in ("src", "tests", "examples") for path in (ROOT / folder).rglob("*.py")]
    files = [f"/{path.relative_to(ROOT).as_posix()}" for path in paths]
    wrong = set[str]()
    for name in re.findall(r"`([\w/.]+)`", text):
        if name.endswith(".py"):
            exists = "NAME" in name or any(file.endswith(f"/{name}") for file in files)
        elif re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*", name):
            exists = name in members()
        elif match := re.fullmatch(r"([A-Z][a-z]\w*)\.(\w+)", name):
            exists = match[2] in members().get(match[1], ())
        else:
            continue
        if not exists:
            wrong.add(name)
    return wrong


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", HOW])
def test_what_a_page_for_developers_names_exists(name: str) -> None:
    assert missing(page(name)) == set()


@pytest.mark.parametrize("name", ["jobs/crew.py", "gone.py", "Crew", "Leases.settle", "Crew.look"])
def test_what_does_not_exist_is_noticed(name: str) -> None:
    assert missing(f"`Leases.claim` in `storage/leases.py`, `{name}` of `Lease`") == {name}


def test_the_page_about_pictures_lists_the_moves_of_a_row_and_no_others() -> None:
    table = page(HOW).partition("| from | to |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([a-z, ]+) \| ([a-z]+) \|", table, re.MULTILINE)
    assert set(rows) == {(before.value, after.value) for before, after in MOVES}
    drawn_moves = re.findall(r"^    ([a-z]+) --> ([a-z]+):", page(HOW), re.MULTILINE)
    assert sorted(drawn_moves) == sorted(set(rows))


def test_a_file_that_the_page_about_pictures_names_without_a_folder_is_in_jobs() -> None:
    named = set(re.findall(r"`(\w+\.py)`", page(HOW)))
    assert named <= {path.name for path in (PACKAGE / "jobs").glob("*.py")}
