"""What a benchmark finds around it."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.libraries import Libraries
from benchmarks.peers import Peers

FEW, MANY = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """``scratch`` is a folder of this run's own, gone afterwards; ``pending`` generations wait where many do."""

    peers: Peers
    libraries: Libraries
    scratch: Path
    pending: int = MANY
