"""Options that several commands share, and how a group of options is given to one."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer
from typer.models import TyperPath

from avatar_creator import domain
from avatar_creator.cli.options import completion
from avatar_creator.domain.attributes import flag_of
from avatar_creator.errors import InvalidInput
from avatar_creator.home import with_home


class FilePath(TyperPath):
    """A file that a command is given."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002
        return domain.choices.path_of("file", with_home(value))


class FileText(TyperPath):
    """A file or a pattern of files, or - for one of the streams."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002
        return with_home(value)


def project_option(panel: str | None = None) -> Any:
    """Return the option for a project, in that panel of the help."""
    help_ = "Project, by name or id."
    return typer.Option("--project", "-P", help=help_, autocompletion=completion.projects, rich_help_panel=panel)


JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
JsonLinesOption = Annotated[bool, typer.Option("--jsonl", help="Print JSON, one object a line.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print ids only, one a line.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
KeepFilesOption = Annotated[bool, typer.Option("--keep-files", help="Leave the picture files on disk.")]
ProjectOption = Annotated[str | None, project_option()]
BatchOption = Annotated[str | None, typer.Option("--batch", help="Those that were asked for together.", metavar="ID")]
AvatarArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Avatar, by id or unique prefix.", autocompletion=completion.avatars)
]
AvatarsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID...]",
        help="Avatars, by id or unique prefix; - reads them from stdin.",
        autocompletion=completion.avatars,
        show_default=False,
    ),
]
VersionOption = Annotated[
    int | None, typer.Option("--version", help="An earlier picture instead, by its number.", show_default=False)
]
PresetOption = Annotated[
    str | None,
    typer.Option(
        "--preset",
        help="Whom to begin with; what else is said replaces what it says. See: avatar preset list",
        autocompletion=completion.presets,
        show_default=False,
    ),
]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Show thumbnails on a colour terminal.")]


def nothing_to_change(fields: Iterable[str]) -> InvalidInput:
    """Return the error of an edit that says nothing, with all options that say something."""
    return InvalidInput(
        "Nothing to change.", hint=f"Say what: {', '.join(map(flag_of, fields))}; or --clear FIELD to remove a value."
    )


def with_options(
    command: Callable[..., None], options: dict[str, Any], parse: Callable[[dict[str, Any]], dict[str, Any]]
) -> Callable[..., None]:
    """Replace the parameters that ``parse`` returns by ``options``; typer reads the made signature.

    ``parse`` takes them out of what was given; it is asked once now, with nothing given, for their names.
    """
    parsed_names = parse(dict.fromkeys(options))
    own = [p for p in inspect.signature(command).parameters.values() if p.name not in parsed_names]
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]

    @functools.wraps(command)
    def parsed(**given: Any) -> None:
        command(**parse(given), **given)

    parsed.__signature__ = inspect.Signature([*own, *made])  # type: ignore[attr-defined]
    parsed.__annotations__ = {p.name: p.annotation for p in (*own, *made)}
    return parsed
