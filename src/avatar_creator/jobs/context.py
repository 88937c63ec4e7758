"""What inline runs and workers make pictures with."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.engines.base import Engine
from avatar_creator.jobs.deliver import Deliverer
from avatar_creator.jobs.hooks import Hooks
from avatar_creator.jobs.recovery import Recovery
from avatar_creator.jobs.retention import Retention
from avatar_creator.jobs.save import Stores
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.workers import Workers


class JobContext(NamedTuple):
    """The parts of one home that make pictures, for one thread.

    ``runners`` is the folder of the locks of processes, ``attempts_most`` how often a service is called for a picture;
    ``fingerprint`` returns that of the credential that an engine would pay with, ``check_engine`` raises what it lacks.
    """

    queries: Queries
    leases: Leases
    generations: Generations
    workers: Workers
    stores: Stores
    recovery: Recovery
    retention: Retention
    hooks: Hooks
    deliverer: Deliverer
    load_engine: Callable[[str], Engine]
    check_engine: Callable[[str, Mapping[str, Any]], None]
    fingerprint: Callable[[str, Mapping[str, Any]], str | None]
    runners: Path
    attempts_most: int
