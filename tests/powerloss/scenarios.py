"""What is recorded: command lines run one after the other over one home.

To add a scenario, add a row to SCENARIOS. A command ends when all it started have ended, so a worker that it leaves
behind is recorded to its end; what it prints counts, too, wherever it inherited stdout.
"""

import os
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from .again import PEOPLE, After
from .checks import Ran
from .mutations import program
from .operations import Began, Recording, Said
from .recorder import record

_HOME = "home"  # below the folder that is recorded: a home that was just made can be lost, too
_GENERATE = (
    "generate", "--persona-name", "P", "--engine", "offline", "--width", "64", "--height", "64", "--quiet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """Commands that are recorded, and those before them, which all had ended well before.

    In a command ``{avatar}`` is the id of an avatar that is there before, ``{picture}`` the path of a picture,
    ``{root}`` the folder that is recorded; ``settings`` are names of SETTINGS. ``after`` is run again after each cut.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    before: tuple[tuple[str, ...], ...] = ()
    settings: tuple[str, ...] = ()
    after: After | None = None


_THREE = (*_GENERATE, "--count", "3", "--concurrency", "1")
_UPLOAD = ("upload", "{picture}", "--quiet")
_PLAN = (
    "batch", "plan", "{root}/people.csv", "--shards", "1", "--output", "{root}/plan", "--engine", "offline",
    "--width", "64", "--height", "64", "--quiet",
)  # fmt: skip
_SHARD = ("batch", "run", "{root}/plan", "--shard", "0", "--concurrency", "1")
_MERGE, _IMPORT = ("batch", "merge", "{root}/plan"), ("import", "{root}/plan/done/00000.tar")
SCENARIOS = (
    Scenario("first run", (_THREE,)),
    Scenario("existing home", (_THREE,), before=(_THREE,)),
    Scenario("two at once", ((*_GENERATE, "--count", "4", "--concurrency", "2"),)),
    Scenario("detached", ((*_GENERATE, "--count", "3", "--detach"),)),
    Scenario("paid", (_THREE,), settings=("paid",)),
    Scenario(
        "paid and detached",
        (("worker", "run", "--idle", "0"),),
        before=((*_GENERATE, "--count", "3", "--detach"),),
        settings=("paid", "nobody starts a worker"),
    ),
    Scenario("upload", (_UPLOAD,), before=(_THREE,)),
    Scenario("delete", (("delete", "{avatar}", "--yes"),), before=(_THREE,)),
    Scenario("one after the other", (_UPLOAD, _THREE, ("delete", "{avatar}", "--yes")), before=((*_GENERATE,),)),
    Scenario("plan", (_PLAN,), after=After(_PLAN)),
    Scenario("shard", (_SHARD,), before=(_PLAN,), after=After(_SHARD, shard=True)),
    Scenario("paid shard", (_SHARD,), before=(_PLAN,), settings=("paid",), after=After(_SHARD, shard=True)),
    Scenario("merge", (_MERGE,), before=(_PLAN, _SHARD), after=After(_MERGE, home=PEOPLE)),
    Scenario(
        "merge of many",
        (_MERGE,),
        before=(_PLAN, _SHARD),
        settings=("three are many",),
        after=After(_MERGE, home=PEOPLE),
    ),
    Scenario("import", (_IMPORT,), before=(_PLAN, _SHARD), after=After(_IMPORT, home=PEOPLE)),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A scenario that was run: what it did, and what had been said before."""

    scenario: Scenario
    recording: Recording
    before: tuple[Ran, ...]
    arguments: tuple[tuple[str, ...], ...]

    def ran(self, moment: int) -> list[Ran]:
        """Return which commands had begun by some moment, and what they had printed."""
        said: dict[int, str] = {}
        for operation in self.recording.operations[:moment]:
            if isinstance(operation, Began):
                said[operation.command] = ""
            elif isinstance(operation, Said):
                said[operation.command] += operation.text
        return [*self.before, *(Ran(self.arguments[command], text) for command, text in said.items())]


def home_in(root: Path) -> Path:
    """Return where the home is below the folder that is recorded."""
    return root / _HOME


def play(scenario: Scenario, scratch: Path, mutation: str | None = None) -> Recorded:
    """Run a scenario in an empty folder, and return what it did; ``mutation`` takes something away from it."""
    root, said, picture = scratch / "root", scratch / "said", scratch / "picture.png"
    for folder in (root, said):
        folder.mkdir()
    (root / "people.csv").write_text("".join(["id,name\n", *(f"p{n},Person {n}\n" for n in range(PEOPLE))]), "utf-8")
    Image.radial_gradient("L").resize((300, 300)).save(picture)
    home = home_in(root)
    env = _environment(home)
    before = tuple(
        Ran(command, _run(command, env, scenario.settings))
        for command in (_filled(command, root, picture) for command in scenario.before)
    )
    arguments = tuple(_filled(command, root, picture) for command in scenario.commands)
    commands = [(*program(mutation, *scenario.settings), *command) for command in arguments]
    return Recorded(scenario, record(commands, root, said, env), before, arguments)


def _run(command: Sequence[str], env: Mapping[str, str], settings: Sequence[str]) -> str:
    return subprocess.run(
        [*program(None, *settings), *command], env=env, check=True, capture_output=True, text=True
    ).stdout


def _filled(command: Sequence[str], root: Path, picture: Path) -> tuple[str, ...]:
    values = {"{picture}": str(picture), "{root}": str(root)}
    if "{avatar}" in command:
        with closing(sqlite3.connect(home_in(root) / "library.db")) as database:
            values["{avatar}"] = str(database.execute("SELECT min(id) FROM avatars").fetchone()[0])
    for name, value in values.items():
        command = [argument.replace(name, value) for argument in command]
    return tuple(command)


def _environment(home: Path) -> dict[str, str]:
    """Return an environment without settings, tokens and proxies, as the tests' own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AVATAR_", "HF_"))}
    kept = {name: value for name, value in kept.items() if not name.upper().endswith(("_TOKEN", "_PROXY"))}
    return kept | {"AVATAR_HOME": str(home), "AVATAR_WORKER_IDLE_S": "0"}
