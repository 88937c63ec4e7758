"""File systems in memory that are soon full."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Disk = Callable[[str], Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount a file system in memory with options of its own; only root can."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / str(len(mounted))
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", place], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("this user mounts nothing")
        mounted.append(place)
        return place

    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root mounts")
    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", place], check=True)
