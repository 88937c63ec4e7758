"""How the queue is shown: its entries, what happened to one, the worker."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.views import STATUS_STYLE, doing, whose
from avatar_creator.cli.render.widgets import age, card, left, nothing, row, short, table, text
from avatar_creator.domain.records import Event
from avatar_creator.domain.text import counted
from avatar_creator.domain.worker_status import suspended

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.worker_status import EngineProcessStatus, QueueEntry, WorkerStatus


def entry_line(entry: "QueueEntry") -> Sequence[object]:
    generation = entry.generation
    return (
        generation.id,
        generation.status.value,
        generation.progress,
        generation.stage,
        generation.priority,
        generation.waiting_for,
        generation.waiting_until,
        entry.expected_at,
        generation.engine,
        generation.created_at,
        generation.name,
        generation.persona_id,
    )


def entry_table(entries: Sequence["QueueEntry"]) -> "RenderableType":
    rows = table("id", "name", "status", ">%", "doing, or waiting for", ">ends in", ">queued")
    for entry in entries:
        generation = entry.generation
        row(
            rows,
            generation.id,
            short(whose(generation)),
            text(generation.status.value, STATUS_STYLE[generation.status]),
            generation.progress,
            doing(generation),
            left(entry.expected_at) if entry.expected_at else None,
            age(generation.created_at),
        )
    return rows if entries else nothing("Nothing is made, and nothing waits.", "avatar generate --detach …")


def event_line(event: Event) -> Sequence[object]:
    return event.at, event.event, event.said


def event_table(events: Sequence[Event]) -> "RenderableType":
    rows = table("when (UTC)", "event", "")
    rows.columns[-1].overflow = "fold"
    for event in events:
        row(rows, f"{event.at[:10]} {event.at[11:23]}", event.event, event.said)
    return rows


def worker_lines(worker: "WorkerStatus") -> Iterator[Sequence[object]]:
    for name, value in worker.as_json().items():
        if name != "engine_processes":
            yield name, ",".join(value) if isinstance(value, list) else _as_json(value)
    for process in worker.engine_processes:
        facts = ",".join(f"{name}={value}" for name, value in process.facts.items())
        said = process.transport, process.engine, process.state.value, process.pictures, facts, process.why
        yield "engine_process", *said


def _as_json(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def worker_card(worker: "WorkerStatus") -> "RenderableType":
    state = "one is being started" if worker.coming else "no worker runs"
    if worker.running:
        leaving = ", and will leave when it is done" if worker.leaving else ""
        state = f"process {worker.process} runs{leaving}"
    if worker.suspended:
        state = suspended(worker.process)
    return card(
        ("worker", state),
        ("since", f"{worker.started_at} ({age(worker.started_at)})" if worker.started_at else None),
        ("version", worker.version),
        ("at once", worker.concurrency),
        ("credentials", ", ".join(worker.credentials)),
        ("made now", worker.processing),
        ("waiting", worker.pending),
        ("last failure", worker.last_failure),
        ("log", worker.log),
        None,
        *(("engine process", _doing(process)) for process in worker.engine_processes),
    )


def _doing(process: "EngineProcessStatus") -> str:
    """Say how an engine process is doing: "ssh gpu2 avatar engine-process: offline, busy, 3 pictures, gpu2"."""
    if process.engine is None:
        return f"{process.transport}: {process.state.value}"
    said = f"{process.transport}: {process.engine}, {process.state.value}"
    if process.why is not None:
        return f"{said}: {process.why}"
    return ", ".join((said, counted(process.pictures, "picture"), *process.facts.values()))
