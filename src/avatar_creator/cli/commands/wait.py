"""avatar wait."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options.ids import GO_ON, GenerationArguments, given_ids
from avatar_creator.cli.options.shared import BatchOption, JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.progress import generation_progress
from avatar_creator.domain.records import Status
from avatar_creator.domain.worker_status import suspended
from avatar_creator.errors import Cancelled, EngineError, InvalidInput, StorageError
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from avatar_creator.domain.records import Generation
    from avatar_creator.jobs.wait import Waited

app = typer.Typer(add_completion=False)
APPS = {"wait": app}

_TIMED_OUT_EXIT = 124  # as timeout(1) has it


@app.command()
def wait(
    ids: GenerationArguments = None,
    *,
    batch: BatchOption = None,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="Give up after so many seconds, with exit 124.", show_default="never")
    ] = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Wait for generations to end, and print the paths of their pictures.

    Paths come in the order of the ids. Exit 0: all are completed, 5: some are not, 6: a copy is not
    written, 124: the time is over.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    if not ids and batch is None:
        raise InvalidInput("Nothing says what to wait for.", hint="Give ids, - for ids from stdin, or --batch.")
    if ids and batch is not None:
        raise InvalidInput("Ids are given, and more than that.", hint="Leave out the ids, or --batch.")
    with open_library() as library:
        if batch is not None:
            wanted = library.generations.find_ids(tuple(Status), batch=batch)
        else:
            wanted = library.generations.resolve(given_ids(ids or [], may_lack=True))
            if not wanted:  # a batch that is run again may have nothing to queue
                out.note("No ids came from stdin: there is nothing to wait for.")
        ended = _wait(library, wanted, timeout, out)
        over = {waited.id for waited in ended}
        unended = {each.id: each for each in library.generations.find([id_ for id_ in wanted if id_ not in over])}
    if out.drawn:  # not in the middle of the bar
        for waited in ended:
            _print_path(out, waited)
    if out.as_json:
        all_ = {waited.id: waited for waited in ended} | unended
        found = [all_[id_] for id_ in wanted if id_ in all_]
        out.records(found, views.generation_line, views.generation_table)
    _raise_worst(ended, late=len(wanted) - len(ended), wanted=len(wanted), timeout=timeout, out=out)


def _raise_worst(ended: "list[Waited]", *, late: int, wanted: int, timeout: float | None, out: Output) -> None:
    """Say which have no picture, and no copy of it, and end with the exit code of that."""
    code = 0
    for waited in ended:
        if waited.generation is not None and waited.generation.output_error is not None:
            out.warn(f"{waited.id} has no copy: {waited.generation.output_error}")
            code = StorageError.exit_code
    failed = [waited for waited in ended if waited.avatar is None]
    for waited in failed:
        out.note(f"{waited.id} {_reason(waited)}")
        code = EngineError.exit_code
    if late:
        out.note(f"{late} of {wanted} had not ended after {timeout:g} s.")
        code = _TIMED_OUT_EXIT
    if code:
        raise typer.Exit(code)


def _wait(library: Library, wanted: Sequence[str], timeout: float | None, out: Output) -> "list[Waited]":
    ended: list[Waited] = []
    try:
        with generation_progress("waiting", len(wanted), shown=not out.quiet) as on_progress:
            for waited in library.wait(
                wanted,
                timeout_s=timeout,
                on_progress=on_progress,
                on_lack=lambda waiting: _say_lack(waiting, out),
                on_suspended=lambda process: out.warn(suspended(process)),
            ):
                ended.append(waited)
                if not out.as_json and not out.drawn:
                    _print_path(out, waited)  # each as its turn comes
    except KeyboardInterrupt:
        raise Cancelled("Stopped waiting.", hint=GO_ON) from None
    return ended


def _say_lack(waiting: "Generation", out: Output) -> None:
    out.warn(
        f"{waiting.id} waits for credential {waiting.credential}, which the worker lacks. "
        f"To pay with the one that is set here: avatar retry {waiting.id}"
    )


def _reason(waited: "Waited") -> str:
    """Say why there is no picture."""
    if waited.status is Status.COMPLETED:
        return "was completed, and its avatar deleted."
    why = waited.generation.error if waited.generation else None
    return f"{waited.status.value}: {why.message}" if why else f"{waited.status.value}."


def _print_path(out: Output, waited: "Waited") -> None:
    if waited.avatar is not None:
        out.line((waited.avatar.id if out.quiet else waited.avatar.image_path,))
        out.flush()
