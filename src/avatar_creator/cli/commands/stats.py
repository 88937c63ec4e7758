"""avatar stats."""

from typing import Annotated

import typer

from avatar_creator.cli.options.shared import JsonOption, ProjectOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.spending import By
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False)
APPS = {"stats": app}


@app.command()
def stats(
    *,
    by: Annotated[
        By | None,
        typer.Option("--by", help="What was paid for, by day, month (UTC) or another.", case_sensitive=False),
    ] = None,
    project: ProjectOption = None,
    json_: JsonOption = False,
) -> None:
    """Show the library in figures."""
    out = Output(as_json=json_)
    with open_library() as library:
        if by is not None:
            out.records(library.generations.spent_by(by, project), reports.spent_line, reports.spent_table)
            return
        found = library.stats(project)
    out.report(found, reports.stats_lines, reports.stats_card)
