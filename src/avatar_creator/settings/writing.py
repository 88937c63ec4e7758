"""Changing config.toml: all else in it stays, comments too."""

import shlex
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tomlkit

from avatar_creator.domain.assignments import without_values
from avatar_creator.domain.text import shown
from avatar_creator.engines import ENGINES, licenses
from avatar_creator.engines.table import setting_of
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import owner_only, sync, sync_folder
from avatar_creator.settings.file import read_file, read_text
from avatar_creator.settings.schema import check_keys, check_value
from avatar_creator.settings.values import KEYS, OPTIONS_UNSET, SECRETS, TABLES, no_setting
from avatar_creator.settings.variables import variable_of
from avatar_creator.storage.locks import Lock

_PATIENCE_S = 10
_FROM_HERE = ("./", "../", ".\\", "..\\")  # how a file or folder is told from an id of the Hub


def is_secret(config: Path, key: str) -> bool:
    """Return whether a setting's value is to be given unseen.

    Raises InvalidInput if none can be given, or would have no effect: a variable goes before the file.
    """
    if key not in KEYS:
        raise no_setting(key)
    if key in TABLES:
        raise InvalidInput(f"{key} are tables, not one value.", hint=f"Edit them in {config}, each as [[{key}]].")
    variable = variable_of(key)
    if variable:
        raise InvalidInput(
            f"{key} is set by the variable {variable}, which goes before config.toml: nothing was changed.",
            hint=f"Unset {variable} first.",
        )
    return key in SECRETS


def write_setting(config: Path, key: str, value: str) -> str:
    """Put one setting into config.toml, keeping all else in it; return its value there, as it may be shown.

    Raises InvalidInput; writes nothing then.
    """
    is_secret(config, key)  # one that can be given
    check_keys(read_file(config), config)  # no command would go on with a file that holds another
    if key in OPTIONS_UNSET and value.startswith(_FROM_HERE):  # commands that read it run anywhere
        value = str(Path(value).absolute())
    checked = check_value(key, value, config)
    _check_by_engine(key, checked)
    _change(config, lambda document: document.__setitem__(key, checked))
    return "; ".join(map(without_values, checked)) if key == "engine_processes" else value


def _check_by_engine(key: str, value: Any) -> None:
    """Raise InvalidInput for a text that its engine refuses, whatever the other options are."""
    for engine, entry in ENGINES.items():
        for name in entry.options:
            if setting_of(engine, name) == key and isinstance(value, str):
                try:
                    licenses(engine, {name: value})  # which reads the options, and loads nothing else
                except InvalidInput as error:
                    said = f"The setting {key} cannot be {shown(str(value))}: {error.message}"
                    raise InvalidInput(said, hint=error.hint) from error


def remove_setting(config: Path, key: str) -> bool:
    """Take one setting out of config.toml, one that does not exist too; return whether it was there.

    Raises InvalidInput.
    """
    if key in read_file(config):
        _change(config, lambda document: document.pop(key, None))
        return True
    if key not in KEYS:
        raise no_setting(key)
    return False


def _change(config: Path, change: Callable[[MutableMapping[str, Any]], object]) -> None:
    try:
        with _alone_at(config):
            read_file(config)  # a broken file is refused, and stays as it is
            document = tomlkit.parse(read_text(config))
            change(document)
            _replace(config, tomlkit.dumps(document))
    except OSError as error:
        raise StorageError(
            f"{config} cannot be written: {error.strerror}.", hint="Check its folder's permissions and space."
        ) from error


@contextmanager
def _alone_at(config: Path) -> Iterator[None]:
    """Keep out other shells, which may set another setting now. Raises OSError, StorageError."""
    lock = Lock(config.with_name(f".{config.name}.lock"))
    if not lock.take(_PATIENCE_S):
        raise StorageError(
            f"Another command has been changing {config} for {_PATIENCE_S} s.",
            hint="Look for a stopped one (for example suspended with Ctrl-Z), then try again.",
        )
    try:
        yield
    finally:
        lock.give_back()


def _replace(config: Path, text: str) -> None:
    """Write the file anew, for its owner alone whatever it was before: it may hold a token.

    Raises StorageError where it is, or leads to, a device, which root could replace by a file.
    """
    given, config = config, config.resolve()  # a link, as dotfile managers make them, stays one
    if config.exists() and not config.is_file():
        where = given if config == given else f"{given} leads to {config}, which"
        raise StorageError(f"{where} is no file: nothing was changed.", hint=f"Run: rm {shlex.quote(str(given))}")
    new = config.with_name(f".{config.name}.new")
    new.unlink(missing_ok=True)  # what a killed process left may be open to others
    try:
        with open(new, "w", encoding="utf-8", opener=owner_only) as file:
            file.write(text)
            file.flush()
            sync(file.fileno())
        new.replace(config)
        with suppress(OSError):  # who may write to a folder may not always read it
            sync_folder(config.parent)
    finally:
        new.unlink(missing_ok=True)
