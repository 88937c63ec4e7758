"""Quotas that are read from a file."""

from pathlib import Path

from avatar_creator.casts.quotas import Quotas
from avatar_creator.errors import InvalidInput


def read_quotas(path: Path) -> Quotas:
    """Return the quotas of a YAML or JSON file. Raises InvalidInput for what is no such file."""
    raise InvalidInput(f"{path} cannot be read as quotas yet.", hint="Give --balance instead.")
