"""An engine that is paid and owns the options of photographs: it draws, and says what it was given."""

from collections.abc import Iterator, Mapping
from typing import Any

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES, check_options, fingerprint
from avatar_creator.engines.base import EnginePlan, Probe, Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import NotConfigured

NAME = "huggingface"
ENTRY = ENGINES[NAME]._replace(place=f"{__name__}:Paid")


def install() -> None:
    """Let it stand for the hosted engine, in a process of a test's own."""
    ENGINES[NAME] = ENTRY


class Paid(OfflineEngine):
    """Made for money, by fal-ai with a LoRA if nobody else is asked."""

    name = NAME
    takes_s = 0.0
    probes: tuple[Probe, ...] = (Probe(ok=True, subject="token", message="accepted."),)

    def check(self, _options: Mapping[str, Any]) -> None:
        if self._setup.settings.get("hf_token") is None:
            raise NotConfigured("There is no token of Hugging Face.", hint="Set it with: avatar config set hf_token")

    def credential(self, options: Mapping[str, Any]) -> str | None:
        return fingerprint(NAME, options, self._setup)

    def plan(self, request: PictureRequest) -> EnginePlan:
        check_options(NAME, request.options)
        setup = self._setup
        given = {"options": dict(request.options), "retry": setup.retry._asdict(), "cache": str(setup.cache)}
        return EnginePlan(
            "paid/test",
            given | {"with_token": setup.settings.get("hf_token") is not None},
            paid=True,
            provider=request.options.get("provider", "fal-ai"),
            provider_model="fal-ai/flux-lora",
            made_px=(1000, 1000),
        )

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        watch.begin_call()
        watch.pause(self.takes_s)
        watch.record_charge(request.options.get("provider", "fal-ai"), "paid/test")
        return super().generate(request._replace(options={}), watch)

    def probe(self, _options: Mapping[str, Any]) -> Iterator[Probe]:
        yield from self.probes
