"""avatar queue|cancel|retry|prune|logs: what waits, and what is to become of it."""

from collections.abc import Sequence
from typing import Annotated

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.ids import GenerationArguments, given_ids
from avatar_creator.cli.options.limits import AllOption, Limit, limit_option
from avatar_creator.cli.options.shared import (
    BatchOption,
    JsonLinesOption,
    JsonOption,
    ProjectOption,
    QuietOption,
    YesOption,
)
from avatar_creator.cli.render import queue_views, views
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.records import Status
from avatar_creator.domain.text import counted
from avatar_creator.domain.worker_status import suspended
from avatar_creator.errors import Cancelled, InvalidInput
from avatar_creator.library import Library, open_library

_queue, _cancel, _retry, _prune, _logs = (typer.Typer(add_completion=False) for _ in range(5))
APPS = {"queue": _queue, "cancel": _cancel, "retry": _retry, "prune": _prune, "logs": _logs}

LIMIT = 50
_UNFINISHED = (Status.PENDING, Status.PROCESSING)
_FAILED, _CANCELLED = (Status.FAILED,), (Status.CANCELLED,)


@_queue.command()
def queue(
    *,
    limit: Annotated[int | None, limit_option(LIMIT)] = None,
    all_: AllOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show what is made and what waits, why, and when it may end."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        most = Limit(limit, all_=all_, usual=LIMIT)
        entries = most.shown(library.queue(limit=most.fetched))
        worker = library.worker.status()
        missing = worker.pending and not worker.running and not worker.coming
        out.records(entries, queue_views.entry_line, queue_views.entry_table)
        most.note_rest(library.generations.count_unfinished)
    if missing:
        failed = f" The last one said: {worker.last_failure}" if worker.last_failure else ""
        out.warn(f"No worker runs.{failed} Start one: avatar worker start")
    elif worker.suspended and (worker.pending or worker.processing):
        out.warn(suspended(worker.process))


@_cancel.command()
def cancel(
    ids: GenerationArguments = None,
    *,
    project: ProjectOption = None,
    batch: BatchOption = None,
    all_: Annotated[bool, typer.Option("--all", help="All that wait or are made.")] = False,
    now: Annotated[
        bool, typer.Option("--now", help="Do not wait for a call under way; its picture may be charged and lost.")
    ] = False,
    yes: YesOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Cancel generations that wait or are made.

    Those that wait are cancelled at once, those that are made at their next step.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        chosen = _chosen(library, ids, _UNFINISHED, project=project, batch=batch, all_=all_, flag="--all")
        if not ids and chosen:
            confirm(f"Cancel {counted(len(chosen), 'generation')}?", yes=yes, otherwise="Nothing was cancelled.")
        try:
            library.cancel(chosen, at_once=now)
        except KeyboardInterrupt:
            left = counted(library.generations.count_waiting(), "generation")
            raise Cancelled(
                f"Stopped cancelling: what was cancelled stays so; still waiting: {left}.", hint="See: avatar queue"
            ) from None
        _show(library, out, chosen, otherwise="Nothing waits, and nothing is made.")
        found = library.generations.find(chosen) if ids else ()
        done = sum(each.status in {Status.COMPLETED, Status.FAILED} for each in found)
    if done:
        out.note(f"{done} had ended before.")


@_retry.command()
def retry(
    ids: GenerationArguments = None,
    *,
    project: ProjectOption = None,
    batch: BatchOption = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
    cancelled: Annotated[bool, typer.Option("--cancelled", help="All that were cancelled.")] = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make generations that failed or were cancelled after all.

    They are queued for the worker, with the same seed and recipe. What was paid and answered is not paid again.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        statuses = (_FAILED if failed or not cancelled else ()) + (_CANCELLED if cancelled or batch else ())
        chosen = _chosen(
            library, ids, statuses, project=project, batch=batch, all_=failed or cancelled, flag="--failed"
        )
        queued: list[str] = []
        try:
            library.retry(chosen, on_submitted=queued.extend)
        finally:  # they are queued, also where no worker can be started
            if queued:
                _show(library, out, queued, otherwise="")
        if not queued:
            said = "has failed", "was cancelled"
            which = [word for word, chosen in zip(said, (failed, cancelled), strict=True) if chosen]
            _show(library, out, [], otherwise=f"None {' or '.join(which or said[:1])}.")


@_prune.command()
def prune() -> None:
    """Forget the details of generations that ended long ago; avatars and figures stay.

    The worker does it by itself. The settings keep_completed_h and keep_failed_h say how long they are kept.
    """
    with open_library() as library:
        pruned = library.generations.prune()
    Output().note(f"Forgotten: {counted(pruned, 'generation')}.")


@_logs.command()
def logs(
    id_: Annotated[
        str,
        typer.Argument(metavar="ID", help="Generation, by id or unique prefix.", autocompletion=completion.generations),
    ],
    *,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
) -> None:
    """Show all that happened to a generation."""
    with open_library() as library:
        generation = library.generations.get(id_)
        events = library.generations.events(generation.id)
    out = Output(as_json=json_, as_lines=jsonl)
    out.records(events, queue_views.event_line, queue_views.event_table)
    if not events:
        out.note(f"What happened to {generation.id} is forgotten; its avatar is {generation.avatar_id}.")


def _show(library: Library, out: Output, ids: Sequence[str], *, otherwise: str) -> None:
    """Show how generations are now: a line for each, on a terminal a screenful of them."""
    if ids or not out.drawn:
        found = library.generations.find(ids[:LIMIT] if out.drawn else ids)
        out.records(found, views.generation_line, views.generation_table)
    if not ids:
        out.note(otherwise)
    elif out.drawn and len(ids) > LIMIT:
        out.note(f"{LIMIT} of {counted(len(ids), 'generation')} are shown.")


def _chosen(
    library: Library,
    given: list[str] | None,
    statuses: tuple[Status, ...],
    *,
    project: str | None,
    batch: str | None,
    all_: bool,
    flag: str,
) -> list[str]:
    """Return the ids that were given, else all of the statuses. Raises InvalidInput for both or neither."""
    by_more = project is not None or batch is not None or all_
    if given:
        if by_more:
            raise InvalidInput(
                "Ids are given, and more than that.", hint=f"Leave out the ids, or {flag}, --batch and --project."
            )
        return library.generations.resolve(given_ids(given))
    if not by_more:
        raise InvalidInput(
            "Nothing says which generations.", hint=f"Give ids, - for ids from stdin, --project, --batch or {flag}."
        )
    return library.generations.find_ids(statuses, project=project, batch=batch)
