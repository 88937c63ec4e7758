"""avatar batch plan."""

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from avatar_creator.cli import options, render
from avatar_creator.cli.options.making import Crossing, Making, with_crossing, with_making
from avatar_creator.cli.options.shared import FilePath, JsonOption, PresetOption, ProjectOption
from avatar_creator.cli.options.table import Table, TableArgument, with_table
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted, visible
from avatar_creator.library import open_library
from avatar_creator.shards.layout import DONE

if TYPE_CHECKING:
    from avatar_creator.shards.plan import ShardPlan

app = typer.Typer(add_completion=False)
APPS = {"batch plan": app}


class _Planned(NamedTuple):
    """A plan, as --json and pipes have it."""

    folder: str
    plan: "ShardPlan"

    @property
    def id(self) -> str:
        """What is printed of it alone."""
        return self.folder

    def as_json(self) -> dict[str, Any]:
        plan = self.plan
        return {
            "folder": self.folder,
            "sha256": plan.sha256,
            "shards": len(plan.shards),
            "pictures": plan.pictures,
            "rows": plan.rows,
            "engines": dict(plan.engines),
            "cost": plan.cost,
        }


@app.command()
@partial(with_making, is_planned=True)
@with_crossing
@with_table
def plan(
    file: TableArgument,
    *,
    shards: Annotated[int, typer.Option("--shards", help="How many shards it is split into, 1 to 10,000.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", click_type=FilePath(), help="Folder that the plan is written into.")
    ],
    making: Making,
    crossing: Crossing,
    table: Table,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Plan what failed on its own before, too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a plan that is there.")] = False,
    project: ProjectOption = None,
    preset: PresetOption = None,
    json_: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder of the plan alone.")] = False,
) -> None:
    """Split a batch into shards, for many machines, and make nothing.

    What is here already is left out. Each shard is made anywhere with avatar batch run, any number of times and in any
    order, and avatar batch merge takes all of them in.
    """
    out = Output(as_json=json_, quiet=quiet)
    for_all = table.arguments(making.prompt) | crossing.read() | {"retry_failed": retry_failed}
    with options.persona_file.given_file(file) as path, open_library() as library:
        opened = library.batches.open(path, named=file, **for_all, project=project, preset=preset, **making.choices)
        planned, split = library.shards.plan(
            opened, path, output, shards=shards, named=file, force=force, on_planned=partial(_say, out, opened.people)
        )
    out.record(_Planned(str(output), split), lambda each: list(each.as_json().values())[:5], None)
    out.note(f"The plan is in {visible(str(output))}: {_split(split)}.")
    if split.pictures:
        out.note(f"To make the first shard: avatar batch run {shlex.quote(visible(str(output)))} --shard 0")
    if planned.why_engine:
        out.note(planned.why_engine)
    if force and any((output / DONE).glob("*.tar")):
        done = shlex.quote(visible(str(output / DONE)))
        out.warn(f"What is in {done} was made of the plan before: avatar batch merge {done}; then move it away.")


def _split(plan: "ShardPlan") -> str:
    """Say of how many pictures the shards are: their numbers differ by one at most."""
    most = max(each.pictures for each in plan.shards)
    if not most:
        return "nothing is to be made"
    if idle := sum(not each.pictures for each in plan.shards):
        return f"{counted(plan.pictures, 'shard')} of 1 picture, and {idle:,} with none"
    at_most = "" if most * len(plan.shards) == plan.pictures else "at most "
    return f"{counted(len(plan.shards), 'shard')} of {at_most}{counted(most, 'picture')}"


def _say(out: Output, people: Any, planned: Any) -> None:
    for said in render.batches.found_in(people, planned):
        out.note(said)
    for said in render.batches.wrong_in(planned):
        out.warn(said)
