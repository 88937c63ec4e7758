"""Where picture files are: rows name them by paths below the folder of pictures, with ``/`` on every system."""

from pathlib import Path, PurePosixPath


def is_inside(relative: str) -> bool:
    """Return whether a path stays in the folder; one that leads out was written by another program."""
    parts = PurePosixPath(relative).parts
    return bool(parts) and not any(part in {"/", ".."} or set(part) & set("\\:\0") for part in parts)


def stored_path(root: Path, relative: str) -> Path:
    """Return where a stored file is; for a path that leads out, a path in the folder at which no file is."""
    return root / (relative if is_inside(relative) else "outside-of-the-pictures")
