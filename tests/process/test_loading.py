"""What a command loads, each in a process of its own: a quick command pays for nothing that it does not use."""

import json
import subprocess
import sys

import pytest

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
        ["status", "--json"],
        ["list", "--json"],
        ["stats", "--json"],
    ],
    ids=" ".join,
)
def test_a_reading_command_loads_nothing_heavy(library: Library, arguments: list[str]) -> None:
    library.queue.ensure_project("default")
    library.close()
    assert loaded_by(arguments) & (MODELS | ENGINES | {"rich", "tomlkit"}) == set()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["generate", "--help"]], ids=" ".join)
def test_help_loads_no_engine_and_no_database(arguments: list[str]) -> None:
    assert loaded_by(arguments) & (MODELS | ENGINES | {"sqlite3"}) == set()
