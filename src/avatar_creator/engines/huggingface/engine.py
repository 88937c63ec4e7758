"""The huggingface engine."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.domain.prompt import NEGATIVE_TERMS
from avatar_creator.engines.base import EnginePlan, Probe, Setup, Watch
from avatar_creator.engines.huggingface import probe
from avatar_creator.engines.huggingface.credentials import Credential
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.licenses import licenses_of
from avatar_creator.engines.huggingface.model_index import LOOKUP_S, ModelIndex
from avatar_creator.engines.huggingface.models import AUTO
from avatar_creator.engines.huggingface.options import Options, find_credential, fingerprint, parse
from avatar_creator.engines.huggingface.payloads import Call, Payload, payload_of
from avatar_creator.engines.huggingface.provider_errors import Operation, ProviderError, Target
from avatar_creator.engines.huggingface.retry import RateGate, with_retries
from avatar_creator.engines.huggingface.routes import Gone, Route, find_route
from avatar_creator.engines.huggingface.session import Photographer
from avatar_creator.errors import AvatarError, EngineError, EngineRefused, NotConfigured

_GONE_S = 600.0
_NO_NEGATIVE = "FLUX takes no negative prompt: it is recorded, and not sent."


class HuggingFaceEngine:
    """Photographs personas with FLUX.1-dev and a realism LoRA, run by a provider of Hugging Face's: paid, by token."""

    name = "huggingface"
    most_at_once = None

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._index = ModelIndex(setup.cache)
        self._gates: defaultdict[str, RateGate] = defaultdict(RateGate)  # one a provider, for all threads
        self._gone: dict[tuple[str, str], float] = {}  # who has stopped to serve what, and when that was seen

    def check(self, options: Mapping[str, Any]) -> None:
        self._credential(parse(options))

    def credential(self, options: Mapping[str, Any]) -> str | None:
        return fingerprint(options, self._setup)

    def plan(self, request: PictureRequest) -> EnginePlan:
        chosen = parse(request.options)
        try:
            credential = self._credential(chosen)
        except NotConfigured:  # it can be planned without a token: what the Hub is asked is public
            credential = None
        try:
            route = self._route(chosen, credential)
        except ProviderError as failure:
            if not _is_passing(failure):
                raise failure.error from None
            unknown = f"{failure.error.message} Who would make the picture is not known."
            provider = None if chosen.provider == AUTO else chosen.provider
            return EnginePlan(
                chosen.name,
                {},
                (unknown,),
                paid=True,
                provider=provider,
                options=chosen.given,
                licenses=licenses_of(request.options),
            )
        call = Call(request, chosen, route)
        return _plan(call, payload_of(call))

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        chosen = parse(request.options)
        credential = self._credential(chosen)
        photographer = Photographer(credential, self._setup.retry, self._gates, watch)
        watch.progress(0.0)
        kept, route = photographer.find_kept(request, chosen), None
        rerolled_seeds: tuple[int, ...] = ()
        while True:
            try:
                made = None
                if kept:
                    (shot, answer), kept = kept, None
                    route, request, rerolled_seeds = shot.call.route, shot.call.request, shot.rerolled_seeds
                    made = photographer.resume(shot, answer)
                if made is None:
                    route = with_retries(lambda: self._route(chosen, credential), self._setup.retry, watch)
                    watch.progress(0.1)
                    shot, made = photographer.take(Call(request, chosen, route), rerolled_seeds)
                return photographer.finish(shot, made)
            except ProviderError as failure:
                if route is None or not failure.is_gone or not self._has_other(chosen, credential, route):
                    raise _ending(failure) from None

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:
        chosen = parse(options)
        yield from probe.probe(self._setup, self._index)
        if not options:
            return
        try:
            route = self._route(chosen, self._credential(chosen))
        except ProviderError as failure:
            yield Probe(False, "settings", failure.error.message, failure.error.hint)
        else:
            served = f"{route.name} by {route.provider}."
            yield Probe(not route.notices, "settings", " ".join((*route.notices, served)))
            yield from (Probe(True, "licence", str(license_)) for license_ in route.licenses)  # as the Hub says

    # -- the way

    def _credential(self, chosen: Options) -> Credential | None:
        return find_credential(chosen, self._setup.hf_token)

    def _route(self, chosen: Options, credential: Credential | None) -> Route:
        try:
            return find_route(self._index, chosen, credential, without=self._without())
        except Exception as error:  # noqa: BLE001 - whatever the client raises is translated
            by_lora = (
                chosen.lora if chosen.lora and not self._index.knows(chosen.lora) else None
            )  # it is asked for first
            target = Target(Operation.LOOKUP, by_lora or chosen.model, None, credential, LOOKUP_S)
            raise translate(error, target) from None

    def _has_other(self, chosen: Options, credential: Credential | None, route: Route) -> bool:
        """Leave a provider out that has stopped to serve the model, and tell whether another one serves the same."""
        if chosen.provider != AUTO or chosen.endpoint:
            return False
        if route.provider not in self._without().get(route.repo, ()):
            self._gone[route.repo, route.provider] = time.monotonic()
            self._index.forget(route.repo)
        try:
            return self._route(chosen, credential).repo == route.repo
        except ProviderError:
            return False

    def _without(self) -> Gone:
        """Return who has stopped to serve what; it is believed for a while, since a worker lives long."""
        without = defaultdict(set)
        for (repo, provider), seen_s in list(self._gone.items()):  # other threads add to it
            if time.monotonic() - seen_s < _GONE_S:
                without[repo].add(provider)
        return without


def _ending(failure: ProviderError) -> AvatarError:
    """Return what a picture ends with; a model that nobody serves any more ends the run."""
    if isinstance(failure.error, EngineError):
        failure.error.ends_run = failure.error.ends_run or failure.is_gone
    return failure.error


def _is_passing(failure: ProviderError) -> bool:
    return not isinstance(failure.error, EngineRefused | NotConfigured)


def _plan(call: Call, sent: Payload) -> EnginePlan:
    route = call.route
    arguments = dict(sent.arguments)
    extra = arguments.pop("extra_body", {})
    untaken = (f"{route.provider} takes no {option}." for option in sent.unsent if _is_wanted(option, call))
    return EnginePlan(
        model=route.name,
        sent={"provider": route.provider, "model": route.provider_model, **arguments, **extra},
        notices=(*route.notices, *untaken, *_negative_notices(call, sent), *_lora_notices(call)),
        remarks=_remarks(call, sent),
        paid=True,
        provider=route.provider,
        provider_model=route.provider_model,
        made_px=sent.made_px,
        options=call.options.given,
        licenses=route.licenses,
    )


def _is_wanted(option: str, call: Call) -> bool:
    """Tell whether an option is given, and is not what the model has without it."""
    usual = parse({"model": call.options.model})
    return option in call.request.options and getattr(call.options, option) != getattr(usual, option)


def _negative_notices(call: Call, sent: Payload) -> Iterator[str]:
    """A negative prompt of the user's own is worth a warning where it has no effect; the usual one is not."""
    if "negative_prompt" in sent.arguments or call.request.prompt.negative == ", ".join(NEGATIVE_TERMS):
        return
    yield _NO_NEGATIVE if call.options.is_flux else f"{call.route.provider} takes no negative prompt: it is not sent."


def _lora_notices(call: Call) -> Iterator[str]:
    if call.route.lora is None and _is_wanted("lora_scale", call):
        yield "There is no LoRA: its scale has no effect."


def _remarks(call: Call, sent: Payload) -> tuple[str, ...]:
    remarks = []
    if call.options.is_flux and not list(_negative_notices(call, sent)):
        remarks.append(_NO_NEGATIVE)
    asked_px = call.request.width_px, call.request.height_px
    if sent.made_px != asked_px:
        made, asked = ("{}x{}".format(*sides) for sides in (sent.made_px, asked_px))
        remarks.append(f"The picture is made as {made} px, and cut and resized here to {asked}.")
    return tuple(remarks)
