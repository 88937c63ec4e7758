"""Where each setting came from."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avatar_creator.domain.price import Price
from avatar_creator.settings.file import read_file
from avatar_creator.settings.values import Settings
from avatar_creator.settings.variables import variable_of

CONFIG_FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value and where it came from: a variable's name, ``config.toml`` or ``default``.

    A value that is not set is None; a secret is only said to be there.
    """

    key: str
    value: str | int | float | tuple[Price | str, ...] | None
    source: str

    def as_json(self) -> dict[str, Any]:
        value = list(map(_as_json, self.value)) if isinstance(self.value, tuple) else self.value
        return {"key": self.key, "value": value, "source": self.source}


def _as_json(value: Price | str) -> Any:
    return value if isinstance(value, str) else value.as_json()


def origins(settings: Settings, config: Path) -> list[Origin]:
    """Return every setting in the order of the class, each with its source."""
    in_file = read_file(config)
    return [Origin(key, value, source_of(key, in_file)) for key, value in settings.shown().items()]


def source_of(key: str, in_file: Container[str]) -> str:
    """Return a variable's name, ``config.toml`` or ``default``."""
    return variable_of(key) or (CONFIG_FILE if key in in_file else "default")
