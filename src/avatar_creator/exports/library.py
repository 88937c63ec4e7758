"""Avatars on their way out: pictures, manifests, and all rows, from which a library can be made again."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from avatar_creator._version import __version__
from avatar_creator.archives.layout import DELIVERY, RECORDS, Head
from avatar_creator.archives.writing import Target
from avatar_creator.domain.records import Avatar
from avatar_creator.exports.at_once import at_once
from avatar_creator.exports.delivery import Delivery
from avatar_creator.exports.earlier import EarlierFiles, StaleFiles
from avatar_creator.exports.formats import FORMATS
from avatar_creator.exports.made import HEAD, MadeFiles, line
from avatar_creator.exports.manifest import Line, columns
from avatar_creator.exports.names import Names
from avatar_creator.exports.pictures import Exported, Job, PictureWriter, Written, format_of
from avatar_creator.exports.rejects import LostReject, RejectsOut
from avatar_creator.storage.exchange import SCHEMA, Exchange, Row
from avatar_creator.storage.pictures.images import PictureStore

_PORTION = 200  # avatars whose rows are read together


class _Needed(NamedTuple):
    """What the records of a portion need before them."""

    projects: Sequence[tuple[Row, Sequence[Row]]]
    presets: Sequence[Row]


class LibraryExport:
    """Writes avatars to a target. A manifest is a file with the name of its format behind the dot."""

    def __init__(
        self,
        exchange: Exchange,
        pictures: PictureStore,
        target: Target,
        *,
        manifests: Sequence[str],
        delivery: Delivery,
    ) -> None:
        self._exchange = exchange
        self._pictures = pictures
        self._target = target
        self._manifests = manifests
        self._delivery = delivery
        wanted = delivery.wanted
        self._columns = columns(wanted.sizes if wanted else (), has_lives=delivery.records)

    def run(
        self,
        avatars: Iterable[Avatar],
        names: Names,
        *,
        is_whole: bool = False,
        projects: Collection[str] = (),
        on_stale: Callable[[StaleFiles], None] = lambda _files: None,
        on_lost: Callable[[LostReject], None] = lambda _reject: None,
    ) -> Generator[Exported, None, None]:
        """Yield each as it is written; ``is_whole``: all of a library, with presets and projects that nobody uses.

        With what is known of avatars go their rejects, and those of avatars that were never completed if the library
        is whole, or their project one of ``projects``. ``on_lost`` gets those whose files are damaged or gone.

        One whose files are damaged or gone is left out, and says so. ``on_stale`` gets the files of an earlier
        export that are still there, and that this one does not write. Raises StorageError when the target refuses what
        is written.
        """
        with self._target.claimed():
            earlier = EarlierFiles(self._target)
            with ExitStack() as until:
                files = _Files(until, self._target, self._delivery, self._manifests, self._columns)
                made_files = MadeFiles(self._target) if self._delivery.wanted else None
                if made_files:
                    until.enter_context(made_files.opened())
                files.records.add_presets(self._exchange.read_presets() if is_whole else ())
                files.records.add_projects(self._exchange.read_projects() if is_whole else ())
                writer = PictureWriter(self._pictures, self._target, self._delivery, made_files)
                rejects = RejectsOut(self._exchange, None if is_whole else projects) if self._delivery.records else None
                jobs = self._jobs(avatars, names)
                for (needed, _), written in at_once(lambda item: writer.write(item[1]), jobs):
                    if needed:
                        files.records.add_projects(needed.projects)
                        files.records.add_presets(needed.presets)
                    files.add(written)
                    earlier.spare(written.exported.files if written.exported.error else ())
                    if rejects:
                        rejects.note(written.exported.id)
                    yield written.exported
                for row, reject in rejects.write(writer) if rejects else ():
                    if isinstance(reject, LostReject):
                        on_lost(reject)
                    else:
                        files.records.add_projects(self._exchange.read_projects([row["project_id"]]))
                        files.records.add(reject.as_json())
                        files.rejects += 1
                files.end(earlier)
            stale = earlier.stale()
            self._target.finish()
        if stale.files:
            on_stale(stale)

    def _jobs(self, avatars: Iterable[Avatar], names: Names) -> Iterator[tuple[_Needed | None, Job]]:
        waiting = iter(avatars)
        needed: _Needed | None = None
        while portion := list(islice(waiting, _PORTION)):
            rows = {each.avatar["id"]: each for each in self._exchange.read([avatar.id for avatar in portion])}
            if self._delivery.records:
                used = {avatar.preset for avatar in portion if avatar.preset is not None}
                projects = self._exchange.read_projects(dict.fromkeys(each.project_id for each in portion))
                needed = _Needed(projects, self._exchange.read_presets(used) if used else ())
            for avatar in portion:
                if avatar.id in rows:  # else it was deleted meanwhile
                    files = names.all_of(avatar, format_of(avatar, self._delivery.wanted))
                    yield needed, Job(avatar, rows[avatar.id], files)
                    needed = None


class _Files:
    """The files that have a line for each avatar, in the order of the avatars."""

    def __init__(
        self, until: ExitStack, target: Target, delivery: Delivery, manifests: Sequence[str], names: Sequence[str]
    ) -> None:
        self._names = names
        self._count = self.rejects = 0
        self._delivery: BinaryIO | None = None
        records = None
        if delivery.records:
            records = until.enter_context(target.opened(RECORDS))
            records.write(line(Head(SCHEMA, __version__).as_json()))
        if delivery.wanted:
            self._delivery = until.enter_context(target.opened(DELIVERY))
            self._delivery.write(line(HEAD))
        self.records = _Records(records)
        self._manifests = [(FORMATS[name], until.enter_context(self._opened(target, name))) for name in manifests]

    @contextmanager
    def _opened(self, target: Target, name: str) -> Iterator[BinaryIO]:
        with target.opened(f"manifest.{name}") as file:
            _write(file, FORMATS[name].head(self._names))
            yield file

    def add(self, written: Written) -> None:
        if written.entry is None:
            return
        self._count += 1
        is_first = self._count == 1
        if written.record:
            self.records.add(written.record.as_json())
        if self._delivery:
            self._delivery.writelines(line(made.as_json()) for made in written.made)
        for format_, file in self._manifests:
            line_ = format_.line(Line(written.entry.as_json(self._names), written.entry.preview))
            _write(file, line_ if is_first else f"{format_.between}{line_}")

    def end(self, earlier: EarlierFiles) -> None:
        """Write what stands behind the avatars; what stays of earlier exports first, as these lists forget it."""
        if self._delivery:
            self._delivery.writelines(earlier.lines())
        else:
            earlier.write()
        self.records.add({"kind": "end", "avatars": self._count, "rejects": self.rejects})
        for format_, file in self._manifests:
            _write(file, format_.tail)


class _Records:
    """The file of records, if there is to be one; a project and a preset have one line each."""

    def __init__(self, file: BinaryIO | None) -> None:
        self._file = file
        self._added: set[str] = set()

    def add(self, record: Mapping[str, Any]) -> None:
        if self._file:
            self._file.write(line(record))

    def add_projects(self, projects: Iterable[tuple[Row, Sequence[Row]]]) -> None:
        for project, casts in projects:
            self._add_once(project["id"], {"kind": "project", "project": project, "casts": casts})

    def add_presets(self, presets: Iterable[Row]) -> None:
        for preset in presets:
            self._add_once(preset["name"], {"kind": "preset", "preset": preset})

    def _add_once(self, key: str, record: Mapping[str, Any]) -> None:
        if key not in self._added:
            self._added.add(key)
            self.add(record)


def _write(file: BinaryIO, text: str) -> None:
    file.write(text.encode(errors="replace"))
