"""Ids of generations: typed, or piped in from the command that printed them."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from avatar_creator.cli import completion
from avatar_creator.errors import InvalidInput

GenerationArguments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID]...",
        help="Generations, by id or unique prefix; - reads them from stdin.",
        show_default=False,
        autocompletion=completion.generations,
    ),
]

GO_ON = "They are made all the same; to stop them: avatar cancel ID"


def given_ids(given: Sequence[str]) -> list[str]:
    """Return the ids given, those for which - stands from stdin: the first field of each line.

    Raises InvalidInput when there is none.
    """
    ids: list[str] = []
    for id_ in given:
        if id_ == "-":
            ids += [line.split("\t")[0].strip() for line in sys.stdin if line.strip()]
        else:
            ids.append(id_)
    ids = list(dict.fromkeys(ids))
    if not ids:
        raise InvalidInput("No ids came from stdin.", hint="Pipe in what generate --detach --quiet prints.")
    return ids
