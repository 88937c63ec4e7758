"""Settings: from AVATAR_* in the environment, else config.toml in the home, else the default.

values is what the program uses, loading reads it, schema checks what is set, origins says where it came from, file and
variables have it as it stands, writing changes it.
"""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.settings import engines, file, loading, origins, values, variables, writing
else:
    __getattr__ = submodules(__name__)
