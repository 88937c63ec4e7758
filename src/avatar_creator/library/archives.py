"""Avatars that leave a library, and those that come into it."""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator import jobs, services
from avatar_creator.app import App
from avatar_creator.archives.layout import DELIVERY, RECORDS
from avatar_creator.archives.reading import open_archive
from avatar_creator.archives.writing import Target
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.picture import SUFFIXES
from avatar_creator.domain.text import nearest, shown
from avatar_creator.errors import InvalidInput
from avatar_creator.exports import single
from avatar_creator.exports.checking import CheckedFile, check
from avatar_creator.exports.delivery import Delivery, checked_sizes
from avatar_creator.exports.formats import FORMATS
from avatar_creator.exports.library import LibraryExport
from avatar_creator.exports.names import USUAL, Names
from avatar_creator.imports.library import LibraryImport
from avatar_creator.library.new_files import path_to_write

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar
    from avatar_creator.exports.earlier import StaleFiles
    from avatar_creator.exports.pictures import Exported
    from avatar_creator.exports.rejects import LostReject
    from avatar_creator.imports.results import Imported
    from avatar_creator.services.reindex import Reindexed


def _refuse_beside_a_picture(path: Path, others: Mapping[str, object], names: str) -> None:
    """Raise InvalidInput for what says something of files of an export that is one picture."""
    said = {**others, "names": None if names == USUAL else names}
    for field, value in said.items():
        if value is not None:
            raise InvalidInput(
                f"output is {shown(str(path))}, one picture, and {field} is given.",
                hint=f"Leave out {field}, or give a folder.",
            )


class Archives:
    """Folders, ZIP and TAR files with avatars and all that is known of them."""

    def __init__(self, app: App) -> None:
        self._app = app

    def export(
        self,
        avatars: "Iterable[Avatar]",
        path: Path | str,
        *,
        names: str = USUAL,
        manifests: Sequence[str] | None = None,
        sizes: Iterable[int] = (),
        shape: str | None = None,
        format_: str | None = None,
        embed: str | None = None,
        records: bool | None = None,
        is_whole: bool = False,
        projects: Collection[str] = (),
        force: bool = False,
        on_stale: "Callable[[StaleFiles], None]" = lambda _files: None,
        on_lost: "Callable[[LostReject], None]" = lambda _reject: None,
    ) -> "Generator[Exported, None, None]":
        """Write avatars into a folder, or into a file whose suffix is .zip or .tar; yield each as it is written.

        One avatar can be written as a picture: a file whose suffix is that of a format. Without ``manifests`` there is
        one as CSV. With ``sizes``, a ``shape``, a ``format_`` or ``embed``, pictures are made for others: then what the
        library knows of the avatars is left out, unless ``records`` is true. Close it to end it early: the same call
        goes on from there. ``is_whole`` says that they are all of the library, ``projects`` that they are all of those,
        by id: then all rejects go with them, else those of the avatars. ``on_lost`` gets rejects whose files are
        damaged. ``on_stale`` gets the files of earlier exports that stay in the folder, and can delete them.
        Raises InvalidInput for the path, the names and all that is asked for, StorageError when the disk refuses it.
        """
        path = path_of("output", path)
        suffix = SUFFIXES.get(path.suffix.lower())
        if suffix and not path.is_dir():
            _refuse_beside_a_picture(path, {"manifest": manifests, "records": records or None}, names)
            asked = Delivery.of(sizes=sizes, shape=shape, format_=format_, suffix=suffix, embed=embed)
            avatar = single.one_of(avatars, path, suffix)
            is_so = avatar.format == suffix and not (sizes or shape or format_ or embed)
            wanted = None if is_so else single.wanted_of_one(asked, path)
            return single.write(avatar, path_to_write("output", path, force=force), wanted)
        manifests = ("csv",) if manifests is None else manifests
        for name in manifests:
            if name not in FORMATS:
                near = nearest(name, list(FORMATS))
                raise InvalidInput(
                    f"manifest is {shown(name)}, which is no format.",
                    hint=f"{f'Did you mean {near}? ' if near else ''}Formats: {', '.join(FORMATS)}.",
                )
        sizes = checked_sizes(sizes)
        named = Names(names, sizes)
        delivery = Delivery.of(
            sizes=sizes, shape=shape, format_=format_, suffix=named.format, embed=embed, records=records
        )
        mark = RECORDS if delivery.records else DELIVERY
        target = Target(path, mark=mark, force=force)
        export = LibraryExport(self._app.exchange, self._app.pictures, target, manifests=manifests, delivery=delivery)
        return export.run(avatars, named, is_whole=is_whole, projects=projects, on_stale=on_stale, on_lost=on_lost)

    def verify(self, path: Path | str) -> "Generator[CheckedFile, None, None]":
        """Yield whether each file of an export is what was written, as it is read. Nothing is taken in or changed.

        Raises InvalidInput for what is no export, or whose lists of files are damaged.
        """
        with open_archive(path_of("file", path)) as archive:
            yield from check(archive)

    def import_(
        self, path: Path | str, *, on_checked: Callable[[int], None] = lambda _avatars: None
    ) -> "Generator[Imported, None, None]":
        """Take in the avatars of an archive, each as it is yielded; those that are here stay as they are.

        ``on_checked`` gets how many there are, before the first. One with a damaged file is left out, and says so.
        Raises InvalidInput for what is no archive of ours, or whose records are damaged: then nothing is taken in.
        """
        with open_archive(path_of("file", path)) as archive:
            take = LibraryImport(self._app.exchange, self._app.pictures, self._app.home.runners)
            yield from take.run(archive, on_checked=on_checked)

    def reindex(self, folder: Path | str, *, project: str | None = None) -> "Generator[Reindexed, None, None]":
        """Add what picture files below a folder say of themselves, each file as it is yielded.

        Those in the home's own folder of pictures get the ids that their names have. Raises InvalidInput for what is no
        folder, NotFound for the project.
        """
        app = self._app
        chosen = jobs.projects.project_for(
            app.queries, app.generations, project or app.settings.project, default=app.settings.project
        )
        yield from services.reindex.Reindexer(app.exchange, app.pictures, app.home.runners).run(
            path_of("folder", folder), chosen
        )
