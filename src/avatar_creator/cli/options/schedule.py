"""The options of `avatar generate` for those who do not wait: when it is made, and what happens then."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator.cli import options
from avatar_creator.cli.options import completion
from avatar_creator.cli.options.shared import with_options
from avatar_creator.domain.schedule import Schedule, parse_command
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.home import whole

_option = partial(typer.Option, show_default=False, rich_help_panel="Later")

_OPTIONS: dict[str, Any] = {
    "detach": Annotated[bool, _option("--detach", "-d", help="Queue it for the worker, and return at once.")],
    "priority": Annotated[int | None, _option(help="The higher the earlier, -1000 to 1000.", show_default="0")],
    "after": Annotated[
        str | None,
        _option(metavar="ID", help="Generation that must be completed first.", autocompletion=completion.generations),
    ],
    "at": Annotated[str | None, _option(metavar="TIME", help="Not before: 02:00, 2026-11-23T02:00, +90m.")],
    "on_done": Annotated[
        str | None,
        _option(
            metavar="COMMAND",
            help="Start it, without a shell, when each has ended; it gets AVATAR_GENERATION_ID, "
            "AVATAR_GENERATION_STATUS and AVATAR_GENERATION_PATH.",
        ),
    ],
}


# What cannot be done for a picture that is not there yet, and what can.
_NOW_ONLY = {
    "preview": "Leave out --preview. Later: avatar status ID --preview",
    "concurrency": "Leave out --concurrency. The worker has the setting of that name.",
}


class Later(NamedTuple):
    """Whether a generation is queued, and what is ordered for it."""

    detach: bool
    schedule: Schedule

    def check(self, **now_only: object) -> None:
        """Raise InvalidInput for an option that would be lost, of those that are given."""
        for name, value in now_only.items():
            if self.detach and value:
                raise InvalidInput(
                    f"{name} is for what is made now, and --detach makes it later.", hint=_NOW_ONLY[name]
                )


NOW = Later(detach=False, schedule=Schedule())


def with_later(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for later; it gets them as ``later``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        detach = bool(given.pop("detach"))
        priority, after, at, on_done = (given.pop(name) for name in ("priority", "after", "at", "on_done"))
        for name, value in (("priority", priority), ("after", after), ("at", at)):
            if value is not None and not detach:
                raise InvalidInput(f"{name} is for what the worker makes.", hint="Add --detach.")
        schedule = Schedule(
            priority=priority,
            not_before=None if at is None else _utc(at),
            after=after,
            on_done=None if on_done is None else _whole(parse_command(on_done)),
        )
        schedule.check()
        return {"later": Later(detach, schedule)}

    return with_options(command, _OPTIONS, parse)


def _whole(command: list[str]) -> list[str]:
    """Return a command with the whole path of its program, where that is a path: the worker runs in another folder."""
    program, *arguments = command
    if not os.path.dirname(program):  # noqa: PTH120 - a Path takes the ./ away that makes it one
        return command
    return [str(whole(Path(program), f"on done is {shown(program)}")), *arguments]


def _utc(at: str) -> str:
    """Return a moment that the user gave as it is stored."""
    return options.times.in_utc(at)
