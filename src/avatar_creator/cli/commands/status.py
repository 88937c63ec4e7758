"""avatar status."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.ids import GO_ON, GenerationArguments, given_ids
from avatar_creator.cli.options.limits import AllOption, Limit, limit_option
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, PreviewOption, QuietOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output, console
from avatar_creator.domain.records import Generation, Status
from avatar_creator.errors import Cancelled, InvalidInput, NotFound
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(add_completion=False)
APPS = {"status": app}

LIMIT = 20
_COUNTED_MOST = 100_000
_FIRST = {Status.PROCESSING: 0, Status.PENDING: 1}  # while it is watched: what changes is never cut off
_UNDER_WAY = {Status.PENDING, Status.PROCESSING}


@app.command()
def status(
    ids: GenerationArguments = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Go on until they have ended; in a pipe, a line for each change.")
    ] = False,
    limit: Annotated[int | None, limit_option(LIMIT, "How many at most, without an id.")] = None,
    all_: AllOption = False,
    preview: PreviewOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show how generations are doing: those given, or the recent ones."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    if watch and json_:
        raise InvalidInput("json prints one document, and watch goes on.", hint="For a line for each change: --jsonl")
    most = Limit(limit, all_=all_, usual=LIMIT, always=watch)  # all are too many to read again and again
    with open_library() as library:
        whole = library.generations.resolve(given_ids(ids)) if ids else None
        if watch:
            _watch(library, whole, most, out)
        elif whole is not None and len(whole) == 1:
            (generation,) = library.status(whole)
            _show(library, generation, out, preview=preview)
        else:
            found = most.shown(library.status(limit=most.fetched)) if whole is None else library.status(whole)
            out.records(found, views.generation_line, views.generation_table)
            most.note_rest(lambda: _total(library))


def _show(library: Library, generation: Generation, out: Output, *, preview: bool) -> None:
    if preview and out.coloured and generation.avatar:
        render.preview.Previews(library.config.preview).show(out, generation.avatar)
    out.record(generation, views.generation_line, views.generation_card)


def _total(library: Library) -> str:
    total = library.generations.count(most=_COUNTED_MOST + 1)
    return str(total) if total <= _COUNTED_MOST else f"more than {_COUNTED_MOST}"


def _watch(library: Library, ids: Sequence[str] | None, most: Limit, out: Output) -> None:
    """Show how it goes on until all have ended; without ids, those that were recent at the beginning.

    Raises NotFound if one that was named is deleted meanwhile.
    """
    named = ids or ()
    if ids is None:
        ids = [each.id for each in most.shown(library.generations.find(limit=most.fetched))]
        most.note_rest(lambda: _total(library))
    try:
        _show_snapshots(_snapshots(library, ids, named), out)
    except KeyboardInterrupt:
        raise Cancelled("Stopped watching.", hint=GO_ON) from None


def _show_snapshots(snapshots: Iterator[list[Generation]], out: Output) -> None:
    if out.drawn:
        _redraw(snapshots, out)
        return
    said: dict[str, Sequence[object]] = {}
    for found in snapshots:
        for generation in found:
            line = views.generation_line(generation)
            if said.get(generation.id) != line:
                said[generation.id] = line
                if out.as_json:
                    out.record(generation, views.generation_line, views.generation_card)
                else:
                    out.line((generation.id, generation.status.value) if out.quiet else line)
                out.flush()


def _snapshots(library: Library, ids: Sequence[str], named: Sequence[str]) -> Iterator[list[Generation]]:
    """Yield how they are doing until all have ended. Raises NotFound then for one of those named that is gone."""
    ended: set[str] = set()
    for found in library.watch(ids):
        ended.update(each.id for each in found if each.status not in _UNDER_WAY)
        yield sorted(found, key=lambda each: _FIRST.get(each.status, len(_FIRST)))
    gone = [id_ for id_ in named if id_ not in ended]
    if gone:
        raise NotFound(f"There is no generation {', '.join(gone)} any more.", hint="It was deleted meanwhile.")


def _redraw(snapshots: Iterator[list[Generation]], out: Output) -> None:
    """Draw each snapshot over the one before, cut to the screen: what has scrolled away cannot be drawn over.

    The last is drawn once more as a whole, to stay.
    """
    from rich.live import Live

    drawn: RenderableType = ""
    terminal = console()
    with (
        render.cursor.hidden_cursor(terminal),
        Live(console=terminal, auto_refresh=False, transient=True, vertical_overflow="ellipsis") as screen,
    ):
        try:
            for found in snapshots:
                drawn = views.generation_card(found[0]) if len(found) == 1 else views.generation_table(found)
                screen.update(drawn, refresh=True)
        finally:
            screen.update("", refresh=True)
            screen.stop()
            out.draw(drawn)
