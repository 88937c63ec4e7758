"""Avatars of what picture files say of themselves. Anybody may have written that: it is cleaned, or left out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.archives.layout import PICTURE_BYTES_MOST
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import NAME_LONGEST, Persona
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, Embed
from avatar_creator.domain.records import ALT_TEXT_LONGEST, SourceType
from avatar_creator.domain.text import clean_line, trimmed, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.lines import check_readable
from avatar_creator.imports.rows import clean_row
from avatar_creator.storage.exchange import Row, Tables
from avatar_creator.storage.pictures.images import StoredPicture
from avatar_creator.storage.pictures.inspection import FileMarks, inspect_file
from avatar_creator.storage.pictures.intake import examine
from avatar_creator.storage.pictures.preparation import PreparedPicture, prepare
from avatar_creator.storage.rows import NewAvatar

# The name of an avatar's file: its id, which of its pictures it is, and at which try it was made.
_NAMED = re.compile(r"(av_[0-9a-hjkmnp-tv-z]{13})(?:-v([1-9]\d{0,5}))?(?:-\d{1,6})?", re.ASCII)
_PROMPT_LONGEST = 20_000
_MODEL_LONGEST = 200


class PictureFile(NamedTuple):
    """A picture file that was decoded: what is stored of it, and what it says of itself."""

    path: Path
    picture: PreparedPicture
    marks: FileMarks
    original_sha256: str
    credit: str | None
    modified_at: str

    @property
    def recipe(self) -> Mapping[str, Any]:
        return self.marks.recipe or {}


def read_file(path: Path, *, as_it_is: bool) -> PictureFile:
    """Decode a picture, in another process; of one that has no recipe of ours only the pixels are taken.

    ``as_it_is``: nothing of it is left out. Raises InvalidInput for what is no picture that can be stored.
    """
    marks = inspect_file(path)
    intake = examine(path, keep_metadata=as_it_is or bool(marks.recipe), bytes_most=PICTURE_BYTES_MOST)
    picture = prepare(intake.data, intake.format, None, Embed.NONE, intake.thumbnail)
    modified = datetime.fromtimestamp(max(0, min(path.stat().st_mtime, datetime.now(UTC).timestamp())), UTC)
    at = modified.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    credit = intake.credit or (marks.credit.text if marks.credit and marks.recipe else None)
    return PictureFile(path, picture, marks, intake.original_sha256, credit, at)


def named(stem: str) -> tuple[str, int] | None:
    """Return the id and the version of which a file is the picture by its name, None if it has no name of ours."""
    found = _NAMED.fullmatch(stem)
    return None if found is None else (found[1], int(found[2] or 1))


def row_of(file: PictureFile, stored: StoredPicture, avatar_id: str, project_id: str, tables: Tables) -> Row:
    """Return the row of a file's avatar: by its recipe, if it has one that can be used, else as an upload."""
    if file.recipe:
        try:
            new = _drawn(file, stored, avatar_id, project_id)
            row = clean_row(tables, "avatars", new.values(file.modified_at))
            check_readable(row)
        except (InvalidInput, TypeError, ValueError, KeyError, AttributeError):  # somebody else wrote it
            pass
        else:
            return row
    new = _uploaded(file, stored, avatar_id, project_id)
    return clean_row(tables, "avatars", new.values(file.modified_at))


def _drawn(file: PictureFile, stored: StoredPicture, avatar_id: str, project_id: str) -> NewAvatar:
    recipe, marks = file.recipe, file.marks
    said = Persona.from_json(recipe["persona"])
    persona = Persona(said.name, said.age, said.personality)
    wanted = Attributes.from_json(recipe["attributes"])
    return NewAvatar(
        id=avatar_id,
        project_id=project_id,
        name=_line(marks.title, NAME_LONGEST) or persona.name or _name(file.path),
        persona=persona,
        attributes=Attributes(**{each.name: getattr(wanted, each.name) for each in ATTRIBUTES}),
        source_type=SourceType.TEXT_TO_IMAGE,
        picture=stored,
        engine=clean_line("engine", recipe["engine"], longest=_MODEL_LONGEST),
        model=_line(recipe["model"], _MODEL_LONGEST),
        prompt=_line(recipe["prompt"], _PROMPT_LONGEST),
        full_prompt=_line(recipe["full_prompt"], _PROMPT_LONGEST),
        negative_prompt=_line(recipe["negative_prompt"], _PROMPT_LONGEST),
        seed=recipe["seed"],
        recipe=recipe,
        credit=_line(file.credit, _PROMPT_LONGEST),
        alt_text=_line(marks.alt_text, ALT_TEXT_LONGEST),
    )


def _uploaded(file: PictureFile, stored: StoredPicture, avatar_id: str, project_id: str) -> NewAvatar:
    """Return the avatar of a picture of another tool, with the prompt, seed and model that it states."""
    marks = file.marks
    seed = marks.seed if marks.seed is not None and SEED_LEAST <= marks.seed <= SEED_MOST else None
    prompt = _line(marks.prompt, _PROMPT_LONGEST)
    return NewAvatar(
        id=avatar_id,
        project_id=project_id,
        name=_line(marks.title, NAME_LONGEST) or _name(file.path),
        persona=Persona(),
        attributes=Attributes(),
        source_type=SourceType.UPLOADED,
        picture=stored,
        original_sha256=file.original_sha256,
        model=_line(marks.model, _MODEL_LONGEST),
        prompt=prompt,
        full_prompt=prompt,
        negative_prompt=_line(marks.negative_prompt, _PROMPT_LONGEST),
        seed=seed,
        credit=_line(file.credit, _PROMPT_LONGEST),
        alt_text=_line(marks.alt_text, ALT_TEXT_LONGEST),
    )


def _line(text: str | None, longest: int) -> str | None:
    """Return what a file says as one line that a terminal shows as it is; None for nothing."""
    return visible(trimmed(text or ""))[:longest].strip() or None


def _name(path: Path) -> str:
    return visible(trimmed(path.stem) or path.stem)[:NAME_LONGEST].strip() or "Upload"
