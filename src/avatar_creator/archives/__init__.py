"""Folders, ZIP and TAR files as files by name. What strangers made is read within limits, and leads nowhere else."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.archives import reading, writing
else:
    __getattr__ = submodules(__name__)
