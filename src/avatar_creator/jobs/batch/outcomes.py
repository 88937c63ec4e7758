"""How the pictures of a batch ended."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from avatar_creator.domain.batch import Result, RowOutcome, State
from avatar_creator.domain.lint import lint
from avatar_creator.domain.persona_row import BadRow, PersonaRow, Replaced
from avatar_creator.domain.records import Failure, Generation, Status
from avatar_creator.errors import AvatarError, EngineError, StorageError
from avatar_creator.jobs.batch.rows import Duplicate, Wanted
from avatar_creator.jobs.batch.states import Found

Planned = Found | Duplicate | BadRow


def outcome(wanted: Wanted, result: Result, *, avatar_id: str | None = None, **more: Any) -> RowOutcome:
    """Return how a picture ended. One that replaces that of an avatar is the avatar's, however it ended."""
    row = wanted.row
    if avatar_id is None and row.replaces is not None:
        avatar_id = row.replaces.avatar_id
    more |= {"avatar_id": avatar_id, "seed": wanted.seed}
    return RowOutcome(row.number, wanted.n, result, row.cells, row.persona.name, **more)


def made(wanted: Wanted, generation: Generation, error: AvatarError | None) -> RowOutcome:
    """Return how the generation of a picture ended, which this process was to make."""
    if generation.avatar is not None and error is None:
        avatar = generation.avatar
        return outcome(
            wanted,
            Result.MADE,
            avatar_id=avatar.id,
            path=generation.output_path or avatar.image_path,
            picture=avatar.image_path,
            error=None if generation.output_error is None else failure_of(StorageError(generation.output_error)),
            generation_id=generation.id,
            charged=generation.pictures or 0,
            warnings=_warnings(wanted.row, generation),
            is_instead="fallback" in avatar.recipe,
        )._replace(seed=avatar.seed)
    failure = generation.error or (Failure(error.code, error.message, error.hint) if error else None)
    return outcome(
        wanted,
        Result.CANCELLED if generation.status is Status.CANCELLED else Result.FAILED,
        avatar_id=generation.avatar_id,
        error=failure,
        generation_id=generation.id,
        ends_run=isinstance(error, EngineError) and error.ends_run,
        charged=generation.pictures or 0,
    )


def _warnings(row: PersonaRow, generation: Generation) -> tuple[str, ...]:
    return (*lint(row.persona, row.attributes, row.prompt), *generation.not_shown)


def failure_of(error: AvatarError) -> Failure:
    return Failure(error.code, error.message, error.hint)


def left(wanted: Wanted, failed: RowOutcome, replaced: Replaced, picture: Path) -> RowOutcome:
    """Return the outcome of a picture that failed, and whose avatar has one that stands for it."""
    why = failed.error.message if failed.error else ""
    return outcome(
        wanted,
        Result.LEFT,
        avatar_id=replaced.avatar_id,
        path=Path(replaced.place.path) if replaced.place else picture,
        picture=picture,
        generation_id=failed.generation_id,
        charged=failed.charged,
        warnings=(f"Left as before, by {replaced.engine}, since {wanted.means.engine} failed: {why}",),
    )


def bad(row: BadRow) -> RowOutcome:
    said = "; ".join(problem.message for problem in row.problems)
    return RowOutcome(row.number, 1, Result.BAD, row.cells, error=Failure("invalid", said, None))


def refused(wanted: Wanted, error: AvatarError) -> RowOutcome:
    """Return the outcome of a picture of which no request can be made."""
    return outcome(wanted, Result.BAD, error=failure_of(error))._replace(seed=None)


def duplicate(row: Duplicate) -> RowOutcome:
    return RowOutcome(row.row.number, row.n, Result.DUPLICATE, row.row.cells, row.row.persona.name, duplicate_of=row.of)


def of_planned(planned: Planned, paths: Mapping[str, Path], copy: Path | None) -> RowOutcome:
    """Return a row or a picture as it is before the batch; ``paths`` are those of pictures, by avatar."""
    if isinstance(planned, BadRow):
        return bad(planned)
    if isinstance(planned, Duplicate):
        return duplicate(planned)
    known = planned.known
    if planned.state is State.EXISTS and known is not None:
        picture = paths.get(known.avatar_id)
        return outcome(planned.wanted, Result.EXISTS, avatar_id=known.avatar_id, path=copy or picture, picture=picture)
    return outcome(planned.wanted, Result.FAILED if planned.state is State.FAILED else Result.QUEUED)
