"""The local engine."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, NamedTuple

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureRequest
from avatar_creator.engines.base import Deferred, Engine, EnginePlan, Probe, Setup, Watch
from avatar_creator.engines.local import devices, inference, libraries, loading, lora, probe, stored
from avatar_creator.engines.local.error_map import DeviceLost, is_out_of_memory, translate
from avatar_creator.engines.local.fitting import Fitting
from avatar_creator.engines.local.licenses import licenses_of
from avatar_creator.engines.local.notices import notices_of, remarks_of
from avatar_creator.engines.local.options import Options, name_of, parse


class _Key(NamedTuple):
    """What a model in memory is loaded from, and how: with other values it has to be loaded again."""

    model: str
    lora: str | None
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
            loaded = self._load(chosen, request, watch)
            watch.progress(0.0)
            try:
                inference.over_scale(loaded, chosen.lora_scale)
                data = inference.make(loaded, request, chosen, watch)
            except Exception as error:
                self._fail(error, chosen)
                raise
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
        """Return the model, in memory. Raises NotConfigured, InvalidInput and EngineError."""
        key = _Key.of(chosen)
        if self._loaded is not None and self._key == key:
            return self._loaded
        libraries.require()
        source = loading.find(chosen)
        self._unload()
        self._uses.begin(chosen.repositories)
        watch.phase("loading torch and diffusers")
        try:
            way = self._fitting.choose(chosen, source, request)
            watch.phase(f"loading the model ({way.precision}, {way.fit}, {way.device.card or way.device.name})")
            self._loaded, self._key = loading.load(chosen, source, way), key
        except Exception as error:
            self._uses.end()
            self._fail(error, chosen)
            raise
        return self._loaded

    def _fail(self, error: Exception, chosen: Options) -> None:
        """Raise what an exception means to the user, if it is none of ours and no bug."""
        if is_out_of_memory(error):
            self._unload()
            raise self._fitting.too_large(chosen) from None
        meant = translate(error, model=name_of(chosen.model), lora=chosen.lora and name_of(chosen.lora))
        if isinstance(meant, DeviceLost):
            # Nothing works in a process whose card was lost: it ends, and another one makes the picture.
            raise SystemExit(meant.message) from error
        if meant is not None and meant is not error:
            raise meant from error

    def _unload(self) -> None:
        self._uses.end()
        if self._loaded is not None:
            device = self._loaded.way.device
            self._loaded = self._key = None
            devices.release(device)


def _sent(request: PictureRequest, chosen: Options) -> dict[str, Any]:
    """Return what the pipeline is called with, as JSON. It names no path of this machine."""
    recorded = chosen.recorded
    over = {"lora": recorded["lora"], "lora_scale": chosen.lora_scale} if chosen.lora else {}
    return {"model": recorded["model"], **over, "seed": request.seed, **inference.arguments(request, chosen)}
