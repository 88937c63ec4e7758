"""One photograph: asked for, kept as soon as that is answered, fetched, developed, and taken anew where it is blank."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from huggingface_hub import __version__ as client_version

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureRequest
from avatar_creator.domain.text import visible
from avatar_creator.engines.base import Retry, Watch
from avatar_creator.engines.huggingface.client import Answer, ask, fetch, follow_up, where_of
from avatar_creator.engines.huggingface.credentials import Credential, scrub
from avatar_creator.engines.huggingface.image_check import Developed, Unusable, develop
from avatar_creator.engines.huggingface.options import Options
from avatar_creator.engines.huggingface.payloads import Sending, Wish, sending
from avatar_creator.engines.huggingface.provider_errors import (
    BILLED,
    SERVER,
    Again,
    Trouble,
    Where,
    bad_answer,
    filtered,
)
from avatar_creator.engines.huggingface.retry import Gate, patiently
from avatar_creator.engines.huggingface.routes import ENDPOINT
from avatar_creator.engines.huggingface.saved_response import Shot, next_seed, pack, unpack
from avatar_creator.errors import EngineError

_URL_SHOWN = 500  # characters of an address, in a hint: stores' own, signed, come close to that


class Photographer:
    """Takes one photograph. ``gates`` are one a provider, for all threads."""

    def __init__(self, credential: Credential | None, retry: Retry, gates: Mapping[str, Gate], watch: Watch) -> None:
        self._credential = credential
        self._retry = retry
        self._gates = gates
        self._watch = watch
        self._kept: Answer | None = None  # of the call that is under way

    def find_kept(self, request: PictureRequest, options: Options) -> tuple[Shot, Answer] | None:
        """Return what an interrupted try was answered; what cannot be read is forgotten."""
        kept = self._watch.saved_response()
        found = unpack(kept, request, options) if kept is not None else None
        if kept is not None and found is None:
            self._watch.save_response(None)
        return found

    def resume(self, shot: Shot, answer: Answer) -> Developed | None:
        """Return what an answer that was kept brings, None where it has proven useless.

        Raises Trouble where it may yet bring a picture.
        """
        self._kept = answer

        def answered() -> Answer:
            return answer if answer.task is None else follow_up(answer.task, shot.wish, self._credential)

        self._watch.progress(0.1)
        try:
            made = self._developed(shot, answered, resumed=True)
        except Trouble as trouble:
            if trouble.keeps:
                raise
            return None
        self._watch.progress(0.9)
        return made

    def take(self, wish: Wish, rerolled_seeds: tuple[int, ...] = ()) -> tuple[Shot, Developed]:
        """Ask for a picture, as often as it takes. Raises Trouble."""
        sent, gate = sending(wish), self._gates[wish.route.provider]
        shot = Shot(wish, _recipe(wish, sent, rerolled_seeds), rerolled_seeds)

        def answered() -> Answer:
            return ask(wish, sent, self._credential, lambda answer: self._keep(shot, answer))

        def make() -> Developed:
            gate.pass_(self._watch, self._retry)
            self._watch.begin_call()
            self._kept = None
            return self._developed(shot, answered)

        return shot, patiently(make, self._retry, self._watch, gate)

    def finish(self, shot: Shot, made: Developed) -> Picture:
        """Return the picture, taken once more if it is blank. Raises Trouble."""
        wish = shot.wish
        if made.blank and wish.options.reroll and not shot.rerolled_seeds:
            seed = wish.request.seed
            again = wish._replace(request=wish.request._replace(seed=next_seed(seed)))
            shot, made = self.take(again, (*shot.rerolled_seeds, seed))
            wish = shot.wish
        if made.blank:
            self._watch.save_response(None)
            charged = "twice; both were charged" if shot.rerolled_seeds else "and charged it"
            raise filtered(where_of(wish, self._credential), f"held the picture back {charged}")
        self._watch.progress(1.0)
        return Picture(
            data=made.data,
            format=wish.request.format,
            width_px=wish.request.width_px,
            height_px=wish.request.height_px,
            model=wish.route.name,
            source=DigitalSourceType.TRAINED,
            recipe={**shot.recipe, "made_px": list(made.made_px)},
            provider=wish.route.provider,
            seed=wish.request.seed,
            notices=wish.route.notices,
            thumbnail=made.thumbnail,
            options=wish.options.recorded,
        )

    def _developed(self, shot: Shot, answered: Callable[[], Answer], *, resumed: bool = False) -> Developed:
        """Keep what is answered before anything else is done with it; forget it when it has proven useless."""
        try:
            answer = answered()
            self._keep(shot, answer)
            self._charge(shot)
            if not resumed:
                self._watch.progress(0.9)
            return self._delivered(shot, answer, resumed=resumed)
        except Trouble as trouble:
            if trouble.charged:
                self._charge(shot)
            if self._kept and not trouble.keeps:
                self._watch.save_response(None)
            raise

    def _delivered(self, shot: Shot, answer: Answer, *, resumed: bool) -> Developed:
        """Return the picture of an answer, fetched again where it did not arrive whole: it is paid for.

        One that is damaged wherever it is read is ordered once more, as one that is blank.
        """
        where = where_of(shot.wish, self._credential)
        if answer.url is None:
            assert answer.data is not None  # noqa: S101 - it came with the answer itself
            return _picture(answer.data, answer.flagged, shot.wish, where, BILLED if shot.wish.options.reroll else None)
        url, waiting = answer.url, [answer.data] if answer.data is not None else []

        def deliver() -> Developed:
            if waiting:
                data = waiting.pop()
            else:
                data = fetch(url, where)
                self._keep(shot, answer._replace(data=data))
            return _picture(data, answer.flagged, shot.wish, where, SERVER)

        try:
            return patiently(deliver, self._retry, self._watch)
        except Trouble as trouble:
            lost = _lost(trouble, scrub(url, self._credential), keeps=trouble.keeps or not resumed)
            if trouble.damaged and shot.wish.options.reroll:
                lost.again, lost.why, lost.keeps = BILLED, trouble.why, False
            raise lost from None

    def _keep(self, shot: Shot, answer: Answer) -> None:
        if answer == self._kept:
            return
        packed = pack(shot, answer)
        if self._credential is None or not self._credential.is_in(packed):  # a service may repeat it
            self._watch.save_response(packed)
            self._kept = answer

    def _charge(self, shot: Shot) -> None:
        route = shot.wish.route
        self._watch.record_charge(route.provider, route.name, reroll=bool(shot.rerolled_seeds))


def _picture(data: bytes, flagged: bool, wish: Wish, where: Where, again: Again | None) -> Developed:
    try:
        made = develop(data, wish.request)
    except Unusable as error:
        trouble = bad_answer(where, error.what)
        trouble.damaged = error.again
        trouble.again = again if error.again else None
        raise trouble from None
    return replace(made, blank=made.blank or flagged)


def _lost(trouble: Trouble, url: str, *, keeps: bool) -> Trouble:
    """Return the trouble of a picture that was made: to ask for it again would be to pay twice."""
    is_there = len(url) <= _URL_SHOWN and url.startswith(("https://", "http://"))
    hint = f"It was charged, and may be at {visible(url)} for a while." if is_there else "It was charged."
    lost = Trouble(EngineError(trouble.error.message, hint=hint))
    lost.keeps = keeps
    return lost


def _recipe(wish: Wish, sent: Sending, rerolled_seeds: tuple[int, ...]) -> Mapping[str, Any]:
    is_own = wish.route.provider == ENDPOINT
    tells_base = not is_own and wish.route.model != wish.route.lora  # a LoRA does not tell its own
    return {
        "provider": wish.route.provider,
        "provider_model": wish.route.name if is_own else wish.route.provider_model,
        "base_model": wish.route.model if tells_base else None,
        "lora": wish.route.lora,
        "lora_scale": sent.lora_scale,
        "model_version": wish.route.revision,
        "num_inference_steps": None if "steps" in sent.unsent else wish.options.steps,
        "guidance_scale": None if "guidance" in sent.unsent else wish.options.guidance,
        "negative_prompt_sent": "negative_prompt" in sent.arguments,
        "made_px": list(sent.made_px),  # until it is here
        "rerolled_seeds": list(rerolled_seeds),
        "licenses": [license_._asdict() for license_ in wish.route.licenses],
        "client": f"huggingface_hub {client_version}",
    }
