"""What would be made of a request. It loads nothing that only making it needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
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
from avatar_creator.engines.table import draws, made_elsewhere, sharing
from avatar_creator.errors import InvalidInput, NotConfigured
from avatar_creator.storage import shared_rows


class Sharer(NamedTuple):
    """An engine that shares pictures with others; ``paid``: for those that it makes."""

    engine: str
    model: str
    paid: bool


CheckEngine = Callable[
    [str, Mapping[str, Any]], object
]  # raises NotConfigured for what an engine lacks to take options


class Makers(NamedTuple):
    """Who may make a picture: the engine that is asked first, ``share``, ``fallback`` and ``unable`` as in `Plan`."""

    first: str
    share: Mapping[str, Any] | None = None
    fallback: tuple[Mapping[str, Any], ...] = ()
    unable: NotConfigured | None = None

    @property
    def engines(self) -> Sequence[str]:
        """All of them, in the order in which they are asked where nothing else decides."""
        return [self.share["engine"] if self.share else self.first, *(each["engine"] for each in self.fallback)]

    @property
    def sharers(self) -> list[Mapping[str, Any]]:
        """What a row has by each engine that shares its picture; nothing if one alone makes it."""
        others = [each for each in self.fallback if shared_rows.is_shared(each)]
        return [self.share, *others] if self.share is not None and others else []

    @property
    def is_alone(self) -> bool:
        """Whether the picture is made by the engine that is asked first, or not at all."""
        return not self.fallback and self.share is None

    @property
    def run_apart(self) -> bool:
        """Whether the worker makes the picture, or may have to, whoever asks for it."""
        return any(map(made_elsewhere, self.engines))

    def check(self, check: CheckEngine, options: Mapping[str, Any]) -> None:
        """Raise NotConfigured where nobody can make the picture, as far as that is known before it is begun."""
        if self.unable is not None:
            raise self.unable
        if self.is_alone:
            check(self.first, options)


class Plan(NamedTuple):
    """What a run would do: the request, its seeds, what the engine would be sent, what to mind, what it costs.

    ``unasked``: nobody has agreed to pay that. A program that plans has; a command asks. ``fallback`` is what a
    generation's row becomes, by each engine that is asked where those before fail. ``most`` is what it costs if each
    picture fails its check as often as it may. Where several engines share the pictures, ``share`` is what a row has
    at first (`storage/shared_rows.py`), ``fallback`` begins with the others, and the cost is that of all of them by the
    dearest. ``unable``: none of them can, and nobody is fallen back to.
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
    share: Mapping[str, Any] | None = None
    unable: NotConfigured | None = None

    @property
    def makers(self) -> Makers:
        return Makers(self.request.engine, self.share, self.fallback, self.unable)

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
            "shared": [Sharer(each["engine"], each["model"], each["paid"])._asdict() for each in self.makers.sharers],
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
    request: GenerationRequest,
    load_engine: Callable[[str], Engine],
    prices: Iterable[Price] = (),
    check: CheckEngine | None = None,
) -> Plan:
    """Say what would be made of a request; makes, opens and spends nothing. Raises InvalidInput.

    ``check`` is by the engine itself if it is not given.
    """
    engine_plan = load_engine(request.engine).plan(request.picture(request.seed))
    if request.commercial:
        check_commercial(request.engine, engine_plan.model, engine_plan.licenses)
    is_checked = request.check is not Check.NONE and not draws(request.engine)
    if is_checked:
        quality.checking.require(request.check)
    warnings = (*lint(request.persona, request.attributes, request.prompt.base), *engine_plan.notices)
    names = sharing([request.engine, *(name for name, _ in request.fallback)])
    others = [_Other(load_engine(name), request, options) for name, options in request.fallback]
    fallback = tuple(each.fallen_back_to() for each in others if each.engine.name not in names)
    cost = _cost(request, engine_plan, prices)
    share: Mapping[str, Any] | None = None
    unable: NotConfigured | None = None
    if names:
        first = _Other(load_engine(request.engine), request, request.options)
        sharers = [first, *(each for each in others if each.engine.name in names)]
        able, lacking = _able(sharers, check or (lambda name, options: load_engine(name).check(options)))
        warnings += tuple(f"{name} makes none of it: {error.message}" for name, error in lacking.items())
        if not able and not fallback:
            unable = _unable(lacking)
        if able:
            costs = [_cost(each.asked, each.plan, prices) for each in able]
            share, *shares = (each.share(cost) for each, cost in zip(able, costs, strict=True))
            fallback = (*shares, *fallback)
            cost = max(filter(None, costs), key=lambda each: each.usd or 0, default=None)
    most = cost.times(1 + request.rerolls) if cost and is_checked else cost
    rest = tuple(shared_rows.listed(fallback))
    seeds = tuple(request.seeds())
    return Plan(request, seeds, engine_plan, warnings, cost, fallback=rest, most=most, share=share, unable=unable)


class _Other:
    """An engine that is named with others, and what it would do with a request."""

    def __init__(self, engine: Engine, request: GenerationRequest, options: Mapping[str, Any]) -> None:
        self.engine = engine
        self.asked = replace(request, engine=engine.name, options=options, fallback=())
        self.plan = engine.plan(self.asked.picture(request.seed))
        if request.commercial:
            check_commercial(engine.name, self.plan.model, self.plan.licenses)

    def fallen_back_to(self) -> Mapping[str, Any]:
        """Return what is changed in a generation's row that falls back to it. Raises InvalidInput."""
        if self.plan.paid:
            raise InvalidInput(
                f"engine names {self.engine.name} behind one that draws, and its pictures are paid for.",
                hint="Name it first: what is paid for is asked for, and never fallen back to.",
            )
        asked = {name: self._stored[name] for name in ("options", "licenses")}
        return {"engine": self.engine.name, "model": self.plan.model, "request": asked}

    def share(self, cost: Cost | None) -> Mapping[str, Any]:
        """Return what a generation's row has where it makes a picture that it shares."""
        return shared_rows.entry(
            engine=self.engine.name,
            model=self.plan.model,
            request=self._stored,
            provider=self.plan.provider,
            credential=self.engine.credential(self.asked.options),
            paid=self.plan.paid,
            price_usd=cost.usd_each if cost else None,
        )

    @property
    def _stored(self) -> Mapping[str, Any]:
        return stored_request(self.asked, self.plan)


def _able(sharers: Sequence[_Other], check: CheckEngine) -> tuple[list[_Other], dict[str, NotConfigured]]:
    """Return those that can make pictures now, what is free first, and what the others lack."""
    able, lacking = list[_Other](), dict[str, NotConfigured]()
    for each in sharers:
        try:
            check(each.engine.name, each.asked.options)
        except NotConfigured as error:
            lacking[each.engine.name] = error
        else:
            able.append(each)
    return sorted(able, key=lambda each: each.plan.paid), lacking


def _unable(lacking: Mapping[str, NotConfigured]) -> NotConfigured:
    hints = [f"{name}: {error.hint.removesuffix('.')}." for name, error in lacking.items() if error.hint]
    return NotConfigured(
        f"None of the engines that are named can make a picture: {', '.join(lacking)}.", hint=" ".join(hints) or None
    )


def _cost(request: GenerationRequest, plan: EnginePlan, prices: Iterable[Price]) -> Cost | None:
    if not plan.paid:
        return None
    size_px = plan.made_px or (request.width_px, request.height_px)
    return cost_of(request.count, provider=plan.provider, model=plan.provider_model, size_px=size_px, prices=prices)
