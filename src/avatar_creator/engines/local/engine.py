"""The local engine."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from threading import Lock, Thread
from typing import Any, NamedTuple

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureRequest
from avatar_creator.engines.base import Deferred, Engine, EnginePlan, Probe, Setup, Watch
from avatar_creator.engines.local import devices, inference, libraries, loading, lora, probe, stored
from avatar_creator.engines.local.card_lock import CardLock
from avatar_creator.engines.local.error_map import DeviceLost, forget_frames, is_out_of_memory, translate
from avatar_creator.engines.local.fitting import Fitting
from avatar_creator.engines.local.licenses import licenses_of
from avatar_creator.engines.local.notices import notices_of, remarks_of
from avatar_creator.engines.local.options import Options, name_of, parse

# For another process that waits for the card: so long it waits while pictures are made, and while none is.
_TURN_S, _IDLE_S = 120.0, 5.0
_LOOK_S = 1.0


class _Key(NamedTuple):
    """What a model in memory is loaded from, and how: with other values it has to be loaded again."""

    model: str
    precision: str
    quantize: str
    gguf: str | None
    offload: str
    device: str
    compile: bool

    @classmethod
    def of(cls, options: Options) -> "_Key":
        return cls(*(getattr(options, name) for name in cls._fields))


class LocalEngine(Engine):
    """Photographs personas with a model on this machine's own card: no token, no network, one picture at a time.

    It holds one model, from its first picture on, until another one is asked for.
    """

    name = "local"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._one_at_a_time = Lock()
        self._key: _Key | None = None
        self._loaded: loading.Loaded | None = None
        self._fitting = Fitting()
        self._uses = stored.Uses()
        self._device: devices.Device | None = None
        self._card: CardLock | None = None
        self._taken_s = self._made_s = 0.0  # when the card was taken, and the last picture ended

    @property
    def most_at_once(self) -> int:
        return 1  # several at once, or in one call, take as long, and change each other's pixels

    def check(self, options: Mapping[str, Any]) -> None:
        chosen = parse(options)
        libraries.require()
        libraries.require_quantizer(chosen.quantize)
        probe.check_card(chosen)
        loading.find(chosen)
        if chosen.lora:
            lora.find(chosen.lora)

    def facts(self) -> Mapping[str, str]:
        libraries.require()
        return {"device": libraries.device()}

    def plan(self, request: PictureRequest) -> EnginePlan:
        chosen = parse(request.options)
        return EnginePlan(
            chosen.name,
            Deferred(lambda: _sent(request, chosen)),
            tuple(notices_of(request, chosen)),
            tuple(remarks_of(request, chosen)),
            options=chosen.given,
            licenses=licenses_of(request.options),
        )

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        chosen = parse(request.options)
        with self._one_at_a_time:
            try:
                return self._picture(request, chosen, watch)
            except Exception as error:
                self._fail(error, chosen)
                raise
            finally:
                self._made_s = time.monotonic()
                if self._made_s - self._taken_s >= _TURN_S:
                    self._pass_on()

    def _picture(self, request: PictureRequest, chosen: Options, watch: Watch) -> Picture:
        loaded = self._load(chosen, request, watch)
        watch.progress(0.0)
        inference.over_scale(loaded, chosen.lora_scale)
        data = inference.make(loaded, request, chosen, watch)
        watch.progress(1.0)
        partly = [loaded.lora.notice] if loaded.lora and loaded.lora.notice else []
        return Picture(
            data=data,
            format=request.format,
            width_px=request.width_px,
            height_px=request.height_px,
            model=chosen.name,
            source=DigitalSourceType.TRAINED,
            recipe=_sent(request, chosen) | loaded.record,
            options=chosen.recorded,
            notices=(*notices_of(request, chosen), *partly),
        )

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:
        return probe.probe(parse(options))

    def close(self) -> None:
        with self._one_at_a_time:
            self._unload()

    def _load(self, chosen: Options, request: PictureRequest, watch: Watch) -> loading.Loaded:
        """Return the model, in memory. Raises NotConfigured, InvalidInput, EngineError, and what the libraries do."""
        key, before = _Key.of(chosen), self._loaded
        if before is not None and self._key == key and self._fitting.covers(chosen, request):
            if before.lora_name == chosen.lora:
                return before
            if loading.can_change_lora(before, chosen):
                watch.phase(f"loading the LoRA {name_of(chosen.lora)}" if chosen.lora else "removing the LoRA")
                self._loaded = None  # what fails in the midst of it is loaded anew
                self._uses.begin(chosen.repositories)
                self._loaded = loading.change_lora(before, chosen)
                return self._loaded
        del before
        libraries.require()
        source = loading.find(chosen)
        self._unload()
        watch.phase("loading torch and diffusers")
        device = self._device = devices.find(chosen.device)
        self._take(device, watch)
        self._uses.begin(chosen.repositories)
        way = self._fitting.choose(chosen, device, source, request)
        watch.phase(f"loading the model ({way.precision}, {way.fit}, {device.card or device.name})")
        self._loaded, self._key = loading.load(chosen, source, way), key
        return self._loaded

    def _fail(self, error: Exception, chosen: Options) -> None:
        """Raise what an exception means to the user, if it is none of ours and no bug."""
        is_full = is_out_of_memory(error)
        meant = None if is_full else translate(error, model=name_of(chosen.model), lora=_lora_name(chosen))
        if is_full or self._loaded is None or not _is_off_card(self._loaded):
            forget_frames(error)  # which hold what is to be given back
            self._unload()
        if is_full:
            raise self._fitting.too_large(chosen) from None
        if isinstance(meant, DeviceLost):
            # Nothing works in a process whose card was lost: it ends, and another one makes the picture.
            raise SystemExit(meant.message) from error
        if meant is not None and meant is not error:
            raise meant from error

    def _unload(self) -> None:
        self._uses.end()
        self._loaded = self._key = None
        if self._device is not None:
            devices.release(self._device)
            self._device = None
        if self._card is not None:
            self._card.give_back()
            self._card = None

    def _take(self, device: devices.Device, watch: Watch) -> None:
        """Take the card for this process, waiting for others of the user."""
        if device.id is None:
            return
        card = CardLock(device)
        try:
            card.take(watch)
        except OSError:  # there is no folder for locks: its memory is measured all the same
            return
        self._card, self._taken_s = card, time.monotonic()
        Thread(target=self._share, args=(card,), daemon=True).start()

    def _share(self, card: CardLock) -> None:
        """Pass the card on while it is held and nothing is made with it."""
        while self._card is card:
            time.sleep(_LOOK_S)
            is_idle = time.monotonic() - max(self._made_s, self._taken_s) >= _IDLE_S
            if not is_idle or not self._one_at_a_time.acquire(blocking=False):
                continue
            try:
                self._pass_on()
            finally:
                self._one_at_a_time.release()

    def _pass_on(self) -> None:
        """Let another process have the card if it waits for it."""
        if self._card is not None and self._card.is_waited_for():
            self._unload()


def _is_off_card(loaded: loading.Loaded) -> bool:
    """Have the parts of a model leave the card that a picture which was left had moved there; return whether they did.

    The next picture begins with others, beside which they may not fit.
    """
    with suppress(Exception):  # of a card that was lost
        loaded.pipeline.maybe_free_model_hooks()
        return True
    return False


def _lora_name(chosen: Options) -> str | None:
    return chosen.lora and name_of(chosen.lora)


def _sent(request: PictureRequest, chosen: Options) -> dict[str, Any]:
    """Return what the pipeline is called with, as JSON. It names no path of this machine."""
    recorded = chosen.recorded
    over = {"lora": recorded["lora"], "lora_scale": chosen.lora_scale} if chosen.lora else {}
    return {"model": recorded["model"], **over, "seed": request.seed, **inference.arguments(request, chosen)}
