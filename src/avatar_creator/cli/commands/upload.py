"""avatar upload."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options.mistyped import no_file_of_ours
from avatar_creator.cli.options.persona import with_persona
from avatar_creator.cli.options.shared import FilePath, JsonLinesOption, JsonOption, ProjectOption, QuietOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output, show_error
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.services.upload import Upload

app = typer.Typer(add_completion=False)
APPS = {"upload": app}


@app.command()
@with_persona
def upload(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", click_type=FilePath(), help="JPEG, PNG or WebP, at most 10 MB.")
    ],
    *,
    persona: Persona,
    attributes: Attributes,
    name: Annotated[str | None, typer.Option(help="Avatar's name.", show_default="persona's, else the file's")] = None,
    project: ProjectOption = None,
    keep_metadata: Annotated[
        bool, typer.Option("--keep-metadata", help="Keep place, camera and serial numbers in the file.")
    ] = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Add pictures from files.

    A file that cannot be taken is said, and the others are still added; the exit code is then that of the
    first failure.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    failures: list[AvatarError] = []

    def added() -> Iterator["Upload"]:
        for file in files:
            try:
                done = library.add_file(
                    file,
                    project=project,
                    name=name,
                    persona=persona,
                    attributes=attributes,
                    keep_metadata=keep_metadata,
                )
            except InvalidInput as error:
                failures.append(no_file_of_ours(error, str(file)))
                show_error(failures[-1], as_json=out.as_json)
                continue
            if not done.added:
                out.note(f"{file} is in the project already, as {done.id}; nothing was changed.")
            for notice in done.notices:
                out.note(notice)
            yield done

    with open_library() as library:
        if len(files) == 1:
            for one in added():
                out.record(one, views.upload_line, views.upload_card)
        else:
            out.records(added(), views.upload_line, views.upload_table)
    if failures:
        raise typer.Exit(failures[0].exit_code)
