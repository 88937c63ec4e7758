"""Avatars that are made anew, as a batch makes those whose rows changed."""

from typing import Any

from avatar_creator.domain.check import Fault, Reject
from avatar_creator.domain.records import Avatar, Failure
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.jobs.prepare import prepare
from avatar_creator.jobs.save import save
from avatar_creator.library import Library
from avatar_creator.storage import ids
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.new_generation import NewGeneration

RUNNER = ids.RUNNER + "0000000000000"
_ROW = ("recipe_hash", "persona_id", "version", "avatar_id", "replaces", "output_path", "output_folder")


class _Unwatched:
    def progress(self, _fraction: float) -> None:
        pass


def begin(library: Library, runner: str = RUNNER, **given: Any) -> tuple[Lease, GenerationRequest]:
    """Have a drawing begun, by default for a process that is dead.

    What is given is of its row, or as of `Library.request`.
    """
    row = {name: given.pop(name) for name in _ROW if name in given}
    usual: dict[str, Any] = {"engine": "offline", "width_px": 64, "height_px": 64, "seed": 5}
    plan = library.plan(library.request(**usual | given))
    project_id = library.app.generations.ensure_project("default")
    engine = plan.engine.model
    new = NewGeneration(project_id, "offline", engine, plan.seeds[0], plan.request_json(), owner=runner, **row)
    library.app.generations.add(new)
    claimed = library.app.leases.claim_owned(runner)
    assert claimed is not None
    lease = claimed.lease
    return lease, GenerationRequest.from_json(claimed.request, project="", engine=lease.engine, seed=lease.seed)


def finish(library: Library, lease: Lease, request: GenerationRequest) -> Avatar:
    """Have it drawn and saved; return its avatar with the picture that was made."""
    picture = library.app.engines.load("offline").generate(request.picture(lease.seed), _Unwatched())  # type: ignore[arg-type]
    avatar = save(request, lease, prepare(request, lease.seed, picture), library.app.pictures)
    library.app.pictures.remove(*library.app.leases.complete(lease, avatar))
    return library.show(lease.id)


def made(library: Library, **given: Any) -> Avatar:
    """Have it made, and return its avatar with the picture that was made."""
    return finish(library, *begin(library, **given))


def rejected(library: Library, **given: Any) -> Reject:
    """Have it made, and fail its check for good; return its reject."""
    lease, request = begin(library, **given)
    picture = library.app.engines.load("offline").generate(request.picture(lease.seed), _Unwatched())  # type: ignore[arg-type]
    avatar = save(request, lease, prepare(request, lease.seed, picture), library.app.pictures)
    faults = [Fault("blurred", "It is blurred.")]
    assert library.app.leases.reject(lease, avatar, faults, Failure("rejected", "It failed its check.", None))
    (reject,) = library.checks.rejects(lease.id)
    return reject
