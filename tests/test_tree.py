"""What is in the repository: text that people can read, no large file, and a drawing of its tree that is not stale."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import avatar_creator

ROOT = Path(__file__).parents[1]
PACKAGE = Path(avatar_creator.__file__).parent
PICTURES = {"docs/art-styles.jpg", "docs/sheet.jpg"}  # the only files that are no text
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


@pytest.mark.parametrize("folder", ["jobs", "services"])
def test_every_job_and_service_is_described(folder: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, _, table = text.partition(f"| in `{folder}/` |")
    described = set(re.findall(r"^\| `(\w+\.py)` \|", table.partition("\n\n")[0], re.MULTILINE))
    assert described == set(modules(PACKAGE / folder))
