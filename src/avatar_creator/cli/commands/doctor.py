"""avatar doctor."""

from typing import Annotated

import typer

from avatar_creator.cli.options.shared import JsonOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False)
APPS = {"doctor": app}


@app.command()
def doctor(
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended without losing anything.")] = False,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the engines' services, too, whether they would work; costs nothing.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Check that everything is in order. Exit code 1 if something is broken."""
    with open_library() as library:
        report = library.examine(fix=fix, online=online)
    Output(as_json=json_).report(report, reports.health_lines, reports.health_table)
    if not report.healthy:
        raise typer.Exit(1)
