"""Which providers serve a model, as the Hub says: asked once in a process, and cached in a file for a day."""

import json
import os
import re
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import InferenceProviderMapping

from avatar_creator.engines.hub.credentials import Credential, check_hub
from avatar_creator.engines.hub.http_limits import Exchange, run_bounded
from avatar_creator.engines.huggingface.provider_errors import Operation, Target
from avatar_creator.home import OWNER_FOLDER

LOOKUP_S = 10.0
_FRESH_S = 24 * 3600
_TASK = "text-to-image"
_OF_SERVER = 500
_PLAIN = re.compile(r"(?!.*\.\.)[\w][\w.:/ -]*", re.ASCII)
_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class ProviderMapping:
    """A provider that serves a model under the name ``provider_model``; ``weights`` is the file of a LoRA.

    An ``adapter`` without ``weights`` cannot be used: the provider would run the base model alone.
    """

    provider: str
    provider_model: str
    task: str
    live: bool
    weights: str | None = None
    adapter: bool = False

    @property
    def makes_pictures(self) -> bool:
        return self.task == _TASK


@dataclass(frozen=True, slots=True)
class Entry:
    """What the Hub says of a model: its commit, task and licence, and its providers in the Hub's order."""

    model: str
    revision: str | None
    task: str | None
    providers: tuple[ProviderMapping, ...]
    license: str | None
    license_url: str | None
    asked_s: float  # time.time()

    @property
    def fresh(self) -> bool:
        return 0 <= time.time() - self.asked_s < _FRESH_S


def lookup_target(model: str, credential: Credential | None) -> Target:
    return Target(Operation.LOOKUP, model, None, credential, LOOKUP_S)


class ModelIndex:
    """The Hub's entries of models; ``cache`` is a folder for them, None to keep them in memory alone."""

    def __init__(self, cache: Path | None) -> None:
        self._cache = cache
        self._known: dict[str, Entry] = {}
        self._failed: dict[str, tuple[float, Exception]] = {}
        self._asking = threading.Lock()

    def entry(self, model: str, credential: Credential | None) -> Entry:
        """Return the entry of a model, an old one where the Hub cannot be reached. Raises what the client raises."""
        came_s = time.monotonic()
        with self._asking:  # threads that come at the same time share one request and its outcome
            failed_s, failure = self._failed.get(model, (came_s, None))
            if failure and failed_s > came_s:
                raise failure
            entry = self._known.get(model) or self._read_cache(model)
            if entry is None or not entry.fresh:
                try:
                    entry = self._ask(model, credential, entry)
                except Exception as error:
                    self._failed[model] = time.monotonic(), error
                    raise
            self._known[model] = entry
            return entry

    def knows(self, model: str) -> bool:
        """Return whether this process has the entry of a model."""
        return model in self._known

    def forget(self, model: str) -> None:
        """Drop an entry that has turned out to be wrong: a provider no longer serves the model."""
        with self._asking:
            self._known.pop(model, None)
            if self._cache:
                with suppress(OSError):
                    self._path(self._cache, model).unlink()

    def _ask(self, model: str, credential: Credential | None, older: Entry | None) -> Entry:
        # The Hub must not see a provider's own key.
        token = credential.value if credential and not credential.direct else False
        check_hub()
        exchange = Exchange(time.monotonic() + LOOKUP_S, None if token is False else credential)
        try:
            info = run_bounded(
                exchange,
                lambda: HfApi().model_info(
                    model,
                    expand=["inferenceProviderMapping", "pipeline_tag", "sha", "cardData"],
                    timeout=LOOKUP_S,
                    token=token,
                ),
            )
        except Exception as error:  # noqa: BLE001 - whatever the client raises
            known = exchange.status_error(error)
            if older is None or _is_refusal(known):
                raise known from None
            return replace(older, asked_s=time.time())  # for this process alone: the file stays old
        providers = tuple(
            ProviderMapping(
                provider=one.provider,
                provider_model=one.provider_id,
                task=one.task,
                live=one.status == "live",
                weights=one.adapter_weights_path if one.adapter == "lora" else None,
                adapter=one.adapter is not None,
            )
            for one in info.inference_provider_mapping or ()
            if _is_sound(one)
        )
        revision, task = (each if isinstance(each, str) else None for each in (info.sha, info.pipeline_tag))
        entry = Entry(model, revision, task, providers, *_license(info.card_data), time.time())
        self._write_cache(entry)
        return entry

    # -- the cache: a file for each model. That it cannot be read or written is no failure.

    def _read_cache(self, model: str) -> Entry | None:
        if self._cache is None:
            return None
        try:
            entry = _entry(json.loads(self._path(self._cache, model).read_text("utf-8")))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return entry if entry.model == model else None  # two ids may have the same file name

    def _write_cache(self, entry: Entry) -> None:
        if self._cache is None:
            return
        path = self._path(self._cache, entry.model)
        beside = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            for folder in (self._cache.parent, self._cache, path.parent):  # mkdir gives no mode to parents
                folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(entry)), "utf-8")
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink()

    def _path(self, cache: Path, model: str) -> Path:
        return cache / "hub" / f"{_UNSAFE.sub('--', model)}.json"


def _license(card: object) -> tuple[str | None, str | None]:
    """Return the name and the address of the licence on a model's card. A card may hold values of any type."""
    license_, name, link = (getattr(card, key, None) for key in ("license", "license_name", "license_link"))
    found = name if license_ == "other" else license_
    return (found if isinstance(found, str) else None), (link if isinstance(link, str) else None)


def _is_refusal(error: Exception) -> bool:
    """Return whether the Hub refuses this model or token, as opposed to being too busy."""
    if not isinstance(error, HfHubHTTPError | httpx2.HTTPStatusError):
        return False
    status = error.response.status_code
    return status < _OF_SERVER and status not in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def _is_sound(one: InferenceProviderMapping) -> bool:
    """Return whether a mapping has the types and characters of all others. Its texts become a part of addresses."""
    words = (one.provider, one.provider_id, one.adapter_weights_path or "x")
    texts: tuple[object, ...] = (one.task, *words)  # the client does not check their types
    return all(isinstance(text, str) for text in texts) and all(_PLAIN.fullmatch(word) for word in words)


def _entry(cached: Mapping[str, Any]) -> Entry:
    """Return the entry that `_write_cache` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    providers = tuple(ProviderMapping(**one) for one in cached["providers"])
    entry = Entry(**{**cached, "providers": providers, "asked_s": float(cached["asked_s"])})
    texts = (entry.model, *(text for one in providers for text in (one.provider, one.provider_model, one.task)))
    maybes = (entry.revision, entry.task, entry.license, entry.license_url, *(one.weights for one in providers))
    if not all(isinstance(text, str) for text in (*texts, *(each for each in maybes if each is not None))):
        raise TypeError
    return entry
