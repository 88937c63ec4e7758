"""The options of commands that make pictures: how these are made, when, how many at once and for how much."""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator.cli import options
from avatar_creator.cli.options.engine import with_engine_options
from avatar_creator.cli.options.picture import with_picture, with_prompt
from avatar_creator.cli.options.schedule import NOW, Later, with_later
from avatar_creator.cli.options.shared import FileText, PresetOption, ProjectOption, YesOption, with_options
from avatar_creator.domain.picture import AT_ONCE_MOST
from avatar_creator.domain.price import MOST_UNASKED
from avatar_creator.domain.text import clean_number


def _at_once(value: int | None) -> int | None:
    """Refuse a number before anything is read, planned or said."""
    return None if value is None else clean_number("concurrency", value, least=1, most=AT_ONCE_MOST)


ConcurrencyOption = Annotated[
    int | None,
    typer.Option(help=f"How many pictures are made at once, 1 to {AT_ONCE_MOST}.", show_default="2", callback=_at_once),
]
MaxImagesOption = Annotated[
    int | None,
    typer.Option(
        help="Refuse to pay for more pictures; drawings are free.",
        show_default=f"{MOST_UNASKED} without a terminal",
    ),
]


_EACH = Annotated[
    list[str] | None,
    typer.Option(metavar="FIELD=A,B", help="Make each once for every value; several: for every combination."),
]
_PICK = Annotated[
    list[str] | None, typer.Option(metavar="FIELD=A,B", help="Draw one of the values for each, by its seed.")
]
_CROSSING: dict[str, Any] = {"each": _EACH, "pick": _PICK}
_BATCHING: dict[str, Any] = _CROSSING | {
    "again": Annotated[bool, typer.Option("--again", help="Make once more what was made before.")],
    "retry_failed": Annotated[bool, typer.Option("--retry-failed", help="Try again what failed on its own before.")],
    "manifest": Annotated[
        str | None,
        typer.Option(
            click_type=FileText(),
            metavar="FILE",
            help="All rows with their avatars: .csv or .jsonl.",
            show_default=False,
        ),
    ],
    "output": Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            click_type=FileText(),
            metavar="PATH",
            help="Also write the pictures there: a folder, or a pattern such as {name}.png with any field or column.",
            show_default=False,
        ),
    ],
    "force": Annotated[bool, typer.Option("--force", help="Replace files that options name.")],
    "project": ProjectOption,
    "preset": PresetOption,
    "concurrency": ConcurrencyOption,
    "max_images": MaxImagesOption,
    "yes": YesOption,
    "dry_run": Annotated[bool, typer.Option("--dry-run", help="Say what would be made; make and spend nothing.")],
}


class Making(NamedTuple):
    """How pictures are made, as it was typed: ``choices`` are the arguments of the library that say so."""

    prompt: str | None
    choices: dict[str, Any]
    later: Later


def with_making(command: Callable[..., None], *, is_planned: bool = False) -> Callable[..., None]:
    """Give a command the options of how and when pictures are made; it gets them as ``making``.

    One where that ``is_planned`` has those of how alone.
    """

    @functools.wraps(command)
    def made_so(
        *,
        prompt: str | None,
        wording: dict[str, Any],
        picture: dict[str, Any],
        engine_options: dict[str, Any],
        later: Later = NOW,
        **given: Any,
    ) -> None:
        choices = {"options": engine_options} | wording | picture
        command(making=Making(prompt, choices, later), **given)

    own = [each for each in inspect.signature(command).parameters.values() if each.name != "making"]
    made_so.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    with_how = with_picture(with_prompt(made_so))
    return with_engine_options(with_how if is_planned else with_later(with_how))


class Crossing(NamedTuple):
    """Values that pictures are crossed with, as they were typed."""

    each: Sequence[str] | None
    pick: Sequence[str] | None

    @property
    def is_given(self) -> bool:
        return bool(self.each or self.pick)

    def read(self) -> dict[str, dict[str, str]]:
        """Return the arguments of the library that say so. Raises InvalidInput."""
        pairs = options.persona_file.pairs
        return {"each": pairs("each", self.each), "pick": pairs("pick", self.pick)}


class Batching(NamedTuple):
    """How rows are made of which each picture is made once, as it was typed."""

    crossing: Crossing = Crossing(None, None)
    output: str | None = None
    force: bool = False
    project: str | None = None
    concurrency: int | None = None
    max_images: int | None = None
    yes: bool = False
    dry_run: bool = False
    again: bool = False
    retry_failed: bool = False
    manifest: str | None = None
    preset: str | None = None

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the library that say so. Raises InvalidInput."""
        names = ("again", "retry_failed", "manifest", "force", "project", "preset")
        return {**self.crossing.read(), **{name: getattr(self, name) for name in names}}


def with_crossing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of values that are crossed; it gets them as ``crossing``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        return {"crossing": Crossing(given.pop("each"), given.pop("pick"))}

    return with_options(command, _CROSSING, parse)


def with_batching(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of batches; it gets them as ``batching``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        own = {name: given.pop(name) for name in _BATCHING}
        return {"batching": Batching(Crossing(own.pop("each"), own.pop("pick")), **own)}

    return with_options(command, _BATCHING, parse)
