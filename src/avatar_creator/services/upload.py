"""Adding pictures from files: file -> checked and cleaned -> stored -> row."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from avatar_creator import quality
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import NAME_LONGEST, Persona
from avatar_creator.domain.picture import Embed
from avatar_creator.domain.records import Avatar, SourceType
from avatar_creator.domain.text import clean_line, trimmed, visible
from avatar_creator.jobs.projects import project_for
from avatar_creator.storage import ids
from avatar_creator.storage.catalog import Catalog, DuplicateUpload
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.intake import Intake, examine
from avatar_creator.storage.pictures.preparation import prepare
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.rows import NewAvatar


@dataclass(frozen=True, slots=True)
class Upload:
    """The avatar of a file; not ``added`` when the project had the same file already.

    ``notices`` say what was left out beside metadata, a sentence each.
    """

    avatar: Avatar
    added: bool
    notices: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.avatar.id

    def as_json(self) -> dict[str, Any]:
        return self.avatar.as_json() | {"added": self.added}


class Uploader:
    """Adds pictures to the library."""

    def __init__(
        self,
        queries: Queries,
        generations: Generations,
        catalog: Catalog,
        pictures: PictureStore,
        runners: Path,
        default_project: str,
    ) -> None:
        self._queries = queries
        self._generations = generations
        self._catalog = catalog
        self._pictures = pictures
        self._runners = runners
        self._default_project = default_project

    def add(
        self,
        path: Path,
        *,
        project: str | None = None,
        name: str | None = None,
        persona: Persona | None = None,
        attributes: Attributes | None = None,
        keep_metadata: bool = False,
    ) -> Upload:
        """Add one file. Raises InvalidInput if it is no picture that can be stored, NotFound for the project."""
        persona = persona or Persona()
        intake = examine(path, keep_metadata=keep_metadata)
        if name is None:
            name = persona.name or visible(trimmed(path.stem) or path.stem)[:NAME_LONGEST].strip() or "Upload"
        name = clean_line("name", name, longest=NAME_LONGEST)
        project_id = project_for(
            self._queries, self._generations, project or self._default_project, default=self._default_project
        )
        known = self._queries.find_original(project_id, intake.original_sha256)
        if known is not None:
            return Upload(known, added=False)
        new = NewAvatar(
            id=ids.new_id(ids.AVATAR),
            project_id=project_id,
            name=name,
            persona=persona,
            attributes=attributes or Attributes(),
            source_type=SourceType.UPLOADED,
            original_sha256=intake.original_sha256,
            credit=intake.credit,
        )
        with ProcessLock(self._runners):  # as long as it lives, the doctor leaves files without a row alone
            return self._add(new, intake)

    def _add(self, new: NewAvatar, intake: Intake) -> Upload:
        self._generations.check_home()
        thumbnail = quality.checking.face_thumbnail(intake.data) or intake.thumbnail
        stored = self._pictures.save(new.id, prepare(intake.data, intake.format, None, Embed.NONE, thumbnail))
        try:
            self._catalog.add_avatar(replace(new, picture=stored))
        except BaseException as error:
            # An interrupt is raised after the commit, so the row may be there: then its files stay.
            if not self._queries.has_avatar(new.id):
                self._pictures.remove(stored.image_path, stored.thumbnail_path)
            known = self._queries.find_original(new.project_id, intake.original_sha256)
            if isinstance(error, DuplicateUpload) and known is not None:  # another shell was quicker
                return Upload(known, added=False)
            raise
        return Upload(self._queries.get_avatar(new.id), added=True, notices=intake.notices)
