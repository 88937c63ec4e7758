"""avatar sheet."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.damaged import Damaged
from avatar_creator.cli.options.selection import Selection, with_selection
from avatar_creator.cli.options.shared import FilePath
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted
from avatar_creator.library import open_library
from avatar_creator.sheets.scripts import advice
from avatar_creator.sheets.style import BACKGROUND, CAPTION, CELL_PX, Paper, Shape, Style

if TYPE_CHECKING:
    from avatar_creator.sheets.sheet import Sheet

app = typer.Typer(add_completion=False)
APPS = {"sheet": app}


@app.command()
@partial(with_selection, but={"jsonl", "quiet"})
def sheet(
    *,
    selection: Selection,
    out: Output,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", click_type=FilePath(), help="A file: .png, .jpg, .webp or .pdf.", metavar="PATH"
        ),
    ],
    columns: Annotated[int | None, typer.Option(help="Pictures in a row.", show_default="as look well")] = None,
    per_page: Annotated[
        int | None,
        typer.Option(help="Pictures on a page. Without it all are on one, as far as they fit.", show_default=False),
    ] = None,
    page: Annotated[Paper | None, typer.Option(help="Paper of a PDF.", case_sensitive=False, show_default="a4")] = None,
    cell: Annotated[int, typer.Option(help="Side of a picture in px.")] = CELL_PX,
    caption: Annotated[
        str, typer.Option(help="What stands below each, of fields in braces; \\n begins a line.", metavar="TEMPLATE")
    ] = CAPTION,
    title: Annotated[str | None, typer.Option(help="What stands above.", show_default="the project's name")] = None,
    page_color: Annotated[
        str, typer.Option(help="Color of the page: white, black, or any: #f4f1ea.", metavar="COLOR")
    ] = BACKGROUND,
    shape: Annotated[Shape, typer.Option(help="What is seen of a picture.", case_sensitive=False)] = Shape.SQUARE,
    font: Annotated[
        list[Path] | None,
        typer.Option(click_type=FilePath(), help="File of a font to prefer; may be repeated.", show_default=False),
    ] = None,
    credits_: Annotated[
        bool, typer.Option("--credits/--no-credits", help="Say below how the pictures came to be, and whose art it is.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Write there even if another file is there.")] = False,
) -> None:
    """Write avatars as a contact sheet: a picture, or pages of a PDF."""
    with open_library() as library:
        selected = selection.of(library)
        if title is None:
            title = "" if selected.project is None else library.projects.get(selected.project).name
        style = Style(columns, per_page, cell, caption, title, page_color, shape, font or (), credits_, page)
        count = selected.count(library)
        damaged = Damaged()
        with _progress(count) as done:
            written = library.sheets.write(
                damaged.watched(selected.avatars(library)),
                output,
                style,
                count=count,
                force=force,
                on_done=done,
                on_failure=lambda avatar, why: out.warn(f"The picture of {avatar.id} is missing: {why}"),
            )
    damaged.warn(out)
    if written.lacking:
        out.warn(f"No font has all characters of {_listed(written.lacking)}. {advice(written.lacking)}")
    out.report(written, _lines, _drawn)


def _progress(total: int) -> AbstractContextManager[Callable[[], None]]:
    is_shown = sys.stderr.isatty() and total > _QUICK
    return render.counted.counted_progress("Drawing", total) if is_shown else nullcontext(lambda: None)


_QUICK = 100  # pictures, which take no time to speak of


def _lines(written: "Sheet") -> list[tuple[Path]]:
    return [(path,) for path in written.files]


def _drawn(written: "Sheet") -> str:
    where = f"{written.files[0]}" if len(written.files) == 1 else f"{written.files[0]} ... {written.files[-1].name}"
    return f"{counted(written.pictures, 'picture')}: {where}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
