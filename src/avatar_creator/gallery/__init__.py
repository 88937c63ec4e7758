"""Avatars as a page to look at: one file, a folder with the pictures beside it, or live on this machine.

No page asks anybody for anything, but a live one its own server.
"""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.gallery import serving, writing
else:
    __getattr__ = submodules(__name__)
