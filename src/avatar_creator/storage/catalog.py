"""What is edited as objects: projects, avatars, usage."""

import json
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import delete, event, func
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, col, create_engine, select

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.choices import check_names
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import CLEARABLE_TEXTS, EDITABLE_TEXTS, PROJECT_NAME_LONGEST
from avatar_creator.domain.stats import Use
from avatar_creator.domain.text import clean_line, expect, fold, shown
from avatar_creator.errors import AvatarError, InvalidInput, NotFound, StorageError
from avatar_creator.storage import ids
from avatar_creator.storage.database import Connection, connect, not_storable, now, storage_error
from avatar_creator.storage.portions import GAP_S, PORTION_S
from avatar_creator.storage.rows import NewAvatar, persona_values
from avatar_creator.storage.sharing import closed_while_used, in_use
from avatar_creator.storage.suspension import uninterrupted
from avatar_creator.storage.tables import AvatarRow, GenerationRow, ProjectRow, UsageEventRow

DESCRIPTION_LONGEST = 500
_FEW = 1000  # rows that are removed at once: it takes some hundredths of a second

# Columns that may be without a value, and what stands there then.
_CLEARABLE = persona_values(Persona()) | Attributes().as_json() | dict.fromkeys(CLEARABLE_TEXTS)
_FILES = ("image_path", "thumbnail_path")
_AVATARS = sqlalchemy.table("avatars", *map(sqlalchemy.column, ("id", *_FILES)))
_REJECTS = sqlalchemy.table("rejects", *map(sqlalchemy.column, ("avatar_id", "project_id", *_FILES)))
_VERSIONS = sqlalchemy.table("avatar_versions", *map(sqlalchemy.column, ("avatar_id", *_FILES)))


class DuplicateUpload(InvalidInput):
    """The project has an avatar from the same file."""


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of a picture, below the pictures folder."""

    image_path: str
    thumbnail_path: str


class Catalog:
    """Adds, edits and removes; each method is one transaction."""

    def __init__(self, path: Path, backups: Path) -> None:
        self._path = path
        self._connection: Connection | None = None
        self._closed = False

        def open_plain() -> Connection:
            self._connection = connect(path, backups)
            self._connection.row_factory = None  # SQLAlchemy wants tuples
            return self._connection

        self._engine = create_engine("sqlite://", creator=open_plain, poolclass=StaticPool)

        @event.listens_for(self._engine, "begin")
        def begin_immediate(connection: sqlalchemy.Connection) -> None:  # SQLAlchemy would begin deferred
            self._check_home()
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Close the database, for good."""
        self._closed = True
        if self._connection is not None:
            self._connection.close()

    def _check_home(self) -> None:
        if self._connection is not None:
            self._connection.check_home()

    # -- projects

    def add_project(self, name: str, description: str | None = None) -> str:
        """Add a project and return its id. Raises InvalidInput if the name is taken."""
        at = now()
        row = ProjectRow(
            id=ids.new_id(ids.PROJECT),
            name=clean_line("project name", name, longest=PROJECT_NAME_LONGEST),
            description=_description(description),
            created_at=at,
            updated_at=at,
        )
        id_ = row.id
        with self._session() as session:
            _refuse_taken(session, row.name)
            session.add(row)
        return id_

    def edit_project(self, id_: str, *, name: str | None = None, description: str | None = None) -> None:
        """Change what is not None; an empty description removes it. Raises NotFound, InvalidInput."""
        with self._session() as session:
            row = _got(session.get(ProjectRow, id_), "project", id_)
            if name is not None:
                name = clean_line("project name", name, longest=PROJECT_NAME_LONGEST)
                if fold(name) != fold(row.name):
                    _refuse_taken(session, name)
                row.name = name
            if description is not None:
                row.description = _description(description)
            row.updated_at = now()

    def thin_project(self, id_: str) -> Iterator[list[Files]]:
        """Remove generations and avatars of a project until it has few; yield files that nothing names any more.

        It is done in turns, so that others can write: only few are removed together with the project.
        """
        removed: list[Files] | None = []
        while removed is not None:
            removed = self._thin(id_)
            if removed is not None:
                yield removed
                time.sleep(GAP_S)

    def _thin(self, id_: str) -> list[Files] | None:
        """Remove rows of a project for the time of a turn; None if it has but few."""
        files: list[Files] = []
        until_s = time.monotonic() + PORTION_S
        with self._session() as session:
            for table in (GenerationRow, AvatarRow):
                of_project = col(table.project_id) == id_
                while session.exec(select(table.id).where(of_project).offset(_FEW).limit(1)).first():
                    some = select(table.id).where(of_project).order_by(col(table.id)).limit(_FEW)
                    files += _files_of(session, some) if table is AvatarRow else []
                    session.execute(delete(table).where(col(table.id).in_(some)))
                    if time.monotonic() >= until_s:
                        return files
        return files or None

    def remove_project(self, id_: str) -> list[Files]:
        """Remove a project with its avatars and generations; return the files that nothing names any more."""
        with self._session() as session:
            row = _got(session.get(ProjectRow, id_), "project", id_)
            files = _files_of(session, select(AvatarRow.id).where(AvatarRow.project_id == id_))
            session.execute(delete(AvatarRow).where(col(AvatarRow.project_id) == id_))
            files += _files_in(session, (_REJECTS, _REJECTS.c.project_id == id_))  # of pictures that are no avatar's
            session.execute(sqlalchemy.delete(_REJECTS).where(_REJECTS.c.project_id == id_))
            session.execute(delete(GenerationRow).where(col(GenerationRow.project_id) == id_))
            session.delete(row)
        return files

    # -- avatars

    def add_avatar(self, new: NewAvatar) -> None:
        """Add the row of a picture that is on disk. Raises DuplicateUpload."""
        try:
            with self._session() as session:
                session.add(AvatarRow(**new.values(now())))
        except IntegrityError as error:
            if "original_sha256" not in str(error.orig):
                raise _storage_error(error, self._path) from error
            raise DuplicateUpload(
                f"The project has an avatar from the same file as {new.name} already.",
                hint="See: avatar list --source uploaded",
            ) from error

    def edit_avatar(
        self,
        id_: str,
        *,
        persona: Persona | None = None,
        attributes: Attributes | None = None,
        cleared: Collection[str] = (),
        **texts: str | None,
    ) -> None:
        """Replace what is given of each and clear the columns named in ``cleared``; the rest stays as it is by then.

        ``texts`` are those of `EDITABLE_TEXTS`, such as ``name``. Raises NotFound, InvalidInput.
        """
        check_names(texts, EDITABLE_TEXTS)
        if persona is not None:
            expect("persona", persona, Persona, "a Persona, such as Persona('Sarah')")
        if attributes is not None:
            expect("attributes", attributes, Attributes, "Attributes, such as Attributes(gender='female')")
        unknown = [column for column in cleared if column not in _CLEARABLE]
        if unknown:
            raise InvalidInput(f"cleared is {shown(unknown[0])}, which is no column.", hint=", ".join(_CLEARABLE))
        with self._session() as session:
            row = _got(session.get(AvatarRow, id_), "avatar", id_)
            for name, text in texts.items():
                if text is not None:
                    setattr(row, name, clean_line(name.replace("_", " "), text, longest=EDITABLE_TEXTS[name].longest))
            given = (persona_values(persona) if persona else {}) | (attributes.as_json() if attributes else {})
            changes = {column: value for column, value in given.items() if value != _CLEARABLE[column]}
            changes |= {column: _CLEARABLE[column] for column in cleared}
            for column, value in changes.items():
                setattr(row, column, value)
            row.updated_at = now()

    def remove_avatars(self, avatar_ids: Sequence[str]) -> list[Files]:
        """Remove avatars, all or none; return the files that nothing names any more. Raises NotFound."""
        with self._session() as session:
            files = _files_of(session, _listed(avatar_ids))
            for id_ in avatar_ids:
                session.delete(_got(session.get(AvatarRow, id_), "avatar", id_))
        return files

    # -- usage

    def add_usage(self, avatar_id: str, *, app: str, action: str, reference: str | None = None) -> str:
        """Record that an app used an avatar; return the event's id. Raises NotFound, InvalidInput."""
        at = now()
        event_row = UsageEventRow(
            id=ids.new_id(ids.USAGE_EVENT),
            avatar_id=avatar_id,
            **Use(app, action, reference).cleaned()._asdict(),
            created_at=at,
        )
        id_ = event_row.id
        with self._session() as session:
            row = _got(session.get(AvatarRow, avatar_id), "avatar", avatar_id)
            row.usage_count += 1
            row.last_used_at = at
            session.add(event_row)
        return id_

    # -- transactions

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            # An interrupt in the middle of SQLAlchemy's steps would leave the transaction, and its lock, to nobody.
            with uninterrupted(), in_use():
                if self._closed:  # the engine would open it again, and nobody would close that
                    raise closed_while_used()
                with Session(self._engine) as session, session.begin():
                    yield session
            self._check_home()
        except IntegrityError:
            raise
        except (UnicodeEncodeError, OverflowError) as error:
            raise not_storable(error) from error
        except StatementError as error:
            if isinstance(error.orig, UnicodeEncodeError | OverflowError):
                raise not_storable(error.orig) from error
            raise _storage_error(error, self._path) from error


def _listed(values: Sequence[str]) -> Any:
    """Return a statement that selects values, however many: those of a list are limited in number."""
    return sqlalchemy.select(func.json_each(json.dumps(list(values))).table_valued("value").c.value)


def _files_of(session: Session, avatar_ids: Any) -> list[Files]:
    """Return the files of avatars, which a statement names: those of all their pictures, and of those rejected."""
    return _files_in(
        session,
        (_AVATARS, _AVATARS.c.id.in_(avatar_ids)),
        (_VERSIONS, _VERSIONS.c.avatar_id.in_(avatar_ids)),
        (_REJECTS, _REJECTS.c.avatar_id.in_(avatar_ids)),
    )


def _files_in(session: Session, *selected: tuple[sqlalchemy.TableClause, Any]) -> list[Files]:
    """Return the files of the rows of tables that fulfil conditions."""
    pairs = (sqlalchemy.select(*(table.c[name] for name in _FILES)).where(condition) for table, condition in selected)
    return [Files(*pair) for pair in session.execute(sqlalchemy.union_all(*pairs))]


def _refuse_taken(session: Session, name: str) -> None:
    """Refuse a project name that another has in any case; the index on names knows the case of ASCII alone."""
    if session.exec(select(ProjectRow.id).where(func.folded(ProjectRow.name) == fold(name))).first():
        raise InvalidInput(
            f"A project named {shown(name)} exists already.",
            hint="Choose another name, or see: avatar project list",
        )


def _storage_error(error: StatementError, path: Path) -> AvatarError:
    return storage_error(error.orig, path) if isinstance(error.orig, sqlite3.Error) else StorageError(str(error))


_Row = TypeVar("_Row")


def _got(row: _Row | None, noun: str, id_: str) -> _Row:
    if row is None:
        raise NotFound(f"There is no {noun} {shown(id_)}.", hint="It was deleted meanwhile.")
    return row


def _description(text: str | None) -> str | None:
    return clean_line("description", text, longest=DESCRIPTION_LONGEST) if text else None
