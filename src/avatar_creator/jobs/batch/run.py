"""Making a batch: its rows are read a second time, and become generations some hundred at a time."""

import json
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from avatar_creator.domain.batch import Result, RowOutcome, State
from avatar_creator.domain.persona_row import BadRow
from avatar_creator.domain.records import Generation, Status
from avatar_creator.domain.request import name_of
from avatar_creator.domain.row_key import details_hash
from avatar_creator.domain.schedule import Schedule
from avatar_creator.errors import AvatarError, LimitReached, StorageError
from avatar_creator.jobs.batch.intake import Intake
from avatar_creator.jobs.batch.manifest import Manifest
from avatar_creator.jobs.batch.means import Means, RequestBuilder
from avatar_creator.jobs.batch.others import Others
from avatar_creator.jobs.batch.outcomes import bad, duplicate, failure_of, left, made, outcome
from avatar_creator.jobs.batch.outputs import path_of, says_more, write_missing
from avatar_creator.jobs.batch.rows import Duplicate, Rows, Wanted
from avatar_creator.jobs.batch.states import Found, Policy, find_states
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.failures import may_fall_back
from avatar_creator.jobs.projects import project_for
from avatar_creator.storage.ids import BATCH, new_id
from avatar_creator.storage.recipes import Details, Recipes

_PORTION = 200  # rows that are added in one transaction: it takes some ten milliseconds
_FEW = 100  # generations of this process that are left when the next rows are added
_AWAITED_MOST = 2000  # pictures that others are to make, before no more rows are read
_POLL_S = 0.5
_SAYS_MORE = (
    "The picture was made before, and its file says more than --embed asks for. --output writes copies that do not;"
    " --again makes it anew."
)
_EXPLAINED_MOST = 1000  # pictures that are awaited, of which it is said what they wait for

_WAITS = {Status.PENDING, Status.PROCESSING}


class BatchSource:
    """The pictures of a file as a source of generations: each is made here, awaited, or known already.

    ``schedule`` is what is ordered for those that the worker makes.
    """

    def __init__(
        self,
        context: JobContext,
        recipes: Recipes,
        builder: RequestBuilder,
        reading: Rows,
        policy: Policy,
        *,
        default_project: str,
        schedule: Schedule,
        manifest: Manifest | None,
        unasked: bool,
        check: Callable[[Means], None],
        credential: Callable[[Means], str | None],
        others: Others,
    ) -> None:
        """``unasked``: nobody has agreed to pay. ``check`` raises what making a picture would lack.

        ``credential`` returns what the worker must have to make one. ``others`` are to make what others asked for.
        """
        self.batch_id = policy.continued or new_id(BATCH)
        self._context = context
        self._recipes = recipes
        self._builder = builder
        self._policy = policy
        self._rows: Iterator[Wanted | Duplicate | BadRow] = iter(reading)
        self._default_project = default_project
        self._schedule = schedule
        self._manifest = manifest
        self._unasked = unasked
        self._check = check
        self._credential = credential
        self._others = others
        self._owner: str | None = None  # this process, where it makes pictures
        self._taken_over: list[str] = []  # generations that it makes since nobody else can
        self._read_all = False
        self._refused: LimitReached | None = None  # what keeps more from being paid for
        self._unwritten: StorageError | None = None  # why the manifest is not up to date
        self._again: list[Wanted] = []  # to be looked up again, since something became of them meanwhile
        self._own: dict[str, Wanted] = {}  # by generation
        self._awaited: dict[str, list[Wanted]] = {}  # by generation, of others or of another row
        self._outcomes: deque[RowOutcome] = deque()
        self._projects: dict[str, str] = {}
        self._checked: set[int] = set()  # ids of means
        self._polled_s = 0.0

    # -- the source of a run

    def add(self, owner: str | None, left: int) -> Sequence[str] | None:
        if self._unwritten is not None:  # raised here, so that what is under way, and paid for, is made
            raise self._unwritten
        self._owner = owner
        if self._taken_over:
            taken_over, self._taken_over = self._taken_over, []
            return taken_over
        if self._refused is not None and self._own:  # they may cost less than was expected, or nothing if they fail
            return None
        if left > _FEW or (not self._again and (self._read_all or len(self._awaited) > _AWAITED_MOST)):
            return None
        self._refused = None
        ids = self._add(owner)
        if self._refused is not None and not self._own:
            raise self._refused
        return ids

    def others(self) -> Iterator[RowOutcome]:
        if self._awaited:
            self._poll()
        while self._outcomes:
            yield self._recorded(self._outcomes.popleft())
        if self._manifest is not None and self._unwritten is None:
            try:
                self._manifest.write_if_due()
            except StorageError as error:
                self._unwritten = error

    @property
    def unended(self) -> Sequence[str]:
        return list(self._own)

    @property
    def is_exhausted(self) -> bool:
        return self._read_all and not (self._again or self._awaited or self._outcomes or self._taken_over)

    def outcome(self, generation: Generation, error: AvatarError | None) -> RowOutcome:
        ended = self._recorded(self._ended(self._own[generation.id], generation, error))
        del self._own[generation.id]
        return ended

    def _ended(self, wanted: Wanted, generation: Generation, error: AvatarError | None) -> RowOutcome:
        """Return how the generation of a picture ended; where it failed the picture that its avatar has may stay."""
        ended, replaced = made(wanted, generation, error), wanted.row.replaces
        if replaced is None or ended.error is None or not wanted.has_stand_in or not may_fall_back(ended.error.code):
            return ended
        if self._context.stores.responses.find(generation.id) is not None:  # the next try saves what is paid for
            return ended
        files = self._context.queries.find_picture_files([replaced.avatar_id])
        return left(wanted, ended, replaced, files[replaced.avatar_id][0]) if files else ended

    def _recorded(self, ended: RowOutcome) -> RowOutcome:
        if self._manifest is not None:
            self._manifest.record(ended)
        return ended

    # -- the queue of the worker

    def queue(self) -> Iterator[RowOutcome]:
        """Queue all that is to be made for the worker; yield what became of its rows after each transaction."""
        while not self._read_all or self._again:
            for why in (self._refused, self._unwritten):
                if why is not None:
                    raise why
            for id_ in self._add(None):
                self._outcomes.append(outcome(self._own.pop(id_), Result.QUEUED, generation_id=id_))
            self._reorder(self._awaited)
            for id_, awaited in self._awaited.items():
                self._outcomes += (outcome(each, Result.QUEUED, generation_id=id_) for each in awaited)
            self._awaited.clear()
            yield from self.others()

    def _reorder(self, awaited: Collection[str]) -> None:
        """Have what waited for the worker already be made as it is ordered now."""
        schedule = self._schedule._replace(after=None)
        if awaited and any(value is not None for value in schedule):
            hook = None if schedule.on_done is None else json.dumps(list(schedule.on_done))
            self._recipes.reorder(awaited, priority=schedule.priority, not_before=schedule.not_before, on_done=hook)

    # -- the next rows

    def _add(self, owner: str | None) -> list[str]:
        """Add the generations of the next rows, in one transaction for each project; return their ids."""
        wanted, self._again = self._again, []
        for each in islice(self._rows, max(_PORTION - len(wanted), 0)):
            if isinstance(each, Wanted):
                wanted.append(each)
            elif isinstance(each, Duplicate):
                self._outcomes.append(duplicate(each))
            else:
                self._outcomes.append(bad(each))
        if not wanted and not self._outcomes:
            self._read_all = True
        by_project: dict[str, list[Wanted]] = {}
        for each in wanted:
            self._check_once(each.means)
            by_project.setdefault(each.means.project, []).append(each)
        return [id_ for name, own in by_project.items() for id_ in self._add_to(name, own, owner)]

    def _check_once(self, means: Means) -> None:
        if id(means) not in self._checked:
            self._check(means)
            self._checked.add(id(means))

    def _add_to(self, project: str, wanted: Sequence[Wanted], owner: str | None) -> list[str]:
        if project not in self._projects:
            self._projects[project] = project_for(
                self._context.queries, self._context.generations, project, default=self._default_project
            )
        project_id = self._projects[project]
        found = find_states(self._recipes, project_id, wanted, self._policy)
        intake = self._intake(project_id, owner)
        if all(each.state is State.EXISTS for each in found):  # most often: no lock is taken
            intake.existing += found
        else:
            intake = self._taken_in(project_id, wanted, owner)
        self._own |= intake.own
        for id_, awaited in intake.awaited.items():
            self._awaited.setdefault(id_, []).extend(awaited)
        self._again += intake.again
        self._outcomes += intake.outcomes
        self._outcomes += self._existing(intake.existing)
        self._outcomes += self._failed(intake.failed)
        return list(intake.own)

    def _taken_in(self, project_id: str, wanted: Sequence[Wanted], owner: str | None) -> Intake:
        """Take pictures in, in one transaction: as many as the user's limits allow, the others later."""
        try:
            with self._context.generations.together():
                intake = self._intake(project_id, owner)
                for each in find_states(self._recipes, project_id, wanted, self._policy):
                    intake.take(each)
                self._context.generations.add(*intake.news)
        except LimitReached as error:
            half = len(wanted) // 2
            self._again = [*wanted[half:], *self._again]
            if half:
                return self._taken_in(project_id, wanted[:half], owner)
            self._refused = error
            return self._intake(project_id, owner)
        return intake

    def _intake(self, project_id: str, owner: str | None) -> Intake:
        return Intake(
            self._recipes,
            self._builder,
            project_id,
            owner,
            self.batch_id,
            self._schedule,
            self._credential,
            saved=self._context.stores.responses.generation_ids(),
            unasked=self._unasked,
        )

    def _existing(self, found: Sequence[Found]) -> Iterator[RowOutcome]:
        """Yield the outcomes of pictures that there are; what their rows say beside that is written down."""
        known = [(each, each.known.avatar_id) for each in found if each.known is not None]
        self._recipes.outrank([id_ for _, id_ in known])  # an edit that was edited back may still wait to be made
        pictures = self._context.queries.find_picture_files([id_ for _, id_ in known])
        changed = dict[str, Details]()
        for each, id_ in known:
            if id_ in pictures:
                path, before = pictures[id_]
                details = _details(each.wanted)
                if details_hash(*details) != before and each.wanted.row.replaces is None:
                    changed[id_] = details
                result = Result.RESTORED if each.state is State.EARLIER else Result.EXISTS
                yield outcome(each.wanted, result, avatar_id=id_, picture=path, **_handed_out(each, id_, path))
            else:  # deleted in this moment
                self._again.append(each.wanted)
        if changed:
            self._recipes.update_details(changed)

    def _failed(self, found: Sequence[Found]) -> Iterator[RowOutcome]:
        """Yield the outcomes of pictures that failed before, and are not tried again unless the user says so."""
        ids = [each.known.generation_id for each in found if each.known and each.known.generation_id]
        generations = {each.id: each for each in self._context.queries.find_by_ids(ids)}
        for each in found:
            if each.known and each.known.generation_id in generations:
                yield self._ended(each.wanted, generations[each.known.generation_id], None)

    # -- those that others make

    def _poll(self) -> None:
        """Look up again what others ended, or what was left by those that were killed."""
        if time.monotonic() - self._polled_s < _POLL_S:
            return
        self._polled_s = time.monotonic()
        self._context.recovery.recover()
        found = self._context.queries.find_progress(list(self._awaited))
        for id_ in list(self._awaited):
            if id_ not in found or found[id_][0] not in _WAITS:
                self._again += (each._replace(was_awaited=True) for each in self._awaited.pop(id_))
        pending = [id_ for id_ in self._awaited if found[id_][0] is Status.PENDING]
        if pending and not self._others.have_worker():
            self._take_over(pending)
        if self._awaited and not self._own:  # else there is something to be seen
            self._others.say(list(self._context.queries.find_by_ids(list(self._awaited)[:_EXPLAINED_MOST])))

    def _take_over(self, pending: Sequence[str]) -> None:
        """Make here what waits for a worker that cannot be started."""
        if self._owner is None:
            return
        for id_ in self._recipes.take_over(pending, self._owner):
            first, *rest = self._awaited.pop(id_)
            self._own[id_] = first
            self._again += (each._replace(was_awaited=True) for each in rest)
            self._taken_over.append(id_)


def _handed_out(found: Found, avatar_id: str, picture: Path) -> dict[str, Any]:
    """Write the copy of a picture that was made before, if one is wanted; return what its outcome says of that."""
    embed = found.wanted.means.embed
    if found.wanted.place is None:
        warnings = (_SAYS_MORE,) if says_more(picture, embed) else ()
        return {"path": picture, "warnings": warnings}
    place = path_of(found.wanted.place, avatar_id)
    is_other = found.state is State.EARLIER  # the copy is that of the picture it takes the place of
    error = write_missing(place, picture, embed, replace=is_other)
    return {"path": Path(place.path)} if error is None else {"path": picture, "error": failure_of(error)}


def _details(wanted: Wanted) -> Details:
    row = wanted.row
    name = row.choices.get("name")
    return Details(name or name_of(row.persona, row.prompt), row.persona.background)
