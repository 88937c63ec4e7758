"""avatar project create|list|show|edit|delete."""

from typing import Annotated

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, KeepFilesOption, QuietOption, YesOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.records import Project
from avatar_creator.domain.text import counted
from avatar_creator.errors import InvalidInput
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False, help="Keep avatars in projects.")
APPS = {"project": app}

NameArgument = Annotated[
    str, typer.Argument(metavar="PROJECT", help="Project, by name or id.", autocompletion=completion.projects)
]
DescriptionOption = Annotated[str | None, typer.Option(help="What it is for; empty removes it.", show_default=False)]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Name, at most 100 characters.")],
    *,
    description: DescriptionOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make a project."""
    with open_library() as library:
        _show(library.projects.create(name, description), Output(as_json=json_, quiet=quiet))


@app.command("list")
def list_(*, json_: JsonOption = False, jsonl: JsonLinesOption = False, quiet: QuietOption = False) -> None:
    """List projects, newest first."""
    with open_library() as library:
        out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
        out.records(library.projects.find(), views.project_line, views.project_table)


@app.command()
def show(project: NameArgument, *, json_: JsonOption = False) -> None:
    """Show a project."""
    with open_library() as library:
        _show(library.projects.get(project), Output(as_json=json_))


@app.command()
def edit(
    project: NameArgument,
    *,
    name: Annotated[str | None, typer.Option(help="New name.", show_default=False)] = None,
    description: DescriptionOption = None,
    json_: JsonOption = False,
) -> None:
    """Change a project's name or description."""
    if name is None and description is None:
        raise InvalidInput("Nothing to change.", hint="Give --name or --description.")
    with open_library() as library:
        _show(library.projects.edit(project, name=name, description=description), Output(as_json=json_))


@app.command()
def delete(project: NameArgument, *, yes: YesOption = False, keep_files: KeepFilesOption = False) -> None:
    """Delete a project with its avatars and their files."""
    with open_library() as library:
        found = library.projects.get(project)
        confirm(f"Delete project {found.name} with {counted(found.avatars, 'avatar')}?", yes=yes)
        library.projects.delete(found.id, keep_files=keep_files)
        Output().note(f"Deleted project {found.name}.")


def _show(project: Project, out: Output) -> None:
    out.record(project, views.project_line, views.project_card)
