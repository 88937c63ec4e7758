"""avatar config show|path|set."""

from typing import Annotated

import typer

from avatar_creator.cli import completion, reports
from avatar_creator.cli.options import JsonOption
from avatar_creator.cli.output import Output
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False, help="Show and change settings.")
APPS = {"config": app}


@app.command()
def show(*, json_: JsonOption = False) -> None:
    """Show each setting, its value and where it came from."""
    found = open_library().setting_origins()
    out = Output(as_json=json_)
    out.records(found, reports.setting_line, reports.setting_table)


@app.command()
def path() -> None:
    """Print the path of config.toml."""
    print(open_library().home.config)


@app.command("set")
def set_(
    key: Annotated[str, typer.Argument(help="Setting, as in: avatar config show", autocompletion=completion.settings)],
    value: Annotated[str, typer.Argument(help="New value.")],
) -> None:
    """Put a setting into config.toml."""
    library = open_library()
    library.set_setting(key, value)
    Output().note(f"{key} = {value} in {library.home.config}")
