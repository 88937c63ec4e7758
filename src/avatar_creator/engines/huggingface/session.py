"""One photograph: asked for, kept as soon as that is answered, fetched, developed, and taken anew where it is blank."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from huggingface_hub import __version__ as client_version

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureRequest
from avatar_creator.domain.text import visible
from avatar_creator.engines.base import Retry, Watch
from avatar_creator.engines.huggingface.client import ProviderResponse, ask, fetch, follow_up, target_of
from avatar_creator.engines.huggingface.credentials import Credential, scrub
from avatar_creator.engines.huggingface.image_check import NormalizedImage, UnusableImage, normalize
from avatar_creator.engines.huggingface.options import Options
from avatar_creator.engines.huggingface.payloads import Call, Payload, payload_of
from avatar_creator.engines.huggingface.provider_errors import (
    BILLED,
    SERVER,
    Backoff,
    ProviderError,
    Target,
    bad_response,
    filtered,
)
from avatar_creator.engines.huggingface.retry import RateGate, with_retries
from avatar_creator.engines.huggingface.routes import ENDPOINT
from avatar_creator.engines.huggingface.saved_response import Shot, next_seed, pack, unpack
from avatar_creator.errors import EngineError

_URL_SHOWN = 500  # characters of an address, in a hint: stores' own, signed, come close to that


class Photographer:
    """Takes one photograph. ``gates`` are one a provider, for all threads."""

    def __init__(
        self, credential: Credential | None, retry: Retry, gates: Mapping[str, RateGate], watch: Watch
    ) -> None:
        self._credential = credential
        self._retry = retry
        self._gates = gates
        self._watch = watch
        self._kept: ProviderResponse | None = None  # of the call that is under way

    def find_kept(self, request: PictureRequest, options: Options) -> tuple[Shot, ProviderResponse] | None:
        """Return what an interrupted try was answered; what cannot be read is forgotten."""
        kept = self._watch.saved_response()
        found = unpack(kept, request, options) if kept is not None else None
        if kept is not None and found is None:
            self._watch.save_response(None)
        return found

    def resume(self, shot: Shot, response: ProviderResponse) -> NormalizedImage | None:
        """Return what an answer that was kept brings, None where it has proven useless.

        Raises Trouble where it may yet bring a picture.
        """
        self._kept = response

        def answered() -> ProviderResponse:
            return response if response.task is None else follow_up(response.task, shot.call, self._credential)

        self._watch.progress(0.1)
        try:
            made = self._developed(shot, answered, resumed=True)
        except ProviderError as failure:
            if failure.keeps_response:
                raise
            return None
        self._watch.progress(0.9)
        return made

    def take(self, call: Call, rerolled_seeds: tuple[int, ...] = ()) -> tuple[Shot, NormalizedImage]:
        """Ask for a picture, as often as it takes. Raises Trouble."""
        sent, gate = payload_of(call), self._gates[call.route.provider]
        shot = Shot(call, _recipe(call, sent, rerolled_seeds), rerolled_seeds)

        def answered() -> ProviderResponse:
            return ask(call, sent, self._credential, lambda response: self._keep(shot, response))

        def make() -> NormalizedImage:
            gate.wait(self._watch, self._retry)
            self._watch.begin_call()
            self._kept = None
            return self._developed(shot, answered)

        return shot, with_retries(make, self._retry, self._watch, gate)

    def finish(self, shot: Shot, made: NormalizedImage) -> Picture:
        """Return the picture, taken once more if it is blank. Raises Trouble."""
        call = shot.call
        if made.blank and call.options.reroll and not shot.rerolled_seeds:
            seed = call.request.seed
            backoff = call._replace(request=call.request._replace(seed=next_seed(seed)))
            shot, made = self.take(backoff, (*shot.rerolled_seeds, seed))
            call = shot.call
        if made.blank:
            self._watch.save_response(None)
            charged = "twice; both were charged" if shot.rerolled_seeds else "and charged it"
            raise filtered(target_of(call, self._credential), f"held the picture back {charged}")
        self._watch.progress(1.0)
        return Picture(
            data=made.data,
            format=call.request.format,
            width_px=call.request.width_px,
            height_px=call.request.height_px,
            model=call.route.name,
            source=DigitalSourceType.TRAINED,
            recipe={**shot.recipe, "made_px": list(made.made_px)},
            provider=call.route.provider,
            seed=call.request.seed,
            notices=call.route.notices,
            thumbnail=made.thumbnail,
            options=call.options.recorded,
        )

    def _developed(
        self, shot: Shot, answered: Callable[[], ProviderResponse], *, resumed: bool = False
    ) -> NormalizedImage:
        """Keep what is answered before anything else is done with it; forget it when it has proven useless."""
        try:
            response = answered()
            self._keep(shot, response)
            self._charge(shot)
            if not resumed:
                self._watch.progress(0.9)
            return self._delivered(shot, response, resumed=resumed)
        except ProviderError as failure:
            if failure.is_charged:
                self._charge(shot)
            if self._kept and not failure.keeps_response:
                self._watch.save_response(None)
            raise

    def _delivered(self, shot: Shot, response: ProviderResponse, *, resumed: bool) -> NormalizedImage:
        """Return the picture of an answer, fetched again where it did not arrive whole: it is paid for.

        One that is damaged wherever it is read is ordered once more, as one that is blank.
        """
        target = target_of(shot.call, self._credential)
        if response.url is None:
            assert response.data is not None  # noqa: S101 - it came with the answer itself
            return _picture(
                response.data, response.flagged, shot.call, target, BILLED if shot.call.options.reroll else None
            )
        url, waiting = response.url, [response.data] if response.data is not None else []

        def deliver() -> NormalizedImage:
            if waiting:
                data = waiting.pop()
            else:
                data = fetch(url, target)
                self._keep(shot, response._replace(data=data))
            return _picture(data, response.flagged, shot.call, target, SERVER)

        try:
            return with_retries(deliver, self._retry, self._watch)
        except ProviderError as failure:
            lost = _lost(failure, scrub(url, self._credential), keeps=failure.keeps_response or not resumed)
            if failure.is_damaged and shot.call.options.reroll:
                lost.backoff, lost.why, lost.keeps_response = BILLED, failure.why, False
            raise lost from None

    def _keep(self, shot: Shot, response: ProviderResponse) -> None:
        if response == self._kept:
            return
        packed = pack(shot, response)
        if self._credential is None or not self._credential.is_in(packed):  # a service may repeat it
            self._watch.save_response(packed)
            self._kept = response

    def _charge(self, shot: Shot) -> None:
        route = shot.call.route
        self._watch.record_charge(route.provider, route.name, reroll=bool(shot.rerolled_seeds))


def _picture(data: bytes, flagged: bool, call: Call, target: Target, backoff: Backoff | None) -> NormalizedImage:
    try:
        made = normalize(data, call.request)
    except UnusableImage as error:
        failure = bad_response(target, error.what)
        failure.is_damaged = error.is_retryable
        failure.backoff = backoff if error.is_retryable else None
        raise failure from None
    return replace(made, blank=made.blank or flagged)


def _lost(failure: ProviderError, url: str, *, keeps: bool) -> ProviderError:
    """Return the trouble of a picture that was made: to ask for it again would be to pay twice."""
    is_there = len(url) <= _URL_SHOWN and url.startswith(("https://", "http://"))
    hint = f"It was charged, and may be at {visible(url)} for a while." if is_there else "It was charged."
    lost = ProviderError(EngineError(failure.error.message, hint=hint))
    lost.keeps_response = keeps
    return lost


def _recipe(call: Call, sent: Payload, rerolled_seeds: tuple[int, ...]) -> Mapping[str, Any]:
    is_endpoint = call.route.provider == ENDPOINT
    tells_base = not is_endpoint and call.route.model != call.route.lora  # a LoRA does not tell its own
    return {
        "provider": call.route.provider,
        "provider_model": call.route.name if is_endpoint else call.route.provider_model,
        "base_model": call.route.model if tells_base else None,
        "lora": call.route.lora,
        "lora_scale": sent.lora_scale,
        "model_version": call.route.revision,
        "num_inference_steps": None if "steps" in sent.unsent else call.options.steps,
        "guidance_scale": None if "guidance" in sent.unsent else call.options.guidance,
        "negative_prompt_sent": "negative_prompt" in sent.arguments,
        "made_px": list(sent.made_px),  # until it is here
        "rerolled_seeds": list(rerolled_seeds),
        "licenses": [license_._asdict() for license_ in call.route.licenses],
        "client": f"huggingface_hub {client_version}",
    }
