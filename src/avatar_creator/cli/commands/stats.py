"""avatar stats."""

import typer

from avatar_creator.cli.options.shared import JsonOption, ProjectOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False)
APPS = {"stats": app}


@app.command()
def stats(*, project: ProjectOption = None, json_: JsonOption = False) -> None:
    """Show the library in figures."""
    with open_library() as library:
        found = library.stats(project)
    Output(as_json=json_).report(found, reports.stats_lines, reports.stats_card)
