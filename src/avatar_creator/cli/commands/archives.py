"""avatar export|import."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from avatar_creator.cli.commands.outcomes import stoppable
from avatar_creator.cli.commands.push import push_dataset
from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.cli.options.counting import counting
from avatar_creator.cli.options.filters import integers
from avatar_creator.cli.options.mistyped import no_file_of_ours
from avatar_creator.cli.options.selection import Selection, with_selection
from avatar_creator.cli.options.shared import FilePath, JsonLinesOption, JsonOption, QuietOption, YesOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.picture import SUFFIXES
from avatar_creator.domain.text import counted, shown, visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.exports.datasets.personas import People
    from avatar_creator.exports.earlier import StaleFiles
    from avatar_creator.exports.pictures import Exported
    from avatar_creator.exports.rejects import LostReject
    from avatar_creator.imports.results import Imported

_export, _import = typer.Typer(add_completion=False), typer.Typer(add_completion=False)
APPS = {"export": _export, "import": _import}
_NAMED = 3  # files of earlier exports
_FILES = {".zip", ".tar", *SUFFIXES}
_FOR_OTHERS, _DATASETS = "Pictures for others", "Data sets"


class _Pictures(NamedTuple):
    """What pictures are to be, and are called."""

    names: str
    sizes: Sequence[int]
    shape: str | None
    format_: str | None
    embed: str | None
    force: bool


@_export.command()
@partial(with_selection, but={"format"})
def export(
    *,
    selection: Selection,
    out: Output,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            click_type=FilePath(),
            help="Folder, or a file: .zip, .tar, or of one .png.",
            metavar="PATH",
        ),
    ] = None,
    names: Annotated[str, typer.Option(help="Names of the files, of fields in braces.", metavar="PATTERN")] = "{name}",
    manifest: Annotated[
        list[str] | None,
        typer.Option(
            help="Who is in which file: csv, json, jsonl, html, sql, ts.", metavar="FORMAT,...", show_default="csv"
        ),
    ] = None,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as", help="imagefolder, of Hugging Face; parquet; personas.", rich_help_panel=_DATASETS, metavar="KIND"
        ),
    ] = None,
    of: Annotated[
        Path | None,
        typer.Option(
            click_type=FilePath(),
            help="Persona file that gets a column of portraits.",
            metavar="FILE",
            rich_help_panel=_DATASETS,
        ),
    ] = None,
    split: Annotated[
        list[str] | None,
        typer.Option(help="train, validation or test.", show_default="train", rich_help_panel=_DATASETS),
    ] = None,
    push: Annotated[
        str | None,
        typer.Option(help="Data set on Hugging Face to put it in.", metavar="[OWNER/]NAME", rich_help_panel=_DATASETS),
    ] = None,
    public: Annotated[
        bool,
        typer.Option("--public/--private", help="Who may see a new one: everybody, or you.", rich_help_panel=_DATASETS),
    ] = False,
    size: Annotated[
        list[str] | None,
        typer.Option(help="Sides of square pictures, 32 to 1024 px.", metavar="PX,...", rich_help_panel=_FOR_OTHERS),
    ] = None,
    shape: Annotated[
        list[str] | None,
        typer.Option(
            help="What they are cut to; a circle has clear corners.",
            metavar="square|circle",
            rich_help_panel=_FOR_OTHERS,
        ),
    ] = None,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="Format of the files.", metavar="png|webp|jpeg", rich_help_panel=_FOR_OTHERS),
    ] = None,
    embed: Annotated[
        list[str] | None,
        typer.Option(
            help="What files say of themselves.",
            metavar="mark|recipe|none",
            show_default="mark",
            rich_help_panel=_FOR_OTHERS,
        ),
    ] = None,
    records: Annotated[
        bool | None,
        typer.Option(
            "--records/--no-records",
            help="All that is known of them, for avatar import; not with pictures for others.",
            show_default=False,
            rich_help_panel=_FOR_OTHERS,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write there even if other files are there.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete what earlier exports wrote there and this one does not.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Write avatars into a folder, a ZIP or a TAR file.

    With all that is known of them: avatar import takes them into another library. With --size, --shape, --format or
    --embed, pictures are made for others, and what is known of them stays here. Interrupted, the same command goes on.
    With --as, they are a data set; --push puts that on Hugging Face's Hub, as an imagefolder unless --as says else.
    """
    _check_delete(as_, output, delete=delete, yes=yes)
    with open_library() as library:
        selected = selection.of(library)
        formats = [part.strip() for text in manifest for part in text.split(",")] if manifest else None
        people: list[People] = []
        stale: list[StaleFiles] = []
        lost: list[LostReject] = []
        sized = f"--size {','.join(map(visible, size))} " if size else ""
        asked = _one("shape", shape, sized), _one("format", format_, sized), _one("embed", embed, sized)
        pictures = _Pictures(names, integers("size", size or ()), *asked, force)
        into = _one("split", split, f"--as {as_} " if as_ else "")
        if push is not None:
            _refuse("push", {"manifest": manifest, "records": records, "of": of, "delete": delete or None})
            left_out = push_dataset(
                out,
                library,
                selected.avatars(library),
                selected.count(library),
                push=push,
                public=public,
                yes=yes,
                output=output,
                as_=as_ or "imagefolder",
                split=into or "train",
                options={**pictures._asdict(), "on_repeated": partial(_warn_of_repeated, out)},
            )
            return _check_left_out(left_out)
        output = _unpushed(output, {"public": public})
        if as_ is None:
            _refuse_without("as", {"split": (into, "--as imagefolder"), "of": (of, "--as personas")})
            exported = library.archives.export(
                selected.avatars(library),
                output,
                manifests=formats,
                records=records,
                is_whole=not selection.is_given,
                projects=() if selection.filters.given else selected.projects,
                on_lost=partial(_warn_of_lost, out, lost),
                on_stale=stale.append,
                **pictures._asdict(),
            )
        elif as_ == "personas":
            _refuse("as", {"manifest": manifest, "records": records, "split": into})
            if of is None:
                raise InvalidInput("of is not given.", hint="Say which persona file: --of people.csv")
            exported = library.datasets.export_personas(
                selected.avatars(library),
                of,
                output,
                on_written=people.append,
                on_stale=stale.append,
                **pictures._asdict(),
            )
        else:
            exported = library.datasets.export(
                selected.avatars(library),
                output,
                as_=as_,
                split=into or "train",
                on_repeated=partial(_warn_of_repeated, out),
                on_stale=stale.append,
                **pictures._asdict(),
            )
            # A mistyped kind is said first.
            _refuse("as", {"manifest": manifest, "records": records, "of": of})
            if as_ == "parquet" and into:
                raise InvalidInput(
                    "split is given, and a Parquet file is one split.",
                    hint=f"Name the file so: --output {into}.parquet. Or --as imagefolder, which has several.",
                )
        count = smaller = left_out = 0

        def written() -> "Iterator[Exported]":
            nonlocal count, smaller, left_out
            for each in exported:
                done()
                if each.error is None:
                    count += 1
                    smaller += each.is_smaller
                    yield each
                else:
                    left_out += 1
                    out.warn(f"{each.id} is left out: {each.error.message}")

        total = selected.count(library)
        with (
            stoppable("what was written stays.", "Run the same command again."),
            closing(exported),
            counting(out, "Exporting", total) as done,
        ):
            _stream(out, written(), lambda each: (each.file, each.id, each.avatar.name))
    _warn_of_smaller(out, smaller)
    out.note(f"Exported {counted(count, 'avatar')} to {output}.")
    for each in people:
        out.note(f"{each.portraits:,} of {counted(each.rows, 'person', 'people')} have a portrait.")
    _end(out, stale, delete=delete, yes=yes)
    return _check_left_out(left_out + len(lost))


@_import.command("import")
def import_(
    file: Annotated[Path, typer.Argument(click_type=FilePath(), help="A folder, ZIP or TAR file of avatar export.")],
    *,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take in what avatar export wrote. What is here stays; twice the same is nothing new."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    results: Counter[str] = Counter()

    def taken() -> "Iterator[Imported]":
        for each in imported:
            done()
            results[each.result] += 1
            for said in each.notices:
                out.warn(said)
            yield each

    try:
        with (
            open_library() as library,
            stoppable("what was taken in stays.", "The same command takes in the others."),
            counting(out, "Importing", None) as done,
            closing(library.archives.import_(file, on_checked=done.expect)) as imported,
        ):
            _stream(out, taken(), lambda each: (each.id, each.name, each.result))
    except InvalidInput as error:
        raise no_file_of_ours(error, str(file)) from error
    out.note(f"{results['new']} new, {results['completed']} completed, {results['known']} were here already.")
    if damaged := results["damaged"]:
        raise _left_out(damaged, "Export or copy them once more; the same command then takes in what is lacking.")


def _check_left_out(count: int) -> None:
    if count:
        raise _left_out(count, "To see what can be done: avatar verify")


def _warn_of_smaller(out: Output, count: int) -> None:
    if count:
        said = counted(count, "picture is", "pictures are")
        out.warn(f"{said} smaller than that, and not enlarged: the manifest has the sizes.")


def _warn_of_lost(out: Output, lost: "list[LostReject]", reject: "LostReject") -> None:
    out.warn(f"{reject.id} is left out: {reject.error.message}")
    lost.append(reject)


def _end(out: Output, stale: "Sequence[StaleFiles]", *, delete: bool, yes: bool) -> None:
    """Name files of earlier exports that stayed, or delete them after a question."""
    for each in stale:
        said, where = counted(len(each.files), "file"), visible(str(each.target.path))
        if not delete:
            advice = "To delete what nobody has changed since: --delete"
            out.warn(f"{said} of an earlier export stayed in {where}: {_some(each.files)}. {advice}")
            continue
        confirm(f"Delete {said} of an earlier export in {where}: {_some(each.files)}?", yes=yes)
        done = each.delete()
        out.note(f"Deleted {counted(len(done.deleted), 'file')} of an earlier export.")
        if done.changed:
            said = counted(len(done.changed), "file")
            out.warn(f"{said} stayed, changed since the export that wrote them: {_some(done.changed)}.")


def _some(names: Collection[str]) -> str:
    return ", ".join(map(visible, islice(names, _NAMED))) + (", ..." if len(names) > _NAMED else "")


def _check_delete(as_: str | None, output: Path | None, *, delete: bool, yes: bool) -> None:
    """Raise InvalidInput, before anything is written, where no file can be deleted, or nobody can be asked."""
    if not delete or output is None:
        return
    if as_ == "parquet" or (as_ != "personas" and output.suffix.lower() in _FILES and not output.is_dir()):
        raise InvalidInput(
            f"delete is given, and output is {shown(str(output))}, one file that is always written as a whole.",
            hint="Leave out --delete.",
        )
    if not yes and not can_ask():
        raise InvalidInput(
            "delete is given, which asks before it deletes files, and there is no terminal to ask on.",
            hint="Say --yes to go ahead.",
        )


def _left_out(count: int, hint: str) -> StorageError:
    return StorageError(
        f"{counted(count, 'avatar is', 'avatars are')} left out: files are damaged or missing.", hint=hint
    )


def _one(field: str, given: Sequence[str] | None, beside: str) -> str | None:
    """Return the one value of all pictures. Raises InvalidInput for several; ``beside`` are options of the way out."""
    different = list(dict.fromkeys(given or ()))
    if len(different) > 1:
        commands = (f"avatar export -o {visible(each)} {beside}--{field} {visible(each)}" for each in different)
        raise InvalidInput(
            f"{field} is given as {' and as '.join(map(shown, different))}, and an export has one.",
            hint=f"Export twice: {'; '.join(commands)}",
        )
    return different[0] if different else None


def _warn_of_repeated(out: Output, split: str, count: int) -> None:
    said = counted(count, "avatar is", "avatars are")
    out.warn(f"{said} in the split {split}, too: a model is tested with what it was trained with.")


def _refuse(field: str, others: Mapping[str, object]) -> None:
    """Raise InvalidInput for an option that another has no use for."""
    for name, value in others.items():
        if value is not None:
            raise InvalidInput(f"{field} and {name} are both given.", hint="Leave out one of them.")


def _refuse_without(field: str, others: Mapping[str, tuple[object, str]]) -> None:
    """Raise InvalidInput for an option that needs another, which is not given; each with what to say."""
    for name, (value, needed) in others.items():
        if value is not None:
            raise InvalidInput(f"{name} is given without {field}: it is for data sets.", hint=f"Say {needed}, too.")


def _unpushed(output: Path | None, others: Mapping[str, bool]) -> Path:
    """Return where to export to. Raises InvalidInput for what is for a push alone."""
    if output is None:
        raise InvalidInput("output is not given.", hint="Say where to: --output FOLDER; or --push NAME")
    for name in (name for name, value in others.items() if value):
        raise InvalidInput(f"{name} is given without push.", hint="Say where to: --push NAME; or leave it out.")
    return output


def _stream(out: Output, records: Iterator[Any], line: Callable[[Any], Sequence[object]]) -> None:
    """Print each as it is done; a terminal has the bar, and what is said at the end."""
    out.records(records, line, None)
