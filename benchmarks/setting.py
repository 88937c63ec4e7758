"""What a benchmark finds around it."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.libraries import Libraries
from benchmarks.peers import Peers


@dataclass(frozen=True, slots=True)
class Setting:
    """``scratch`` is a folder of this run's own, gone afterwards."""

    peers: Peers
    libraries: Libraries
    scratch: Path
