"""Engines that run apart: in processes which touch no row and no file of the home."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.jobs.engine_processes import child, process, ray_cluster
else:
    __getattr__ = submodules(__name__)
