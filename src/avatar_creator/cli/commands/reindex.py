"""avatar reindex."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options.counting import counting
from avatar_creator.cli.options.shared import FilePath, JsonLinesOption, JsonOption, ProjectOption, QuietOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import visible
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.services.reindex import Reindexed

app = typer.Typer(add_completion=False)
APPS = {"reindex": app}


@app.command()
def reindex(
    folder: Annotated[
        Path | None,
        typer.Argument(
            click_type=FilePath(), help="With pictures in it, or below.", show_default="the home's own pictures"
        ),
    ] = None,
    *,
    project: ProjectOption = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make avatars again of what picture files say of themselves.

    In the home, avatars have the ids of their files. What is here stays; twice the same is nothing new.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    results: Counter[str] = Counter()

    def taken() -> Iterator["Reindexed"]:
        for each in found:
            done()
            results[each.result] += 1
            if each.reason is not None:
                out.warn(f"{visible(str(each.file))} is left: {each.reason}")
            yield each

    with open_library() as library:
        found = library.archives.reindex(folder or library.home.pictures, project=project)
        with closing(found), counting(out, "Reading", None) as done:
            if out.drawn:
                Counter(taken())
            else:
                out.records(taken(), lambda each: (each.file, each.id or "", each.name or "", each.result), str)
    said = [f"{results[name]} {name}" for name in ("new", "completed", "left") if results[name]]
    known = results["known"]
    verb = "was" if known == 1 else "were"
    out.note(f"{', '.join([*said, f'{known} {verb} here already'])}.")
