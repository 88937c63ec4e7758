"""Parquet, which is an extra."""

from importlib import import_module
from types import ModuleType

from avatar_creator.errors import NotConfigured

PARQUET = ".parquet"


def parquet_module(name: str) -> ModuleType:
    """Return a module beside this one that writes Parquet. Raises NotConfigured where that is not installed."""
    try:
        return import_module(f"avatar_creator.exports.datasets.{name}")
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "arro3":
            raise
        raise NotConfigured(
            "What writes Parquet is not installed.", hint="Install it: pip install 'avatar-creator[parquet]'"
        ) from error
