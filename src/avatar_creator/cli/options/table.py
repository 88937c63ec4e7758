"""The options of commands that read a table of personas: what its columns mean, and what of its rows is made."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator.cli import options
from avatar_creator.cli.options.shared import FileText, with_options

TableArgument = Annotated[
    str, typer.Argument(click_type=FileText(), metavar="FILE", help="Table of personas, or - for one from stdin.")
]

_OPTIONS: dict[str, Any] = {
    "mapped": Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column means; each with its own option."),
    ],
    "given": Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="What all rows say; each with its own option."),
    ],
    "skip_bad": Annotated[bool, typer.Option("--skip-bad", help="Make the other rows where some are bad.")],
    "keep_duplicates": Annotated[
        bool, typer.Option("--keep-duplicates", help="Make a picture of each of several equal rows.")
    ],
    "seed": Annotated[
        int | None, typer.Option(help="From which the seeds of rows follow that have none.", show_default="1")
    ],
    "as_of": Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of which ages by dates of birth are.", show_default="2026-01-01"),
    ],
}


class Table(NamedTuple):
    """How a table of personas is read, as it was typed."""

    mapped: Sequence[str] | None
    given: Sequence[str] | None
    skip_bad: bool
    keep_duplicates: bool
    seed: int | None
    as_of: str | None

    def arguments(self, prompt: str | None) -> dict[str, Any]:
        """Return the arguments of the library that say so; ``prompt`` is that of all rows. Raises InvalidInput."""
        given = options.persona_file.pairs("set", self.given)
        if prompt is not None:
            given.setdefault("prompt", prompt)
        return {
            "mapped": options.persona_file.pairs("map", self.mapped),
            "given": given,
            "as_of": None if self.as_of is None else options.persona_file.day("as of", self.as_of),
            **{name: getattr(self, name) for name in ("seed", "skip_bad", "keep_duplicates")},
        }


def with_table(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of how a table is read; it gets them as ``table``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        return {"table": Table(*(given.pop(name) for name in _OPTIONS))}

    return with_options(command, _OPTIONS, parse)
