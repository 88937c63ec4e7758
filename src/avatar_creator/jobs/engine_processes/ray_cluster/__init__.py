"""Engine processes as actors on the nodes of a Ray cluster."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.jobs.engine_processes.ray_cluster import transport
else:
    __getattr__ = submodules(__name__)
