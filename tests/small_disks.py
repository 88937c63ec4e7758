"""File systems in memory that are soon full, and folders that nobody may write into."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Have nobody write there: by a mount where this is root, who writes into any folder, else by its mode."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        at = str(folder)
        mounts = (["mount", "--bind", at, at], ["mount", "-o", "remount,bind,ro", at])
        if any(subprocess.run(command, capture_output=True, check=False).returncode for command in mounts):
            pytest.skip("root makes no mounts here")
        try:
            yield
        finally:
            subprocess.run(["umount", at], check=True)
        return
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user writes everywhere")
        yield
    finally:
        folder.chmod(0o700)
