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
from avatar_creator.engines.huggingface.model_index import LOOKUP_S, Hub
from avatar_creator.engines.huggingface.models import AUTO
from avatar_creator.engines.huggingface.options import Options, find_credential, fingerprint, parse
from avatar_creator.engines.huggingface.payloads import Sending, Wish, sending
from avatar_creator.engines.huggingface.provider_errors import Doing, Trouble, Where
from avatar_creator.engines.huggingface.retry import Gate, patiently
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
        self._hub = Hub(setup.cache)
        self._gates: defaultdict[str, Gate] = defaultdict(Gate)  # one a provider, for all threads
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
        except Trouble as trouble:
            if not _is_passing(trouble):
                raise trouble.error from None
            unknown = f"{trouble.error.message} Who would make the picture is not known."
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
        wish = Wish(request, chosen, route)
        return _plan(wish, sending(wish))

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
                    route, request, rerolled_seeds = shot.wish.route, shot.wish.request, shot.rerolled_seeds
                    made = photographer.resume(shot, answer)
                if made is None:
                    route = patiently(lambda: self._route(chosen, credential), self._setup.retry, watch)
                    watch.progress(0.1)
                    shot, made = photographer.take(Wish(request, chosen, route), rerolled_seeds)
                return photographer.finish(shot, made)
            except Trouble as trouble:
                if route is None or not trouble.gone or not self._has_other(chosen, credential, route):
                    raise _ending(trouble) from None

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:
        chosen = parse(options)
        yield from probe.probe(self._setup, self._hub)
        if not options:
            return
        try:
            route = self._route(chosen, self._credential(chosen))
        except Trouble as trouble:
            yield Probe(False, "settings", trouble.error.message, trouble.error.hint)
        else:
            served = f"{route.name} by {route.provider}."
            yield Probe(not route.notices, "settings", " ".join((*route.notices, served)))
            yield from (Probe(True, "licence", str(license_)) for license_ in route.licenses)  # as the Hub says

    # -- the way

    def _credential(self, chosen: Options) -> Credential | None:
        return find_credential(chosen, self._setup.hf_token)

    def _route(self, chosen: Options, credential: Credential | None) -> Route:
        try:
            return find_route(self._hub, chosen, credential, without=self._without())
        except Exception as error:  # noqa: BLE001 - whatever the client raises is translated
            by_lora = chosen.lora if chosen.lora and not self._hub.knows(chosen.lora) else None  # it is asked for first
            where = Where(Doing.LOOKUP, by_lora or chosen.model, None, credential, LOOKUP_S)
            raise translate(error, where) from None

    def _has_other(self, chosen: Options, credential: Credential | None, route: Route) -> bool:
        """Leave a provider out that has stopped to serve the model, and tell whether another one serves the same."""
        if chosen.provider != AUTO or chosen.endpoint:
            return False
        if route.provider not in self._without().get(route.repo, ()):
            self._gone[route.repo, route.provider] = time.monotonic()
            self._hub.forget(route.repo)
        try:
            return self._route(chosen, credential).repo == route.repo
        except Trouble:
            return False

    def _without(self) -> Gone:
        """Return who has stopped to serve what; it is believed for a while, since a worker lives long."""
        without = defaultdict(set)
        for (repo, provider), seen_s in list(self._gone.items()):  # other threads add to it
            if time.monotonic() - seen_s < _GONE_S:
                without[repo].add(provider)
        return without


def _ending(trouble: Trouble) -> AvatarError:
    """Return what a picture ends with; a model that nobody serves any more ends the run."""
    if isinstance(trouble.error, EngineError):
        trouble.error.ends_run = trouble.error.ends_run or trouble.gone
    return trouble.error


def _is_passing(trouble: Trouble) -> bool:
    return not isinstance(trouble.error, EngineRefused | NotConfigured)


def _plan(wish: Wish, sent: Sending) -> EnginePlan:
    route = wish.route
    arguments = dict(sent.arguments)
    extra = arguments.pop("extra_body", {})
    untaken = (f"{route.provider} takes no {option}." for option in sent.unsent if _is_wanted(option, wish))
    return EnginePlan(
        model=route.name,
        sent={"provider": route.provider, "model": route.provider_model, **arguments, **extra},
        notices=(*route.notices, *untaken, *_negative_notices(wish, sent), *_lora_notices(wish)),
        remarks=_remarks(wish, sent),
        paid=True,
        provider=route.provider,
        provider_model=route.provider_model,
        made_px=sent.made_px,
        options=wish.options.given,
        licenses=route.licenses,
    )


def _is_wanted(option: str, wish: Wish) -> bool:
    """Tell whether an option is given, and is not what the model has without it."""
    usual = parse({"model": wish.options.model})
    return option in wish.request.options and getattr(wish.options, option) != getattr(usual, option)


def _negative_notices(wish: Wish, sent: Sending) -> Iterator[str]:
    """A negative prompt of the user's own is worth a warning where it has no effect; the usual one is not."""
    if "negative_prompt" in sent.arguments or wish.request.prompt.negative == ", ".join(NEGATIVE_TERMS):
        return
    yield _NO_NEGATIVE if wish.options.is_flux else f"{wish.route.provider} takes no negative prompt: it is not sent."


def _lora_notices(wish: Wish) -> Iterator[str]:
    if wish.route.lora is None and _is_wanted("lora_scale", wish):
        yield "There is no LoRA: its scale has no effect."


def _remarks(wish: Wish, sent: Sending) -> tuple[str, ...]:
    remarks = []
    if wish.options.is_flux and not list(_negative_notices(wish, sent)):
        remarks.append(_NO_NEGATIVE)
    asked_px = wish.request.width_px, wish.request.height_px
    if sent.made_px != asked_px:
        made, asked = ("{}x{}".format(*sides) for sides in (sent.made_px, asked_px))
        remarks.append(f"The picture is made as {made} px, and cut and resized here to {asked}.")
    return tuple(remarks)
