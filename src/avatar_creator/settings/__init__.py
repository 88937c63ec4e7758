"""Settings: from AVATAR_* in the environment, else config.toml in the home, else the default.

values is what the program uses, schema checks what is set, origins tells where it came from, writing changes it.
"""

import os
from pathlib import Path

from avatar_creator.settings.file import read_file
from avatar_creator.settings.values import DEFAULTS, PREFIX, Settings


def load_settings(config: Path) -> Settings:
    """Read all settings. Raises InvalidInput naming the key, the value and where it stands."""
    in_file = read_file(config)  # a broken file is refused in our words before pydantic meets it
    if not in_file and not _in_environment():
        return DEFAULTS  # there is nothing to check, and what checks takes longer to import than a dry run
    from avatar_creator.settings.schema import check_settings  # noqa: PLC0415

    return check_settings(config)


def _in_environment() -> bool:
    """Tell whether a variable sets something, in any case and not empty: as pydantic-settings reads them."""
    variables = {f"{PREFIX}{key}".lower() for key in Settings._fields}
    return any(value and name.lower() in variables for name, value in os.environ.items())
