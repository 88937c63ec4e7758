"""config.toml as it stands."""

import os
import stat
from pathlib import Path
from typing import Any

from avatar_creator.errors import InvalidInput, StorageError

_LARGEST_BYTES = 100_000  # some 500 prices
DEEPEST = 3  # a list of tables of values
_DOTS = 200  # in one key: tomllib takes a minute for a key of 50 000
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read_file(config: Path) -> dict[str, Any]:
    """Return what config.toml sets, unchecked. Raises InvalidInput if it is no TOML, or nested as no setting is."""
    text = read_text(config)
    if not text:
        return {}
    import tomllib  # noqa: PLC0415 - most homes have no such file

    try:
        tables = None if _has_long_key(text) else tomllib.loads(text)
    except RecursionError:
        tables = None
    except ValueError as error:  # a number of more digits than Python reads is no TOMLDecodeError
        reason = error if isinstance(error, tomllib.TOMLDecodeError) else "a number in it is too long"
        raise InvalidInput(f"{config} is not valid TOML: {reason}.", hint="Mend or remove the file.") from error
    if tables is None or is_deeper(tables.values(), DEEPEST):
        raise InvalidInput(f"{config} cannot be used: it is nested too deeply.", hint="Mend or remove the file.")
    return tables


def is_deeper(values: Any, deepest: int) -> bool:
    """Return whether lists and tables stand in each other more than ``deepest`` times, however deep they are."""
    level = list(values)
    for _ in range(deepest):
        if not level:
            return False
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [value for each in inner for value in each]
    return any(isinstance(each, dict | list) for each in level)


def _has_long_key(text: str) -> bool:
    lines = (line for line in text.splitlines() if line.count(".") > _DOTS and not line.lstrip().startswith("#"))
    return any(part.count(".") > _DOTS for line in lines for part in line.split("="))


def read_text(config: Path) -> str:
    """Return the text of config.toml, empty without one. Raises InvalidInput, StorageError."""
    try:
        content = _read(config)
    except (FileNotFoundError, NotADirectoryError):  # a home that cannot be made is said where it is made
        return ""
    except OSError as error:
        raise StorageError(f"{config} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    try:
        return content.decode("utf-8-sig")  # Notepad and PowerShell write a mark before the first key
    except UnicodeDecodeError as error:
        found = f", it is {_MARKS[content[:2]]}" if content[:2] in _MARKS else ""
        raise InvalidInput(
            f"{config} cannot be read: it is not UTF-8{found}.", hint="Save it as UTF-8, or remove the file."
        ) from error


def _read(config: Path) -> bytes:
    """Return the file's bytes; whatever stands in its place, that ends. Raises OSError, InvalidInput."""
    with open(config, "rb", opener=_at_once) as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISCHR(mode):  # /dev/null is a way to say that there is none
            raise InvalidInput(f"{config} cannot be read: it is no file.", hint="Remove it.")
        content = file.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise InvalidInput(
            f"{config} cannot be read: it has more than {_LARGEST_BYTES} bytes.", hint="Mend or remove the file."
        )
    return content


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe would be waited for
