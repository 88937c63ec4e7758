"""The huggingface engine."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines.base import Engine, EnginePlan, Probe, Setup, Watch
from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.huggingface import probe
from avatar_creator.engines.huggingface.licenses import licenses_of
from avatar_creator.engines.huggingface.model_index import ModelIndex
from avatar_creator.engines.huggingface.models import AUTO
from avatar_creator.engines.huggingface.notices import notices_of, prompt_notices, remarks_of
from avatar_creator.engines.huggingface.options import Options, find_credential, fingerprint, parse
from avatar_creator.engines.huggingface.payloads import Call, payload_of
from avatar_creator.engines.huggingface.provider_errors import ProviderError
from avatar_creator.engines.huggingface.retry import RateGate, retrying
from avatar_creator.engines.huggingface.routes import Route, Router
from avatar_creator.engines.huggingface.session import Session
from avatar_creator.errors import AvatarError, EngineError, EngineRefused, NotConfigured


class HuggingFaceEngine(Engine):
    """Photographs personas through Hugging Face, whose providers run the model: paid, by token."""

    name = "huggingface"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._index = ModelIndex(setup.cache)
        self._router = Router(self._index)
        self._gates: defaultdict[str, RateGate] = defaultdict(RateGate)  # by provider, for all threads

    def check(self, options: Mapping[str, Any]) -> None:
        self._credential(parse(options))

    def credential(self, options: Mapping[str, Any]) -> str | None:
        return fingerprint(options, self._setup)

    def plan(self, request: PictureRequest) -> EnginePlan:
        chosen = parse(request.options)
        try:
            credential = self._credential(chosen)
        except NotConfigured:  # a plan needs no token: what the Hub says of models is public
            credential = None
        try:
            route = self._router.find(chosen, credential)
        except ProviderError as failure:
            if isinstance(failure.error, EngineRefused | NotConfigured):
                raise failure.error from None
            unknown = f"{failure.error.message} Who would make the picture is not known."
            provider = None if chosen.provider == AUTO else chosen.provider
            return EnginePlan(
                chosen.name,
                {},
                (unknown, *prompt_notices(request.prompt, chosen)),
                paid=True,
                provider=provider,
                options=chosen.given,
                licenses=licenses_of(request.options),
            )
        return _plan(Call(request, chosen, route))

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        options = parse(request.options)
        credential = self._credential(options)
        session = Session(credential, self._setup.retry, self._gates, watch)
        watch.progress(0.0)
        call, image = session.resume(request, options)
        request, rerolled_seeds = (call.request, call.rerolled_seeds) if call else (request, ())
        while True:
            try:
                if call is None or image is None:
                    route = self._find_route(options, credential, watch)
                    call = Call(request, options, route, rerolled_seeds)
                    call, image = session.order(call)
                return session.finish(call, image)
            except ProviderError as failure:
                if call is None or not failure.is_gone or not self._router.has_other(options, credential, call.route):
                    raise _final(failure) from None
                call = image = None

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:
        chosen = parse(options)
        yield from probe.probe(self._setup, self._index)
        if not options:
            return
        try:
            route = self._router.find(chosen, self._credential(chosen))
        except ProviderError as failure:
            yield Probe(False, "settings", failure.error.message, failure.error.hint)
        else:
            served = f"{route.name} by {route.provider}."
            yield Probe(not route.notices, "settings", " ".join((*route.notices, served)))
            yield from (Probe(True, "licence", str(license_)) for license_ in route.licenses)  # as the Hub says

    def _find_route(self, options: Options, credential: Credential | None, watch: Watch) -> Route:
        for attempt in retrying(self._setup.retry, watch):
            with attempt:
                route = self._router.find(options, credential)
        watch.progress(0.1)
        return route

    def _credential(self, chosen: Options) -> Credential | None:
        return find_credential(chosen, self._setup.settings.get("hf_token"))


def _final(failure: ProviderError) -> AvatarError:
    """Return the error that a picture ends with. A model that nobody serves any more ends the run."""
    if isinstance(failure.error, EngineError):
        failure.error.ends_run = failure.error.ends_run or failure.is_gone
    return failure.error


def _plan(call: Call) -> EnginePlan:
    route, payload = call.route, payload_of(call)
    arguments = dict(payload.arguments)
    extra = arguments.pop("extra_body", {})
    return EnginePlan(
        model=route.name,
        sent={"provider": route.provider, "model": route.provider_model, **arguments, **extra},
        notices=notices_of(call, payload),
        remarks=remarks_of(call, payload),
        paid=True,
        provider=route.provider,
        provider_model=route.provider_model,
        made_px=payload.made_px,
        options=call.options.given,
        licenses=route.licenses,
    )
