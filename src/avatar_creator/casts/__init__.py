"""Casts: people who are made by quota, as rows of a persona file that is computed.

What has names loads Faker, a quarter of a second: it is loaded when names are drawn.
"""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.casts import names, naming
else:
    __getattr__ = submodules(__name__)
