"""Asking before something is lost."""

import sys

import typer

from avatar_creator.errors import Cancelled, InvalidInput


def confirm(question: str, *, yes: bool) -> None:
    """Ask on a terminal; a script must have said --yes. Raises Cancelled on "no", InvalidInput in a pipe."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InvalidInput(f"{question} There is no terminal to ask on.", hint="Say --yes to go ahead.")
    if not typer.confirm(question, err=True):
        raise Cancelled("Nothing was deleted.")
