"""avatar tag|tags|star|unstar."""

import shlex
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.shared import AvatarsArgument, JsonLinesOption, JsonOption, ProjectOption, QuietOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import nothing, row, table
from avatar_creator.domain.tags import TAG_LONGEST, TAGS_MOST
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.tags import TagCount

_tag, _tags, _star, _unstar = (typer.Typer(add_completion=False) for _ in range(4))
APPS = {"tag": _tag, "tags": _tags, "star": _star, "unstar": _unstar}

_IDS = ("av_", "gen_")  # what begins like that is no tag
TagArguments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID...] [TAG...]",
        help="Avatars, by id or unique prefix, - for ids from stdin; and tags to add.",
        autocompletion=completion.avatars,
        show_default=False,
    ),
]
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
    words: TagArguments = None,
    *,
    filters: Filters,
    add: AddOption = None,
    remove: RemoveOption = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Add tags to avatars, and remove them."""
    with open_library() as library:
        ids = list(words or ())
        if not add and not remove:
            add = [word for word in ids if not _is_id(library, word)]
            ids = [word for word in ids if word not in add]
        if not add and not remove:
            whom = " ".join(map(shlex.quote, map(visible, ids))) or "ID"
            raise InvalidInput("Nothing to change.", hint=f"Give a tag: avatar tag {whom} hero")
        if words and not ids and not filters.given:
            said = " ".join(map(shlex.quote, map(visible, words)))
            raise InvalidInput("No avatars are given.", hint=f"Give their ids, too: avatar tag ID {said}")
        tagged = library.tag(filters.chosen(library, ids), add=_parts(add), remove=_parts(remove))
        _show(tagged, Output(as_json=json_, as_lines=jsonl, quiet=quiet), "tags")


def _is_id(library: Library, word: str) -> bool:
    """Return whether a word is an avatar's id, or the start of one, and not a tag. Raises NotFound."""
    if word == "-":
        return True
    try:
        library.show(word)
    except NotFound:
        if word.startswith(_IDS):
            raise
        return False
    return True


@_tags.command()
def tags(*, project: ProjectOption = None, json_: JsonOption = False, jsonl: JsonLinesOption = False) -> None:
    """List tags, and how many avatars have each."""
    with open_library() as library:
        Output(as_json=json_, as_lines=jsonl).records(library.tags(project), _line, _table)


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
            _show(marked, Output(as_json=json_, as_lines=jsonl, quiet=quiet), "star")


_marking(_star, "Give avatars a star.", starred=True)
_marking(_unstar, "Take the star from avatars.", starred=False)


def _show(avatars: "Sequence[Avatar]", out: Output, changed: str) -> None:
    out.records(avatars, views.avatar_line, partial(views.avatar_table, also=changed))


def _parts(given: Sequence[str] | None) -> list[str]:
    return [part for text in given or () for part in text.split(",")]


def _line(tag: "TagCount") -> Sequence[object]:
    return tag


def _table(tags: Sequence["TagCount"]) -> "RenderableType":
    rows = table("tag", ">avatars")
    for tag in tags:
        row(rows, *tag)
    return rows if tags else nothing("No tags.", "avatar tag ID --add TAG")
