"""Picture files: their bytes, their marks, and the folder they are kept in."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.storage.pictures import copies, images, inspection
else:
    __getattr__ = submodules(__name__)
