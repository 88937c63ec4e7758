"""avatar use|usage."""

from typing import Annotated

import typer

from avatar_creator.cli.options.limits import AllOption, Limit, limit_option
from avatar_creator.cli.options.shared import AvatarArgument, JsonOption, QuietOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.library import open_library

_use, _usage = typer.Typer(add_completion=False), typer.Typer(add_completion=False)
LIMIT = 50
APPS = {"use": _use, "usage": _usage}


@_use.command()
def use(
    id_: AvatarArgument,
    *,
    app: Annotated[str, typer.Option(help="Who used it.", show_default=False)],
    action: Annotated[str, typer.Option(help="What for.", show_default=False)],
    reference: Annotated[
        str | None, typer.Option(help="Where: a ticket, a file, a URL ...", show_default=False)
    ] = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Record that an app used an avatar."""
    with open_library() as library:
        used = library.record_usage(id_, app=app, action=action, reference=reference)
        Output(as_json=json_, quiet=quiet).record(used, reports.used_line, reports.used_card)


@_usage.command()
def usage(
    id_: AvatarArgument,
    *,
    limit: Annotated[int | None, limit_option(LIMIT)] = None,
    all_: AllOption = False,
    json_: JsonOption = False,
) -> None:
    """Show who used an avatar: the newest events, and a summary of all per app."""
    most = Limit(limit, all_=all_, usual=LIMIT)
    with open_library() as library:
        found = library.usage(id_, limit=most.fetched)
        found = found._replace(events=tuple(most.shown(found.events)))
    Output(as_json=json_).report(found, reports.usage_lines, reports.usage_card)
    most.note_rest(lambda: sum(app.count for app in found.summary))
