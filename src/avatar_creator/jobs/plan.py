"""What would be made of a request. It loads nothing that only making it needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator import quality
from avatar_creator.domain.check import Check
from avatar_creator.domain.lint import lint
from avatar_creator.domain.place import PlaceOf
from avatar_creator.domain.price import Cost, Price, cost_of
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.tokens import tokens_about, words_in
from avatar_creator.engines import check_commercial
from avatar_creator.engines.base import Engine, EnginePlan
from avatar_creator.engines.table import draws
from avatar_creator.errors import InvalidInput


class Plan(NamedTuple):
    """What a run would do: the request, its seeds, what the engine would be sent, what to mind, what it costs.

    ``unasked``: nobody has agreed to pay that. A program that plans has; a command asks. ``fallback`` is what a
    generation's row becomes, by each engine that is asked where those before fail. ``most`` is what it costs if each
    picture fails its check as often as it may.
    """

    request: GenerationRequest
    seeds: tuple[int, ...]
    engine: EnginePlan
    warnings: tuple[str, ...]
    cost: Cost | None = None  # None: nothing is paid
    place_of: PlaceOf | None = None  # where a copy of each picture goes
    unasked: bool = False
    fallback: tuple[Mapping[str, Any], ...] = ()
    most: Cost | None = None

    @property
    def engines(self) -> Sequence[str]:
        """The one that is asked, and those that are fallen back to."""
        return [self.request.engine, *(each["engine"] for each in self.fallback)]

    @property
    def pattern_values(self) -> dict[str, Any]:
        """The values of patterns of ``--output`` that are the same for all pictures that are made like these."""
        return {
            **self.engine.options,  # with those that nobody gave: their defaults
            "model": self.engine.model,
            "provider": self.engine.provider,
            "engine": self.request.engine,
            "prompt_style": self.request.prompt.style,
            "width": self.request.width_px,
            "height": self.request.height_px,
            "format": self.request.format,
            "project": self.request.project,
            "preset": self.request.preset,
        }

    def request_json(self) -> dict[str, Any]:
        """Return what a generation's row has of it."""
        return stored_request(self.request, self.engine)

    def as_json(self) -> dict[str, Any]:
        return {
            "engine": self.request.engine,
            "model": self.engine.model,
            "project": self.request.project,
            **self.request_json(),
            "options": dict(self.request.options),  # as they were given; ``sent`` has them with defaults
            "seeds": list(self.seeds),
            "sent": dict(self.engine.sent),
            "drawn": None if self.engine.drawn is None else dict(self.engine.drawn),
            "not_shown": list(self.engine.notices),
            "warnings": list(self.warnings),
            "remarks": list(self.engine.remarks),
            "cost": None if self.cost is None else self.cost.as_json(),
            "prompt_words": words_in(self.request.prompt.full),
            "prompt_tokens_about": tokens_about(self.request.prompt.full),
        }


def stored_request(request: GenerationRequest, engine: EnginePlan) -> dict[str, Any]:
    """Return what a generation's row has of a request that an engine would be asked like that."""
    return request.as_json() | {
        "options": dict(engine.options),
        "licenses": [license_._asdict() for license_ in engine.licenses],
    }


def plan_generation(
    request: GenerationRequest, load_engine: Callable[[str], Engine], prices: Iterable[Price] = ()
) -> Plan:
    """Say what would be made of a request; makes, opens and spends nothing. Raises InvalidInput."""
    engine_plan = load_engine(request.engine).plan(request.picture(request.seed))
    if request.commercial:
        check_commercial(request.engine, engine_plan.model, engine_plan.licenses)
    is_checked = request.check is not Check.NONE and not draws(request.engine)
    if is_checked:
        quality.checking.require(request.check)
    warnings = (*lint(request.persona, request.attributes, request.prompt.base), *engine_plan.notices)
    fallback = tuple(_fallback(request, load_engine(name), options) for name, options in request.fallback)
    cost = _cost(request, engine_plan, prices)
    most = cost.times(1 + request.rerolls) if cost and is_checked else cost
    return Plan(request, tuple(request.seeds()), engine_plan, warnings, cost, fallback=fallback, most=most)


def _fallback(request: GenerationRequest, engine: Engine, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is changed in a generation's row that falls back to an engine. Raises InvalidInput."""
    plan = engine.plan(request.picture(request.seed)._replace(options=options))
    if plan.paid:
        raise InvalidInput(
            f"engine names {engine.name} behind another one, and its pictures are paid for.",
            hint="Name it first: what is paid for is asked for, and never fallen back to.",
        )
    if request.commercial:
        check_commercial(engine.name, plan.model, plan.licenses)
    asked = {name: stored_request(request, plan)[name] for name in ("options", "licenses")}
    return {"engine": engine.name, "model": plan.model, "request": asked}


def _cost(request: GenerationRequest, plan: EnginePlan, prices: Iterable[Price]) -> Cost | None:
    if not plan.paid:
        return None
    size_px = plan.made_px or (request.width_px, request.height_px)
    return cost_of(request.count, provider=plan.provider, model=plan.provider_model, size_px=size_px, prices=prices)
