"""By what the pictures of a batch are made: all that decides one beside whom it shows and its seed."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.picture import SEED_LEAST, Embed
from avatar_creator.domain.price import Cost
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.row_key import recipe_hasher
from avatar_creator.engines.base import EnginePlan
from avatar_creator.engines.table import decisive
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.jobs.plan import Makers, Plan

_OF_ONE = frozenset(["seed", "count", "name"])  # what a row says of its own pictures alone
_SOMEBODY = PersonaRow(0, {}, Persona("Somebody"), Attributes())
_KNOWN_MOST = 1000  # of a file whose rows say many different things


class RequestBuilder(Protocol):
    """Turns rows into requests, what they leave open taken from the command and the settings."""

    def request(self, row: PersonaRow, seed: int, engine: str | None = None) -> GenerationRequest:
        """Return the request of one picture. Raises InvalidInput."""

    def wording(self, row: PersonaRow) -> Mapping[str, Any]:
        """Return how the prompt of a row is worded."""


class Means(NamedTuple):
    """An engine and how it is asked. ``recipe`` returns the hash of a picture's recipe by its key and seed.

    ``pattern_values`` are those of `Plan`. ``cost`` is that of one picture, None if nothing is paid.
    ``most`` is that if it fails its check as often as it may.
    ``embed`` is how much files say that are handed out. ``makers`` is that of `Plan`.
    """

    project: str
    engine: str
    plan: EnginePlan
    recipe: Callable[[str, int], str]
    wording: Mapping[str, Any]
    pattern_values: Mapping[str, Any]
    cost: Cost | None
    why_engine: str | None
    embed: Embed
    makers: Makers
    most: Cost | None = None


class MeansFinder:
    """Finds the means of rows: an engine is asked once for all rows that say the same of how they are made."""

    def __init__(
        self, builder: RequestBuilder, plan: Callable[[GenerationRequest], Plan], find_project: Callable[[str], object]
    ) -> None:
        """``find_project`` raises NotFound for a project that does not exist."""
        self.builder = builder
        self._plan = plan
        self._find_project = find_project
        self._found: dict[tuple[tuple[str, Any], ...], Means] = {}

    def check(self) -> None:
        """Raise InvalidInput for what no picture can be made with, whatever rows say."""
        self._means(_SOMEBODY)

    def find(self, row: PersonaRow) -> Means:
        """Raises InvalidInput for what no picture can be made with."""
        said = tuple((name, value) for name, value in row.choices.items() if name not in _OF_ONE)
        if said not in self._found:
            if len(self._found) >= _KNOWN_MOST:
                self._found.clear()
            self._found[said] = self._means(row)
        return self._found[said]

    def _means(self, row: PersonaRow) -> Means:
        request = self.builder.request(row, SEED_LEAST)
        try:
            self._find_project(request.project)
        except NotFound as error:  # of one row, which is bad as any other is
            raise InvalidInput(error.message, hint=error.hint) from error
        plan = self._plan(request)
        return Means(
            request.project,
            request.engine,
            plan.engine,
            recipe_hasher(
                engine=request.engine,
                model=plan.engine.model,
                options=decisive(plan.engine.options),
                width_px=request.width_px,
                height_px=request.height_px,
            ),
            self.builder.wording(row),
            plan.pattern_values,
            plan.cost,
            request.why_engine,
            request.embed,
            plan.makers,
            plan.most,
        )
