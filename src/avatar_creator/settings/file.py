"""config.toml as it stands."""

from pathlib import Path
from typing import Any

from avatar_creator.errors import InvalidInput, StorageError


def read_file(config: Path) -> dict[str, Any]:
    """Return what config.toml sets, unchecked. Raises InvalidInput if it is no TOML."""
    text = read_text(config)
    if not text:
        return {}
    import tomllib  # noqa: PLC0415 - most homes have no such file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{config} is not valid TOML: {error}.", hint="Mend or remove the file.") from error


def read_text(config: Path) -> str:
    """Return the text of config.toml, empty without one. Raises InvalidInput, StorageError."""
    try:
        return config.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):  # a home that cannot be made is said where it is made
        return ""
    except OSError as error:
        raise StorageError(f"{config} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{config} cannot be read: it is not UTF-8.", hint="Mend or remove the file.") from error
