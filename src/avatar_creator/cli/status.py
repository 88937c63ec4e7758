"""avatar status."""

from typing import Annotated

import typer

from avatar_creator.cli import completion, views
from avatar_creator.cli.options import JsonOption, PreviewOption, QuietOption
from avatar_creator.cli.output import Output
from avatar_creator.cli.preview import thumbnail
from avatar_creator.domain.records import Status
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False)
APPS = {"status": app}

LIMIT = 20


@app.command()
def status(
    id_: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="Generation, by id or unique prefix.",
            show_default=False,
            autocompletion=completion.generations,
        ),
    ] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many without an id.")] = LIMIT,
    preview: PreviewOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show how a generation is doing, or the recent ones."""
    out = Output(as_json=json_, quiet=quiet)
    with open_library() as library:
        if id_ is None:
            found = library.reading.find_generations(limit=limit)
            out.records(found, views.generation_line, views.generation_table)
            return
        generation = library.reading.get_generation(id_)
        if generation.status is Status.PROCESSING and library.interrupted(generation.id):
            out.warn("The process that made it was killed. Run: avatar doctor --fix")
            generation = generation._replace(waiting_for=None, waiting_until=None)  # nobody waits any more
    if preview and out.coloured and generation.avatar:
        out.draw(thumbnail(generation.avatar))
    out.record(generation, views.generation_line, views.generation_card)
