"""avatar gallery."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.damaged import Damaged
from avatar_creator.cli.options.selection import Selected, Selection, with_selection
from avatar_creator.cli.options.shared import FilePath
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import text
from avatar_creator.domain.filters import Sort
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.library import Library, open_library

app = typer.Typer(add_completion=False)
APPS = {"gallery": app}


@app.command()
@partial(with_selection, but={"jsonl", "quiet"})
def gallery(
    *,
    selection: Selection,
    out: Output,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", click_type=FilePath(), help="A file, .html; or a folder, for very many.", metavar="PATH"
        ),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show it live on this machine, with what is made meanwhile, until Ctrl-C.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(help="For --serve.", min=0, max=65535, show_default="one that is free")
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="What the page is called.", show_default="the project's name, or Avatars")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Have a file hold the pictures in full size, too.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write there even if another file is there.")] = False,
) -> None:
    """Write a page to look at avatars: search, filter, group, read all that is known of each."""
    if serve:
        of_files = {"--output": output, "--full": full, "--force": force, "--reverse": selection.reverse}
        _refuse([name for name, given in of_files.items() if given] + ["--sort"] * (selection.sort is not Sort.CREATED))
        with open_library() as library:
            _serve(out, library, selection.of(library, may_be_none=True), title, port or 0, open_=open_)
        return
    if output is None:
        raise InvalidInput("It is not said where to.", hint="Run: avatar gallery --output people.html, or --serve")
    if port is not None:
        raise InvalidInput("--port is given without --serve.", hint="Leave out one of --output and --port.")
    with open_library() as library:
        selected = selection.of(library)
        count = selected.count(library)
        damaged = Damaged()
        with _progress(out, count) as done:

            def avatars() -> Iterator[Avatar]:
                for avatar in damaged.watched(selected.avatars(library)):
                    yield avatar
                    done()

            written = library.galleries.write(
                avatars(),
                output,
                title=title or _name(library, selected),
                count=count,
                full=full,
                force=force,
                on_failure=out.warn,
            )
    damaged.warn(out)
    out.report(written, lambda each: [(each.path,)], lambda each: text(each.path))
    if open_ and not render.viewer.is_shown(written.path):
        raise StorageError(f"No browser opened {written.path}.", hint="Open that file with a program of yours.")


def _serve(out: Output, library: Library, selected: Selected, title: str | None, port: int, *, open_: bool) -> None:
    server = library.galleries.server(selected.filter, title=title or _name(library, selected), port=port)
    out.report(server, lambda each: [(each.url,)], lambda each: text(each.url))
    out.flush()
    out.note("It is there until Ctrl-C.")
    if open_:
        Thread(target=_open, args=(out, server.url), daemon=True).start()  # what opens it may wait for its end
    server.run()


def _open(out: Output, url: str) -> None:
    if not render.viewer.is_shown(url):
        out.warn("No browser opened it.")


def _refuse(names: Sequence[str]) -> None:
    if names:
        raise InvalidInput(f"{names[0]} is given with --serve, which writes no file.", hint=f"Leave out {names[0]}.")


def _name(library: Library, selected: Selected) -> str:
    return "Avatars" if selected.project is None else library.projects.get(selected.project).name


def _progress(out: Output, total: int) -> AbstractContextManager[Callable[[], None]]:
    is_shown = sys.stderr.isatty() and not out.shares_terminal
    return render.counted.counted_progress("Writing", total) if is_shown else nullcontext(lambda: None)
