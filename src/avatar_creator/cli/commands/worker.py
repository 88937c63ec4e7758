"""avatar worker run|start|status|stop|logs."""

import os
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from avatar_creator.cli.options.shared import JsonOption
from avatar_creator.cli.render import queue_views
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.picture import AT_ONCE_MOST
from avatar_creator.domain.worker_status import Start
from avatar_creator.errors import NotFound
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False, help="See and run the worker that makes what is queued.")
APPS = {"worker": app}

_STARTS = {
    Start.STARTED: "The worker is being started.",
    Start.RUNS_ALREADY: "A worker runs already.",
    Start.REPLACES: "A worker is being started that can pay; the one that runs makes room for it.",
}
_POLL_S = 0.1
_LINES = 50
_STOPS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # those that this system has


@app.command()
def run(
    *,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=AT_ONCE_MOST, help="How many pictures are made at once.", show_default="2")
    ] = None,
    idle: Annotated[
        float | None, typer.Option(min=0, help="Leave after so many seconds without work.", show_default="never")
    ] = None,
    engine_process: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COMMAND",
            help="What runs engines that run apart: here, 'here*4' or 'ssh HOST avatar engine-process'; once for each.",
            show_default="the setting engine_processes",
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="auto|HOST:PORT",
            help="Ray cluster whose nodes run engines that run apart; auto: that of this machine.",
            show_default="the setting ray",
        ),
    ] = None,
    gpus_per_actor: Annotated[
        float | None,
        typer.Option(
            metavar="NUMBER",
            help="Cards of each engine process on the cluster: 0.5 has two share one, 0 counts CPUs.",
            show_default="the setting gpus_per_actor, 1",
        ),
    ] = None,
    ray_insecure: Annotated[
        bool | None,
        typer.Option(
            "--ray-insecure/--ray-secure",
            help="Use a cluster that asks for no token, too: in a network that nobody else is in.",
            show_default="the setting ray_insecure",
        ),
    ] = None,
    standby: Annotated[bool, typer.Option("--in-line", hidden=True)] = False,
    slot: Annotated[int | None, typer.Option("--place", hidden=True)] = None,
) -> None:
    """Run the worker here, for systemd, launchd or a container; generate --detach starts one by itself."""
    with open_library() as library:
        worker = library.worker
        for name in _STOPS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup has it ignore SIGHUP
                signal.signal(number, lambda _number, _frame: worker.finish())
        worker.run(
            concurrency=concurrency,
            idle_s=idle,
            engine_processes=engine_process,
            ray=ray,
            gpus_per_actor=gpus_per_actor,
            ray_insecure=ray_insecure,
            standby=standby,
            slot=slot,
        )


@app.command()
def start() -> None:
    """Start the worker in the background, if none runs."""
    with open_library() as library:
        Output().note(_STARTS[library.worker.start()])


@app.command()
def status(*, json_: JsonOption = False) -> None:
    """Show how the worker is doing."""
    with open_library() as library:
        found = library.worker.status()
    Output(as_json=json_).report(found, queue_views.worker_lines, queue_views.worker_card)


@app.command()
def stop(
    *,
    now: Annotated[bool, typer.Option("--now", help="Put back what is made now, without finishing it.")] = False,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait for its end.")] = 60.0,
) -> None:
    """Stop the worker; what waits stays queued."""
    with open_library() as library:
        library.worker.stop(at_once=now, timeout_s=timeout)
    Output().note("The worker has left.")


@app.command()
def logs(
    *,
    lines: Annotated[
        int | None,
        typer.Option(
            "--lines",
            "-n",
            min=1,
            help="How many of the last lines.",
            show_default=f"{_LINES} on a terminal or with --follow, else all",
        ),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")] = False,
) -> None:
    """Show the worker's log."""
    with open_library() as library:
        log, errors = library.home.worker_log, library.home.worker_errors
    if errors.exists() and errors.stat().st_size:
        sys.stdout.write(errors.read_text("utf-8", errors="replace"))
    if not log.exists():
        if follow or not errors.exists():
            raise NotFound(f"There is no log {log}.", hint="A worker writes it: avatar worker start")
        return
    with suppress(KeyboardInterrupt):
        _print_log(log, lines or (_LINES if follow or sys.stdout.isatty() else None), follow=follow)


def _print_log(log: Path, most: int | None, *, follow: bool) -> None:
    while True:
        with log.open(encoding="utf-8", errors="replace") as file:
            sys.stdout.writelines(deque(file, most))
            sys.stdout.flush()
            while follow and not _is_put_aside(log, file):
                for line in file:
                    sys.stdout.write(line)
                sys.stdout.flush()
                time.sleep(_POLL_S)
        if not follow:
            return
        most = None  # all of the new one


def _is_put_aside(log: Path, file: TextIO) -> bool:
    """Return whether the worker has begun a new log."""
    try:
        return not os.path.samestat(log.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:  # it is just about to
        return False
