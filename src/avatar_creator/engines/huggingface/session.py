"""One picture: a provider is called, its response saved and charged, the picture downloaded and checked."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureRequest
from avatar_creator.domain.text import visible
from avatar_creator.engines.base import Retry, Watch
from avatar_creator.engines.hub.credentials import Credential, scrub
from avatar_creator.engines.huggingface.client import (
    ProviderResponse,
    download,
    follow_task,
    request_picture,
    target_of,
)
from avatar_creator.engines.huggingface.image_check import NormalizedImage, UnusableImage, normalize
from avatar_creator.engines.huggingface.notices import notices_of
from avatar_creator.engines.huggingface.options import Options
from avatar_creator.engines.huggingface.payloads import Call, payload_of, recipe_of
from avatar_creator.engines.huggingface.polling import Withdrawn
from avatar_creator.engines.huggingface.provider_errors import (
    BILLED,
    SERVER,
    Backoff,
    ProviderError,
    Target,
    bad_response,
    filtered,
)
from avatar_creator.engines.huggingface.retry import RateGate, retrying
from avatar_creator.engines.huggingface.saved_response import next_seed, pack, unpack
from avatar_creator.errors import Cancelled, EngineError

_URL_SHOWN = 500  # characters of an address in a hint; signed addresses of stores come close to that


class Session:
    """Makes one picture. ``gates`` has a gate for each provider, shared by all threads."""

    def __init__(
        self, credential: Credential | None, retry: Retry, gates: Mapping[str, RateGate], watch: Watch
    ) -> None:
        self._credential = credential
        self._retry = retry
        self._gates = gates
        self._watch = watch
        self._saved: ProviderResponse | None = None  # of the call under way

    def resume(self, request: PictureRequest, options: Options) -> tuple[Call | None, NormalizedImage | None]:
        """Return the call whose response an interrupted attempt saved, and its picture: None where there is none.

        Raises AvatarError where there is no picture now, and the response may still bring it.
        """
        saved = self._watch.saved_response()
        found = None if saved is None else unpack(saved, request, options)
        if found is None:
            if saved is not None:
                self._watch.save_response(None)
            return None, None
        call, response = found
        self._saved = response
        self._watch.progress(0.1)
        try:
            with self._accounting(call):
                response = self._made(call, response)
                self._record_charge(call)
                image = self._image(call, response, is_resumed=True)
        except ProviderError as failure:
            if failure.is_reusable or (failure.is_damaged and not options.reroll):
                raise failure.error from None
            self._watch.wait(0.0, f"{failure.error.message.rstrip('.')}; it is ordered anew")
            return (_again(call) if failure.is_damaged and not call.rerolled_seeds else call), None
        self._watch.progress(0.9)
        return call, image

    def order(self, call: Call) -> tuple[Call, NormalizedImage]:
        """Call the provider, as often as it takes, and return the call that brought a picture, and that.

        One that is damaged at its source is ordered once more, as a blank one is. Raises ProviderError.
        """
        try:
            return call, self._order(call)
        except ProviderError as failure:
            if not failure.is_damaged or not call.options.reroll or call.rerolled_seeds:
                raise
        seconds = min(self._retry.base_s * BILLED.wait_s, self._retry.max_s)
        self._watch.wait(seconds, f"the picture of {call.route.provider} is damaged, and ordered once more")
        again = _again(call)
        return again, self._order(again)

    def _order(self, call: Call) -> NormalizedImage:
        gate = self._gates[call.route.provider]
        for attempt in retrying(self._retry, self._watch, gate):
            with attempt:
                gate.wait(self._watch, self._retry)
                self._watch.begin_call()
                self._saved = None
                image = self._call_once(call)
        return image

    def finish(self, call: Call, image: NormalizedImage) -> Picture:
        """Return the picture; order another one, once, where it is blank. Raises ProviderError."""
        if image.blank and call.options.reroll and not call.rerolled_seeds:
            seed = call.request.seed
            call = Call(call.request._replace(seed=next_seed(seed)), call.options, call.route, (seed,))
            call, image = self.order(call)
        if image.blank:
            self._watch.save_response(None)
            charged = "and charged it"
            if call.rerolled_seeds:
                was_blank = call.request.seed not in call.rerolled_seeds
                charged = "twice; both were charged" if was_blank else "after one that was damaged; both were charged"
            raise filtered(target_of(call, self._credential), f"held the picture back {charged}")
        self._watch.progress(1.0)
        return Picture(
            data=image.data,
            format=call.request.format,
            width_px=call.request.width_px,
            height_px=call.request.height_px,
            model=call.route.name,
            source=DigitalSourceType.TRAINED,
            recipe={**recipe_of(call), "made_px": list(image.made_px)},
            provider=call.route.provider,
            seed=call.request.seed,
            notices=notices_of(call, payload_of(call)),
            thumbnail=image.thumbnail,
            options=call.options.recorded,
        )

    def _call_once(self, call: Call) -> NormalizedImage:
        with self._accounting(call):
            with closing(request_picture(call, self._credential)) as responses:
                for response in responses:  # where the picture will be, then the picture
                    self._save(call, response)
                    self._gates[call.route.provider].count_accepted()
            response = self._made(call, response)
            self._record_charge(call)
            self._watch.progress(0.9)
            return self._image(call, response)

    def _made(self, call: Call, response: ProviderResponse) -> ProviderResponse:
        """Return the response that has the picture: of a task, when it is made."""
        if response.task is None:
            return response
        try:
            return follow_task(response.task, call, self._credential, self._watch)
        except Withdrawn:
            raise
        except Cancelled:  # the provider makes it all the same; who tries again fetches it
            self._record_charge(call)
            raise

    @contextmanager
    def _accounting(self, call: Call) -> Iterator[None]:
        """Of a call that fails, record what is or may be charged, and remove a response that cannot be used."""
        try:
            yield
        except ProviderError as failure:
            if failure.is_charged:
                self._record_charge(call)
            elif failure.is_in_doubt:
                self._watch.record_doubt()
            if self._saved and not failure.is_reusable:
                self._watch.save_response(None)
            raise

    def _image(self, call: Call, response: ProviderResponse, *, is_resumed: bool = False) -> NormalizedImage:
        """Return the picture of a response, downloaded again where it did not arrive whole: it is paid for.

        Raises ProviderError.
        """
        target, url = target_of(call, self._credential), response.url
        if url is None:
            return _checked(response, call, target)
        try:
            for attempt in retrying(self._retry, self._watch):
                with attempt:
                    if response.data is None:
                        response = response._replace(data=download(url, target))
                        self._save(call, response)
                    image = _checked(response, call, target, SERVER)
                response = response._replace(data=None)  # another attempt downloads it again
        except ProviderError as failure:
            lost = _lost(failure, scrub(url, self._credential))
            lost.is_reusable = failure.is_reusable or not is_resumed
            if failure.is_damaged:
                lost.is_damaged, lost.why = True, failure.why
                lost.is_reusable = lost.is_reusable and not call.options.reroll
            raise lost from None
        return image

    def _save(self, call: Call, response: ProviderResponse) -> None:
        if response == self._saved:
            return
        packed = pack(call, response)
        if self._credential is None or not self._credential.is_in(packed):  # a service may repeat it
            self._watch.save_response(packed)
            self._saved = response

    def _record_charge(self, call: Call) -> None:
        self._watch.record_charge(call.route.provider, call.route.name, reroll=bool(call.rerolled_seeds))


def _again(call: Call) -> Call:
    """Return the call for another picture in place of a damaged one: of the same seed, and counted as a re-roll."""
    return call._replace(rerolled_seeds=(call.request.seed,), saved_recipe=None)


def _checked(response: ProviderResponse, call: Call, target: Target, backoff: Backoff | None = None) -> NormalizedImage:
    assert response.data is not None  # noqa: S101 - without an address it came with the response
    try:
        image = normalize(response.data, call.request)
    except UnusableImage as error:
        failure = bad_response(target, error.what)
        failure.is_damaged = error.is_retryable
        failure.backoff = backoff if error.is_retryable else None
        raise failure from None
    return replace(image, blank=image.blank or response.flagged)


def _lost(failure: ProviderError, url: str) -> ProviderError:
    """Return the error of a picture that was made: it is not ordered again, which would be to pay twice."""
    is_there = len(url) <= _URL_SHOWN and url.startswith(("https://", "http://"))
    hint = f"It was charged, and may be at {visible(url)} for a while." if is_there else "It was charged."
    return ProviderError(EngineError(failure.error.message, hint=hint))
