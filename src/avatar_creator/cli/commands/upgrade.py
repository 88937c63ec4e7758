"""avatar upgrade|revert."""

from functools import partial
from typing import Annotated

import typer

from avatar_creator.cli.commands.batch_run import make_batch
from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.ids import given_ids
from avatar_creator.cli.options.making import (
    Batching,
    ConcurrencyOption,
    Making,
    MaxImagesOption,
    with_making,
)
from avatar_creator.cli.options.shared import AvatarsArgument, JsonLinesOption, JsonOption, QuietOption, YesOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library import open_library

_upgrade, _revert = typer.Typer(add_completion=False), typer.Typer(add_completion=False)
APPS = {"upgrade": _upgrade, "revert": _revert}

# Of the options that say which avatars are meant: these say how their new pictures are made.
_OF_THE_NEW = ("engine", "model", "provider", "art_style", "prompt", "seed", "width", "height", "format")
_PIPE = "Pipe in what avatar list --quiet prints."


@_upgrade.command()
@partial(with_filters, but=_OF_THE_NEW)
@with_making
def upgrade(
    ids: AvatarsArgument = None,
    *,
    filters: Filters,
    making: Making,
    all_: Annotated[bool, typer.Option("--all", help="All avatars.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed on its own before.")
    ] = False,
    concurrency: ConcurrencyOption = None,
    max_images: MaxImagesOption = None,
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made; make and spend nothing.")] = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Replace the pictures of avatars: drawings by photographs.

    Ids, names, use and copies stay; the drawing is an earlier version. Run it again, and nothing is made or paid twice.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    making.later.check(concurrency=concurrency)
    is_filtered = filters.given
    if not (ids or is_filtered or all_):
        raise InvalidInput(
            "Nothing says which avatars are meant.", hint="Name their ids, a filter such as --project NAME, or --all."
        )
    if ids and (is_filtered or all_):
        raise InvalidInput("Ids are given, and a filter too.", hint="Give one of the two.")
    with open_library() as library:
        opened = library.batches.open_avatars(
            given_ids(ids, hint=_PIPE) if ids else None,
            None if ids else filters.of(library),
            prompt=making.prompt,
            retry_failed=retry_failed,
            **making.choices,
        )
        batching = Batching(concurrency=concurrency, max_images=max_images, yes=yes, dry_run=dry_run)
        make_batch(library, opened, making, batching, out)


@_revert.command()
@with_filters
def revert(
    ids: AvatarsArgument = None,
    *,
    filters: Filters,
    to: Annotated[
        int | None,
        typer.Option(metavar="VERSION", help="Which one, as avatar show numbers them.", show_default="the one before"),
    ] = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Go back to an earlier picture of avatars, and to what was known of it.

    The one that they have now stays, as a version. Nothing is made or paid.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        found = filters.chosen(library, ids)
        reverted = library.versions.revert(found, to, where_possible=filters.given)
        if not reverted:
            which = "an earlier picture" if to is None else f"a version {to}"
            raise NotFound(f"None of those that match has {which}.", hint="See which one has: avatar show ID")
        if len(reverted) < len(found):
            out.note(f"{len(reverted)} of {len(found)} go back: the others have no such picture.")
        for avatar in reverted:
            for warning in avatar.warnings:
                out.warn(f"{avatar.id}: {warning}")
        if len(reverted) == 1 and not (jsonl or quiet):
            versions = library.versions.find(reverted[0].id)
            out.record(reverted[0], views.avatar_line, partial(views.avatar_card, versions=versions))
        else:
            out.records(reverted, views.avatar_line, views.avatar_table)
