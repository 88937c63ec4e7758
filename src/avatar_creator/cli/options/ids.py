"""Ids of generations: typed, or piped in from the command that printed them."""

import codecs
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from avatar_creator.cli.options import completion
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

_LARGEST_BYTES = 10_000_000  # half a million ids
_WHAT_TO_PIPE = "Pipe in what generate --detach --quiet prints."
GO_ON = "They are made all the same; to stop them: avatar cancel ID"


def given_ids(given: Sequence[str], *, may_lack: bool = False, hint: str = _WHAT_TO_PIPE) -> list[str]:
    """Return the ids given, those for which - stands from stdin: the first field of each line.

    Raises InvalidInput when there is none, unless they ``may_lack``, or what came is no list of ids.
    """
    ids: list[str] = []
    for id_ in given:
        ids += _from_stdin(hint) if id_ == "-" else [id_]
    ids = list(dict.fromkeys(ids))
    if not ids and not may_lack:
        raise InvalidInput("No ids came from stdin.", hint=hint)
    return ids


def _from_stdin(hint: str) -> list[str]:
    data = sys.stdin.buffer.read(_LARGEST_BYTES + 1)
    if len(data) > _LARGEST_BYTES:
        raise InvalidInput(f"More than {_LARGEST_BYTES // 1_000_000} MB came from stdin, which are no ids.", hint=hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        kind = "UTF-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "no UTF-8"
        raise InvalidInput(f"What came from stdin is {kind}, and no ids.", hint=hint) from error
    return [line.split("\t")[0].strip() for line in text.splitlines() if line.strip()]
