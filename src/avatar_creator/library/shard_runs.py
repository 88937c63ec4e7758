"""A shard that is made, in a home of its own: so a killed one goes on, and what it paid for is not paid twice."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from errno import EACCES, ENOLCK, ENOSYS, ENOTSUP, EPERM, EROFS
from pathlib import Path
from typing import Any, NamedTuple, cast

from avatar_creator.app import App
from avatar_creator.archives.reading import open_archive
from avatar_creator.domain.batch import State
from avatar_creator.domain.check import Check
from avatar_creator.domain.choices import member
from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.prompt import PromptStyle
from avatar_creator.domain.text import shown, visible
from avatar_creator.engines.table import decisive
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.exports.shards import shard_tar
from avatar_creator.home import OWNER_FOLDER, Home, is_others, make_folder, sync_folder
from avatar_creator.imports.shards import ShardImport
from avatar_creator.jobs.batch.plan import PORTION, Planner, in_portions
from avatar_creator.jobs.batch.rows import Rows, Wanted
from avatar_creator.jobs.batch.states import Found
from avatar_creator.library.batch import Batch
from avatar_creator.library.batches import Batches
from avatar_creator.library.request import BatchChoices
from avatar_creator.settings.values import OPTIONS_UNSET, Settings
from avatar_creator.shards.layout import DONE, FailedPicture, ShardHead, ShardResult, shard_name
from avatar_creator.shards.plan import OpenedPlan, read_plan
from avatar_creator.shards.reading import has_whole_pictures, read_head, read_result
from avatar_creator.shards.rows import ShardRows
from avatar_creator.storage.durable import refused, remove_left
from avatar_creator.storage.filesystem import find_network_type
from avatar_creator.storage.locks import Lock

_WORK = ".work"
_DECISIVE = {"format": PictureFormat, "embed": Embed, "prompt_style": PromptStyle, "check": Check}


class ShardRun(NamedTuple):
    """A shard of a plan, the file that is made of it, and the home that it is made in.

    ``done`` says what is in that file, if it is there and its lists are whole; ``wrong`` says why it cannot be used.
    With ``retry_failed`` what failed, or is damaged there, is to be made again.
    """

    plan: OpenedPlan
    number: int
    rows: Path
    path: Path
    home: Home
    retry_failed: bool
    done: ShardResult | None = None
    wrong: str | None = None

    @property
    def head(self) -> ShardHead:
        file = self.plan.file
        return ShardHead(
            self.plan.sha256, self.number, len(file.shards), file.shards[self.number].pictures, file.program
        )

    @property
    def said(self) -> str:
        """How messages name it."""
        return f"Shard {self.number} of {len(self.plan.file.shards)}"

    @property
    def made(self) -> ShardResult | None:
        """What is in the file, if nothing is to be made of it any more."""
        done = self.done
        if done is not None and self.retry_failed and (done.failed or not _has_whole_pictures(self.path)):
            return None
        return done

    @contextmanager
    def claimed(self) -> Iterator["ShardRun"]:
        """Have the home of this shard alone; yield it with what is made of it by now.

        Raises StorageError where another process makes it there.
        """
        root = self.home.root
        try:
            make_folder(root.parent, OWNER_FOLDER)
            make_folder(root, OWNER_FOLDER)
            above = root.parent  # in a folder of everybody's, who has this one could put another in the home's place
            is_open = above.parent == Path(tempfile.gettempdir()) and is_others(above.stat())
            if is_open or is_others(root.stat()):
                raise StorageError(
                    f"'{visible(str(above if is_open else root))}' belongs to another user.",
                    hint="Name another folder: --work FOLDER",
                )
            lock = Lock(root / "shard.lock")
            if not lock.take(0):
                raise StorageError(
                    f"{self.said} is being made by another process, in '{visible(str(root))}'.",
                    hint="Wait until it is done.",
                )
        except OSError as error:
            raise _elsewhere(refused("written", root, error), error) from error
        try:
            yield _as_it_is(self)
        finally:
            lock.give_back()

    def discard(self) -> None:
        """Remove the home, of which all is in the file. For who has claimed it, and closed its library."""
        root = self.home.root
        with suppress(OSError):
            sync_folder(self.path.parent)  # whoever wrote the file may have been killed before that
            with suppress(OSError):  # Windows renames no folder with an open file
                root.rename(self._discarded)  # who is killed now leaves no home without its pictures
            for each in (root, self._discarded):
                shutil.rmtree(each, ignore_errors=True)
            root.parent.rmdir()  # unless other shards are made there, too

    def discard_left(self) -> None:
        """Remove what is left of making a shard that is made, if who made it was killed before that."""
        remove_left(self.path)
        if self.home.root.exists() or self._discarded.exists():
            with suppress(StorageError), self.claimed() as run:  # who has claimed it does that
                run.discard()

    @property
    def _discarded(self) -> Path:
        return self.home.root.with_suffix(".discarded")


class Written(NamedTuple):
    """What a shard came to: the file is there, unless pictures are ``left`` that nobody has tried to make."""

    result: ShardResult | None
    left: int


def open_run(
    app: App, plan: Path, number: int, *, output: Path | None, work: Path | None, retry_failed: bool
) -> ShardRun:
    """Return a shard to be made. Raises InvalidInput where plan or shard are not as planned, or another file is there.

    ``output`` is where its file goes, else a folder in that of the plan. ``work`` is where its home is, else beside the
    file; on a network file system, where no database can be, in the system's folder for what is temporary.
    """
    opened = read_plan(plan)
    rows = opened.shard(number)
    folder = opened.folder / DONE if output is None else output
    try:
        make_folder(folder)
    except OSError as error:
        raise _elsewhere(refused("made", folder, error), error) from error
    name = shard_name(number)
    if work is None:
        is_shared = find_network_type(folder) is not None
        work = Path(tempfile.gettempdir()) / f"avatar-{getattr(os, 'getuid', str)()}" if is_shared else folder / _WORK
    root = work.absolute() / f"{opened.sha256[:12]}-{name}"
    path = folder / f"{name}.tar"
    return _as_it_is(ShardRun(opened, number, rows, path, Home(root, app.home.root), retry_failed))


def _elsewhere(refusal: StorageError, error: OSError) -> StorageError:
    """Return the error with the way out of where nobody may write, as a plan often is for whoever makes its shards."""
    if error.errno in {EACCES, EPERM, EROFS}:
        refusal.hint = (
            "Name folders that can be written: --output FOLDER for the file, --work FOLDER until it is whole."
        )
    if error.errno in {ENOLCK, ENOSYS, ENOTSUP}:
        refusal.hint = "There are no locks: name a folder on a disk of this machine, --work FOLDER."
    return refusal


def _as_it_is(run: ShardRun) -> ShardRun:
    """Return a run with what is in its file now. Raises InvalidInput for a file of another shard."""
    path, plan, number = run.path, run.plan, run.number
    if not path.exists():
        return run._replace(done=None, wrong=None)
    try:
        head = read_head(path)
        if (head.plan, head.shard) == (plan.sha256, number):
            with open_archive(path) as archive:
                return run._replace(done=read_result(archive), wrong=None)
    except InvalidInput as error:
        return run._replace(done=None, wrong=error.message)
    what = "another plan" if head.plan != plan.sha256 else f"shard {head.shard}"
    raise InvalidInput(f"'{visible(str(path))}' was made of {what}.", hint="Name another folder: --output FOLDER")


def _has_whole_pictures(path: Path) -> bool:
    try:
        with open_archive(path) as archive:
            return has_whole_pictures(archive)
    except InvalidInput:
        return False


def begin(app: App, batches: Batches, run: ShardRun) -> Batch:
    """Return a shard as a batch of ``app``, which is that of its home. Raises InvalidInput."""
    plan = run.plan.file
    app.settings = planned_settings(app.settings, plan.settings)
    for name in plan.projects:
        app.generations.ensure_project(name)
    if run.done is not None:  # what was made elsewhere is not made, nor paid for, once more
        with open_archive(run.path) as archive:
            for _ in ShardImport(app.exchange, app.recipes, app.pictures).run(archive, None):
                pass
    rows = ShardRows(run.rows, run.said)  # presets were applied to them when it was planned
    return batches.open_rows(rows, retry_failed=run.retry_failed, is_whole=True, **cast("BatchChoices", plan.choices))


def planned_settings(own: Settings, planned: Mapping[str, Any]) -> Settings:
    """Return the settings of a home with those that decide pictures as they were planned.

    Others that are set in the home, such as the device, hold there. Raises InvalidInput.
    """
    values: dict[str, Any] = {
        name: member(_DECISIVE[name], name, value) if name in _DECISIVE else value for name, value in planned.items()
    }
    unknown = values.keys() - Settings._fields
    if unknown:
        raise InvalidInput(f"The plan has a setting {shown(min(unknown))}, which is none.", hint="Make it anew.")
    how = {name: value for name, value in own.options.items() if value is not None and not decisive({name: value})}
    return own._replace(**{**values, "options": {**OPTIONS_UNSET, **values.get("options", {}), **how}})


def write(app: App, run: ShardRun, planner: Planner, reading: Rows) -> Written:
    """Write what was made of a shard, once nothing is left to be made of it. Raises StorageError."""
    left = sum(1 for found in _found(planner, reading) for each in found if each.state in _LEFT)
    if left:
        return Written(None, left)
    with shard_tar(run.path, app.exchange, app.pictures, run.home.root) as tar:
        tar.begin(run.head)
        for found in _found(planner, reading):
            failed = [each for each in found if each.state is State.FAILED]
            tar.add(app.exchange.read([_avatar_id(each) for each in found if each.state is not State.FAILED]))
            for each in _failures(app, failed):
                tar.add_failed(each)
        tar.add_rejects()
        return Written(tar.finish(), 0)


_LEFT = {State.NEW, State.CHANGED, State.AGAIN, State.UNFINISHED, State.WAITING}


def _found(planner: Planner, reading: Rows) -> Iterator[list[Found]]:
    for portion in in_portions(reading, PORTION):
        yield planner.states([each for each in portion if isinstance(each, Wanted)])


def _avatar_id(found: Found) -> str:
    assert found.known is not None  # noqa: S101 - it was made
    return found.known.avatar_id


def _failures(app: App, failed: Sequence[Found]) -> Generator[FailedPicture, None, None]:
    ids = [each.known.generation_id or "" for each in failed if each.known]
    errors = {each.id: each.error for each in app.queries.find_by_ids(ids)}
    for each, id_ in zip(failed, ids, strict=True):
        wanted, error = each.wanted, errors.get(id_)
        row = wanted.row
        code, message = (error.code, error.message) if error else ("error", "It is not known any more why.")
        yield FailedPicture(row.number, wanted.n, wanted.recipe, row.persona.name, wanted.persona_id, code, message)
