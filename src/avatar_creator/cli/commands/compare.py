"""avatar compare."""

from pathlib import Path
from typing import Annotated

import typer

from avatar_creator import domain
from avatar_creator.cli import render
from avatar_creator.cli.options import completion
from avatar_creator.cli.options.shared import FilePath, JsonOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.library import Library, open_library
from avatar_creator.sheets.style import Style

app = typer.Typer(add_completion=False)
APPS = {"compare": app}

_LEAST, _MOST = 2, 12
_CELL_PX = 400
_CAPTIONED = ("persona_age", "gender", "hair_color", "seed", "engine", "model")  # those of most use, in this order


@app.command()
def compare(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID[@VERSION]...",
            help="Avatars, by id or unique prefix; ID@1 is the first picture of one.",
            autocompletion=completion.avatars,
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", click_type=FilePath(), help="Write a picture as well.", metavar="PATH", show_default=False
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also what is the same in all of them.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write there even if another file is there.")] = False,
    json_: JsonOption = False,
) -> None:
    """Show avatars, or versions of one, side by side, and what differs."""
    if not _LEAST <= len(ids) <= _MOST:
        raise InvalidInput(
            f"{len(ids)} {'is' if len(ids) == 1 else 'are'} given.", hint=f"Give {_LEAST} to {_MOST} avatars, by id."
        )
    out = Output(as_json=json_)
    with open_library() as library:
        comparison = domain.comparison.compare([_avatar(library, given) for given in ids])
        if output is not None:
            fields = [name for name in _CAPTIONED if name in comparison.differing]
            caption = "\n".join(["{name}", *(f"{name.replace('_', ' ')}: {{{name}}}" for name in fields)])
            style = Style(columns=len(ids), cell_px=_CELL_PX, caption=caption)
            library.sheets.write(comparison.avatars, output, style, force=force)
            out.note(f"Written: {output}")
        previews = render.preview.Previews(library.config.preview) if out.coloured else None
        out.report(
            comparison,
            lambda each: render.comparisons.lines(each, all_=all_),
            lambda each: render.comparisons.side_by_side(
                each, None if previews is None or previews.is_off else previews, all_=all_
            ),
        )


def _avatar(library: Library, given: str) -> Avatar:
    id_, at, number = given.partition("@")
    if not at:
        return library.show(id_)
    if not (number.isascii() and number.isdecimal() and len(number) <= 9):  # noqa: PLR2004 - far more than there are
        raise InvalidInput(f"{shown(given)} has no number of a version behind its @.", hint=f"Write {id_}@1.")
    return library.versions.get(id_, int(number))
