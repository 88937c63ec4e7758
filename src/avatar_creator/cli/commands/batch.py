"""avatar batch."""

import typer

from avatar_creator.cli import options
from avatar_creator.cli.commands.batch_run import make_batch
from avatar_creator.cli.options.making import Batching, Making, with_batching, with_making
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.options.table import Table, TableArgument, with_table
from avatar_creator.cli.render.output import Output
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False)
APPS = {"batch": app}


@app.command()
@with_making
@with_batching
@with_table
def batch(
    file: TableArgument,
    *,
    making: Making,
    batching: Batching,
    table: Table,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make an avatar of each row of a table of personas.

    Run it again after an edit: only what changed is made, and nothing is paid twice. On many machines: avatar batch
    plan, then run, merge and status; a file of such a name is ./plan.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    making.later.check(concurrency=batching.concurrency)
    for_all = table.arguments(making.prompt)
    with options.persona_file.given_file(file) as path, open_library() as library:
        opened = library.batches.open(path, named=file, **for_all, **batching.arguments(), **making.choices)
        make_batch(library, opened, making, batching, out)
