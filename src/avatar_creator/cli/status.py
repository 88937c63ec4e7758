"""avatar status."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import completion, views
from avatar_creator.cli.ids import GO_ON, given_ids
from avatar_creator.cli.options import JsonOption, PreviewOption, QuietOption
from avatar_creator.cli.output import Output, console
from avatar_creator.cli.preview import thumbnail
from avatar_creator.domain.records import Generation, Status
from avatar_creator.errors import Cancelled, InvalidInput
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(add_completion=False)
APPS = {"status": app}

LIMIT = 20
_LOOK_S = 0.25
_FIRST = {Status.PROCESSING: 0, Status.PENDING: 1}  # while it is watched: what changes is never cut off
_UNDER_WAY = {Status.PENDING, Status.PROCESSING}


@app.command()
def status(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Generations, by id or unique prefix; - reads them from stdin.",
            show_default=False,
            autocompletion=completion.generations,
        ),
    ] = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Go on until they have ended; in a pipe, a line for each change.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many without an id.")] = LIMIT,
    preview: PreviewOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show how generations are doing: those given, or the recent ones."""
    out = Output(as_json=json_, quiet=quiet)
    if watch and json_:
        raise InvalidInput("json prints one document, and watch goes on.", hint="Leave out one of them.")
    with open_library() as library:
        whole = [library.reading.get_generation(id_).id for id_ in given_ids(ids)] if ids else None
        if watch:
            _watch(library, whole, limit, out)
            return
        found = _look(library, whole, limit)
    if whole is None or len(whole) > 1:
        out.records(found, views.generation_line, views.generation_table)
        return
    (generation,) = found
    if preview and out.coloured and generation.avatar:
        out.draw(thumbnail(generation.avatar))
    out.record(generation, views.generation_line, views.generation_card)


def _look(library: Library, ids: Sequence[str] | None, limit: int) -> list[Generation]:
    """Return how generations are doing now: what was killed is found on the way.

    What has ended, as most have, needs neither the queue nor the worker: to import them takes 10 % of the command.
    """
    found = _read(library, ids, limit)
    if any(each.status is Status.PROCESSING for each in found) and library.recovery.recover():
        found = _read(library, ids, limit)
    return library.outlook.explained(found) if any(each.status is Status.PENDING for each in found) else found


def _read(library: Library, ids: Sequence[str] | None, limit: int) -> list[Generation]:
    if ids is None:
        return library.reading.find_generations(limit=limit)
    return [library.reading.get_generation(id_) for id_ in ids]


def _watch(library: Library, ids: Sequence[str] | None, limit: int, out: Output) -> None:
    """Show how it goes on until all have ended; without ids, those that were recent at the beginning."""
    ids = ids or [each.id for each in library.reading.find_generations(limit=limit)]
    try:
        _show_looks(_looks(library, ids), out)
    except KeyboardInterrupt:
        raise Cancelled("Stopped watching.", hint=GO_ON) from None


def _show_looks(looks: Iterator[list[Generation]], out: Output) -> None:
    if out.drawn:
        _redraw(looks, out)
        return
    said: dict[str, Sequence[object]] = {}
    for found in looks:
        for generation in found:
            line = views.generation_line(generation)
            if said.get(generation.id) != line:
                said[generation.id] = line
                out.line((generation.id, generation.status.value) if out.quiet else line)
                out.flush()


def _looks(library: Library, ids: Sequence[str]) -> Iterator[list[Generation]]:
    while True:
        found = sorted(_look(library, ids, len(ids)), key=lambda each: _FIRST.get(each.status, len(_FIRST)))
        yield found
        if not any(each.status in _UNDER_WAY for each in found):
            return
        time.sleep(_LOOK_S)


def _redraw(looks: Iterator[list[Generation]], out: Output) -> None:
    """Draw each look over the one before. Cut to the screen: what has scrolled away cannot be drawn over.

    The last is drawn once more as a whole, to stay.
    """
    from rich.live import Live

    drawn: RenderableType = ""
    with Live(console=console(), auto_refresh=False, transient=True, vertical_overflow="ellipsis") as screen:
        try:
            for found in looks:
                drawn = views.generation_card(found[0]) if len(found) == 1 else views.generation_table(found)
                screen.update(drawn, refresh=True)
        finally:
            screen.update("", refresh=True)
            screen.stop()
            out.draw(drawn)
