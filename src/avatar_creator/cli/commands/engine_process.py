"""avatar engine-process."""

import sys

import typer

from avatar_creator.errors import InvalidInput
from avatar_creator.library import serve_engine

app = typer.Typer(add_completion=False)
APPS = {"engine-process": app}


@app.command()
def engine_process() -> None:
    """Make pictures for a worker that asks for them through a pipe.

    A worker starts it, here or on another machine: avatar worker run --engine-process 'ssh HOST avatar engine-process'.
    It needs no home, and ends when its standard input does.
    """
    if sys.stdin.isatty() or sys.stdout.isatty():
        raise InvalidInput(
            "This command serves a worker through its standard input and output, which are a terminal here.",
            hint="Have a worker start it: avatar worker run --engine-process 'ssh HOST avatar engine-process'",
        )
    serve_engine()
