"""The engines of a home, as its settings have them."""

from collections.abc import Collection, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from avatar_creator.engines import ENGINES, Choice, automatic, fingerprint, load_engine
from avatar_creator.engines.base import Engine, Retry, Setup
from avatar_creator.engines.table import setting_of
from avatar_creator.errors import NotConfigured
from avatar_creator.settings.values import Settings


class ConfiguredEngines:
    """Loads engines with the settings of their own, each once: it knows what the network told it, and has connections.

    ``patient`` ones are the worker's: nobody waits for their pictures at a terminal.
    """

    def __init__(self, settings: Settings, cache: Path, *, patient: bool = False) -> None:
        self._settings = settings
        self._cache = cache
        self._base_s = settings.worker_retry_base_s if patient else settings.retry_base_s
        self._engines: dict[str, Engine] = {}
        self._loading = Lock()  # threads ask for it too

    def load(self, engine: str) -> Engine:
        """Return the engine of that name. Raises InvalidInput, or NotConfigured if it cannot be loaded."""
        with self._loading:
            if engine not in self._engines:
                self._engines[engine] = load_engine(engine, self._setup(engine))
            return self._engines[engine]

    def close(self) -> None:
        """Have each engine give back what it holds; one that is asked for afterwards is loaded anew."""
        with self._loading:
            loaded, self._engines = self._engines, {}
        for engine in loaded.values():
            engine.close()

    def automatic(self, options: Collection[str]) -> Choice:
        """Return the first engine that takes all given options and is ready, else the first that takes them."""
        return automatic(options, self._setup)

    def fingerprint(self, engine: str, options: Mapping[str, Any], *, may_lack: bool = False) -> str | None:
        """Return that of the credential that an engine would pay with; None for one that pays nothing.

        Raises NotConfigured where there is none, unless it ``may_lack``.
        """
        try:
            return fingerprint(engine, options, self._setup(engine))
        except NotConfigured:
            if may_lack:
                return None
            raise

    def options(self, engine: str) -> dict[str, Any]:
        """Return the options of an engine that are set."""
        own = ENGINES[engine].options if engine in ENGINES else ()
        found = {name: self._settings.options.get(setting_of(engine, name)) for name in own}
        return {name: value for name, value in found.items() if value is not None}

    def _setup(self, engine: str) -> Setup:
        own = ENGINES[engine].settings if engine in ENGINES else ()
        return Setup(
            cache=self._cache,
            retry=Retry(self._settings.retry_attempts, self._base_s, self._settings.retry_max_s),
            settings={name: value for name, value in self._settings.values().items() if name in own},
        )
