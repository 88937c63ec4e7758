"""avatar config show|path|set|unset."""

import sys
from getpass import getpass
from typing import Annotated

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.shared import JsonOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.errors import InvalidInput
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False, help="Show and change settings.")
APPS = {"config": app}

_SECRET_LONGEST = 1000  # bytes that are read in search of an end of line
KeyArgument = Annotated[
    str, typer.Argument(help="Setting, as in: avatar config show", autocompletion=completion.settings)
]


@app.command()
def show(*, json_: JsonOption = False) -> None:
    """Show each setting, its value and where it came from."""
    found = open_library().config.show()
    out = Output(as_json=json_)
    out.records(found, reports.setting_line, reports.setting_table)


@app.command()
def path() -> None:
    """Print the path of config.toml."""
    print(open_library().config.path)


@app.command("set")
def set_(
    key: KeyArgument,
    value: Annotated[
        str | None,
        typer.Argument(
            help="New value; a secret is asked for, or read from a pipe.",
            show_default=False,
            autocompletion=completion.setting_values,
        ),
    ] = None,
) -> None:
    """Put a setting into config.toml."""
    config = open_library().config
    secret = config.is_secret(key)
    given = _unseen(key, value) if secret else _seen(key, value)
    written = config.set(key, given)
    Output().note(f"{key} is set in {config.path}" if secret else f"{key} = {written} in {config.path}")


@app.command()
def unset(key: KeyArgument) -> None:
    """Take a setting out of config.toml, back to its default."""
    config = open_library().config
    was_there = config.unset(key)
    out = Output()
    out.note(f"{key} is {'no longer' if was_there else 'not'} in {config.path}")
    if variable := config.variable(key):
        out.warn(f"The variable {variable} still sets {key}.")


def _seen(key: str, value: str | None) -> str:
    if value is None:
        raise InvalidInput("Missing argument 'VALUE'.", hint=f"Type: avatar config set {key} VALUE")
    return value


def _unseen(key: str, value: str | None) -> str:
    """Return a secret that was typed without echo, or is the first line of a pipe."""
    if value is not None:
        raise InvalidInput(
            f"{key} is a secret: as an argument other users see it, and your shell's history keeps it.",
            hint=f"Type: avatar config set {key}, or pipe it in; then make a new one in place of this one.",
        )
    if sys.stdin.isatty():
        return getpass(f"{key}: ")  # typer's prompt asks before it turns the echo off, and a paste is quick
    return sys.stdin.buffer.readline(_SECRET_LONGEST).decode("ascii", "replace")
