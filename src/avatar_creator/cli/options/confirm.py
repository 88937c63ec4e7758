"""Asking before something is lost or paid."""

import sys

import typer

from avatar_creator.errors import Cancelled, InvalidInput


def can_ask() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, yes: bool, otherwise: str = "Nothing was deleted.") -> None:
    """Ask on a terminal; a script must have said --yes.

    Raises Cancelled, which says what is so ``otherwise``, on "no", InvalidInput in a pipe.
    """
    if yes:
        return
    if not can_ask():
        raise InvalidInput(f"{question} There is no terminal to ask on.", hint="Say --yes to go ahead.")
    if not typer.confirm(question, err=True):
        raise Cancelled(otherwise)
