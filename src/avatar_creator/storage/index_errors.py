"""Errors of SQLite that are about the full-text index, and say nothing of the rows."""

import sqlite3
from pathlib import Path

from avatar_creator.errors import StorageError


def is_of_index(error: sqlite3.Error) -> bool:
    """Return whether the full-text index is damaged."""
    if getattr(error, "sqlite_errorname", None) == "SQLITE_CORRUPT_VTAB":
        return True
    said = str(error)
    return ("avatar_words" in said or "fts5" in said) and "no such module" not in said


def index_error(error: sqlite3.Error, path: Path) -> StorageError | None:
    """Return an error of the index as one of ours, None for any other."""
    if is_of_index(error):
        return StorageError(
            f"The index that avatars in {path} are found by is damaged.",
            hint="Make it anew from the avatars: avatar doctor --fix",
        )
    if "no such module: fts5" in str(error):
        return StorageError(
            "The SQLite of this Python has no full-text search (FTS5), with which avatars are found.",
            hint="Use another Python: that of python.org, of uv, of conda and of all usual systems has it.",
        )
    return None
