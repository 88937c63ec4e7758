"""avatar tag|tags|star|unstar."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.shared import AvatarsArgument, JsonLinesOption, JsonOption, ProjectOption, QuietOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.tags import TAG_LONGEST, TAGS_MOST
from avatar_creator.errors import InvalidInput
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar

_tag, _tags, _star, _unstar = (typer.Typer(add_completion=False) for _ in range(4))
APPS = {"tag": _tag, "tags": _tags, "star": _star, "unstar": _unstar}

AddOption = Annotated[
    list[str] | None,
    typer.Option(
        help=f"Tags to add, with commas between; {TAGS_MOST} of an avatar, of {TAG_LONGEST} characters.",
        metavar="TAG,...",
        show_default=False,
    ),
]
RemoveOption = Annotated[
    list[str] | None, typer.Option(help="Tags to remove, with commas between.", metavar="TAG,...", show_default=False)
]


@_tag.command()
@with_filters
def tag(
    ids: AvatarsArgument = None,
    *,
    filters: Filters,
    add: AddOption = None,
    remove: RemoveOption = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Add tags to avatars, and remove them."""
    if not add and not remove:
        raise InvalidInput("Nothing to change.", hint="Give --add or --remove: avatar tag ID --add hero,friend")
    with open_library() as library:
        tagged = library.tag(filters.chosen(library, ids), add=_parts(add), remove=_parts(remove))
        _show(tagged, Output(as_json=json_, as_lines=jsonl, quiet=quiet))


@_tags.command()
def tags(*, project: ProjectOption = None, json_: JsonOption = False, jsonl: JsonLinesOption = False) -> None:
    """List tags, and how many avatars have each."""
    with open_library() as library:
        Output(as_json=json_, as_lines=jsonl).records(library.tags(project), views.tag_line, views.tag_table)


def _marking(app: typer.Typer, said: str, *, starred: bool) -> None:
    @app.command(help=said)
    @with_filters
    def mark(
        ids: AvatarsArgument = None,
        *,
        filters: Filters,
        json_: JsonOption = False,
        jsonl: JsonLinesOption = False,
        quiet: QuietOption = False,
    ) -> None:
        with open_library() as library:
            marked = library.star(filters.chosen(library, ids), starred=starred)
            _show(marked, Output(as_json=json_, as_lines=jsonl, quiet=quiet))


_marking(_star, "Give avatars a star.", starred=True)
_marking(_unstar, "Take the star from avatars.", starred=False)


def _show(avatars: "Sequence[Avatar]", out: Output) -> None:
    out.records(avatars, views.avatar_line, views.avatar_table)


def _parts(given: Sequence[str] | None) -> list[str]:
    return [part for text in given or () for part in text.split(",")]
