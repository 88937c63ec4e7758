"""Which provider makes the picture, by which of its models, and with which LoRA."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from avatar_creator.domain.license import License
from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.hub_models import license_of
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.licenses import OWN_ENDPOINT
from avatar_creator.engines.huggingface.model_index import Entry, ModelIndex, ProviderMapping, lookup_target
from avatar_creator.engines.huggingface.models import AUTO, LORA_PROVIDERS, OWN_NAME, PROVIDERS
from avatar_creator.engines.huggingface.options import Options, name_of
from avatar_creator.engines.huggingface.provider_errors import ProviderError
from avatar_creator.errors import EngineRefused

Gone = Mapping[str, Collection[str]]
"""Providers that no longer serve a repo of the Hub, although the Hub says so."""

ENDPOINT = "endpoint"  # stands for the provider of an own endpoint
_HF_INFERENCE = "hf-inference"
_GONE_S = 600.0  # that a provider is left out; a worker lives longer


@dataclass(frozen=True, slots=True)
class Route:
    """A provider and its model; ``repo`` is the Hub's id of the LoRA if there is one, else of the model."""

    provider: str
    provider_model: str
    repo: str
    model: str  # the base
    lora: str | None = None
    weights: str | None = None
    revision: str | None = None
    notices: tuple[str, ...] = ()
    licenses: tuple[License, ...] = ()

    @property
    def name(self) -> str:
        return OWN_NAME if self.provider == ENDPOINT else name_of(self.model, self.lora)


class Router:
    """Finds the route of each picture. A provider that has stopped to serve a model is left out for a while."""

    def __init__(self, index: ModelIndex) -> None:
        self._index = index
        self._gone: dict[tuple[str, str], float] = {}  # repo and provider that no longer serves it: time.monotonic()

    def find(self, options: Options, credential: Credential | None) -> Route:
        """Return the best route. Raises ProviderError."""
        try:
            return _find_route(self._index, options, credential, self._without())
        except Exception as error:  # noqa: BLE001 - whatever the client raises
            model = options.model
            if options.lora and not self._index.knows(options.lora):  # it is looked up first
                model = options.lora
            raise translate(error, lookup_target(model, credential)) from None

    def has_other(self, options: Options, credential: Credential | None, gone: Route) -> bool:
        """Leave out the provider of a route, and return whether another one serves the same."""
        if options.provider != AUTO or options.endpoint:
            return False
        if gone.provider not in self._without().get(gone.repo, ()):
            self._gone[gone.repo, gone.provider] = time.monotonic()
            self._index.forget(gone.repo)
        try:
            return self.find(options, credential).repo == gone.repo
        except ProviderError:
            return False

    def _without(self) -> Gone:
        without = defaultdict(set)
        for (repo, provider), seen_s in list(self._gone.items()):  # other threads add to it
            if time.monotonic() - seen_s < _GONE_S:
                without[repo].add(provider)
        return without


def _find_route(index: ModelIndex, options: Options, credential: Credential | None, without: Gone) -> Route:
    """Return the best route, without the providers in ``without``.

    A LoRA that is asked for decides: only a provider that is known not to drop it is chosen. Raises EngineRefused when
    nobody serves the model, and what the client raises when the Hub cannot be reached.
    """
    if options.endpoint:
        own = options.endpoint
        return Route(ENDPOINT, own, own, own, licenses=(OWN_ENDPOINT,))
    notices: tuple[str, ...] = ()
    if options.lora:
        entry = index.entry(options.lora, credential)
        route = _with_lora(entry, options, without)
        if route:
            return route
        if _with_lora(entry, options, {}):  # the Hub still names a provider, so the LoRA is not given up
            raise _nobody(entry, options, without)
        unserved = _unserved(options, f"{options.model} with {options.lora}")
        if options.require_lora:
            raise EngineRefused(
                f"{unserved} now.",
                hint="Leave out --require-lora, or choose another: --provider, --lora",
                ends_run=True,
            )
        notices = (f"{unserved} now; the base model is used alone.",)
    return _base(index.entry(options.model, credential), options, without, notices)


def _with_lora(entry: Entry, options: Options, without: Gone) -> Route | None:
    able = [one for one in _usable(entry, options, without) if one.weights and one.provider in LORA_PROVIDERS]
    if not able:
        return None
    best = min(able, key=lambda one: (not one.live, LORA_PROVIDERS.index(one.provider)))
    return Route(
        best.provider,
        best.provider_model,
        entry.model,
        options.model,
        lora=entry.model,
        weights=best.weights,
        revision=entry.revision,
        licenses=(_base_license(entry, options), _license(entry)),
    )


def _base(entry: Entry, options: Options, without: Gone, notices: tuple[str, ...]) -> Route:
    if any(one.adapter for one in entry.providers):  # the model asked for is a LoRA itself
        route = _with_lora(entry, options, without)
        if route:
            return route
        raise _nobody(entry, options, without)
    usable, gone = _usable(entry, options, without), without.get(entry.model, ())
    if options.provider == AUTO:  # those whose payload is known first, then the Hub's order
        usable.sort(key=lambda one: (one.provider not in PROVIDERS, not one.live))
    if usable:
        provider, provider_model = usable[0].provider, usable[0].provider_model
    elif options.provider == _HF_INFERENCE and entry.task == "text-to-image" and _HF_INFERENCE not in gone:
        provider, provider_model = _HF_INFERENCE, entry.model  # it has no list of models: the task is enough
    else:
        raise _nobody(entry, options, without)
    return Route(
        provider,
        provider_model,
        entry.model,
        options.model,
        revision=entry.revision,
        notices=notices,
        licenses=(_license(entry),),
    )


def _license(entry: Entry) -> License:
    return license_of(entry.model, entry.license, entry.license_url)


def _base_license(entry: Entry, options: Options) -> License:
    """Return the licence of the model below a LoRA. It is not known where the LoRA is given as the model."""
    return License(f"the model below {entry.model}") if entry.model == options.model else license_of(options.model)


def _usable(entry: Entry, options: Options, without: Gone) -> list[ProviderMapping]:
    gone = without.get(entry.model, ())
    return [
        one
        for one in entry.providers
        if one.makes_pictures and one.provider not in gone and options.provider in {AUTO, one.provider}
    ]


def _nobody(entry: Entry, options: Options, without: Gone) -> EngineRefused:
    gone = without.get(entry.model, ())
    serving = [one.provider for one in entry.providers if one.makes_pictures and one.provider not in gone]
    if not serving and entry.providers:
        tasks = ", ".join(sorted({one.task for one in entry.providers}))
        return EngineRefused(
            f"{entry.model} makes no pictures: its task is {tasks}.", hint="Choose another --model", ends_run=True
        )
    hint = f"Choose one that does: --provider {', '.join(serving)}" if serving else "Choose another --model"
    return EngineRefused(f"{_unserved(options, entry.model)}.", hint=hint, ends_run=True)


def _unserved(options: Options, what: str) -> str:
    return f"No provider serves {what}" if options.provider == AUTO else f"{options.provider} does not serve {what}"
