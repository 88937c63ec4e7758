"""What becomes of some pictures that a batch wants, in the transaction that looked them up."""

from collections.abc import Callable, Collection

from avatar_creator.domain.batch import RowOutcome, State
from avatar_creator.domain.schedule import Schedule
from avatar_creator.errors import InvalidInput
from avatar_creator.jobs.batch.means import Means, RequestBuilder
from avatar_creator.jobs.batch.outcomes import refused
from avatar_creator.jobs.batch.outputs import path_of
from avatar_creator.jobs.batch.rows import Wanted
from avatar_creator.jobs.batch.states import Found
from avatar_creator.jobs.plan import stored_request
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.recipes import Recipes


class Intake:
    """Takes in pictures of one project: those that are made are ``owner``'s, or the worker's if there is none.

    ``news`` are to be added, ``own`` are all that are made, new ones and others, and ``awaited`` those that others
    make or are made for another row, all by generation. Those that are ``saved`` have a response, and need no payment.
    ``again`` are to be looked up once more; ``existing`` and
    ``failed`` have ended.
    """

    def __init__(
        self,
        recipes: Recipes,
        builder: RequestBuilder,
        project_id: str,
        owner: str | None,
        batch_id: str,
        schedule: Schedule,
        credential: Callable[[Means], str | None],
        *,
        saved: Collection[str],
        unasked: bool,
    ) -> None:
        self.news: list[NewGeneration] = []
        self.own: dict[str, Wanted] = {}
        self.awaited: dict[str, list[Wanted]] = {}
        self.again: list[Wanted] = []
        self.existing: list[Found] = []
        self.failed: list[Found] = []
        self.outcomes: list[RowOutcome] = []
        self._added: dict[tuple[str, str | None], str] = {}  # generations: rows may ask for the same seed
        self._recipes = recipes
        self._builder = builder
        self._project_id = project_id
        self._owner = owner
        self._batch_id = batch_id
        self._schedule = schedule
        self._credential = credential
        self._saved = saved
        self._unasked = unasked

    def take(self, found: Found) -> None:
        wanted, known = found.wanted, found.known
        if known is None or found.state in {State.AGAIN, State.FELL_BACK}:
            self._add(found)
            return
        match found.state:
            case State.EXISTS:
                self.existing.append(found)
            case State.EARLIER:
                is_replacement = wanted.row.replaces is not None
                self._recipes.restore(known.avatar_id, known.version, is_replacement=is_replacement)
                self.existing.append(found)
            case State.WAITING if known.generation_id is not None:
                self.awaited.setdefault(known.generation_id, []).append(wanted)
            case State.UNFINISHED if known.generation_id is not None:
                self._adopt(found, known.generation_id)
            case _:
                self.failed.append(found)

    def _add(self, found: Found) -> None:
        replaced = found.wanted.row.replaces
        which = found.wanted.recipe, replaced and replaced.avatar_id
        if which in self._added:
            self.awaited.setdefault(self._added[which], []).append(found.wanted)
            return
        new = self._new(found)
        if new is None:
            return
        if found.avatar is not None:
            new.version = found.avatar[1] + 1
        elif found.known is not None:
            new.version = self._recipes.find_versions([new.avatar_id])[new.avatar_id] + 1
        self._added[which] = new.id
        self.news.append(new)
        self.own[new.id] = found.wanted

    def _adopt(self, found: Found, generation_id: str) -> None:
        """Take up a generation that was begun: what was paid for it is not paid again."""
        new = self._new(found)
        if new is None:
            return
        has_response = generation_id in self._saved
        if self._recipes.adopt(generation_id, new, priority=self._schedule.priority, has_response=has_response):
            self.own[generation_id] = found.wanted
        else:
            self.again.append(found.wanted)

    def _new(self, found: Found) -> NewGeneration | None:
        """Return the generation of a picture as it is asked for now, None for a row that is refused."""
        wanted, known, means = found.wanted, found.known, found.wanted.means
        try:
            request = self._builder.request(wanted.row, wanted.seed, means.engine)
        except InvalidInput as error:
            self.outcomes.append(refused(wanted, error))
            return None
        new = NewGeneration(
            self._project_id,
            means.engine,
            means.plan.model,
            wanted.seed,
            stored_request(request, means.plan),
            means.plan.provider,
            priority=self._schedule.priority or 0,
            not_before=self._schedule.not_before,
            after_id=self._schedule.after,
            credential=None if self._owner or means.makers.share else self._credential(means),
            on_done=self._schedule.on_done,
            owner=self._owner,
            batch_id=self._batch_id,
            recipe_hash=wanted.recipe,
            persona_id=wanted.persona_id,
            again=found.state is State.AGAIN,
            paid=means.plan.paid,
            price_usd=means.cost.usd if means.cost else None,
            unasked=self._unasked and means.cost is not None,
            preset=request.preset,
            replaces=wanted.row.replaces is not None,
            fallback=wanted.fallback,
        )
        if means.makers.share is not None:
            new.give_to(means.makers.share)
        if found.avatar is not None:
            new.avatar_id = found.avatar[0]
        elif known is not None:
            new.avatar_id = known.avatar_id
        elif wanted.avatar_id is not None:
            new.avatar_id = wanted.avatar_id
        if wanted.place is not None:
            place = path_of(wanted.place, new.avatar_id)
            new.output_path, new.output_folder = place.path, place.folder
            has_earlier = found.avatar is not None or found.state in {
                State.AGAIN,
                State.FELL_BACK,
            }  # whose copy it takes the place of
            new.output_replace = place.replace or has_earlier
        return new
