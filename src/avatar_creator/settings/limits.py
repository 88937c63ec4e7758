"""The limits of what may be paid for, without the other settings where none is set, as in most homes."""

from pathlib import Path

from avatar_creator import settings
from avatar_creator.domain.spending import Limits
from avatar_creator.settings.file import read_file
from avatar_creator.settings.variables import is_any_set


def load_limits(config: Path) -> Limits:
    """Read the limits. Raises InvalidInput as `load_settings` does, where one is set."""
    if read_file(config).keys().isdisjoint(Limits._fields) and not is_any_set(Limits._fields):
        return Limits()
    return settings.loading.load_settings(config).limits
