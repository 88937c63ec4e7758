"""The settings of a library."""

from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator import settings
from avatar_creator.app import App
from avatar_creator.domain.text import expect

if TYPE_CHECKING:
    from avatar_creator.domain.preview import Preview
    from avatar_creator.settings.origins import Origin


class Config:
    """What is set, and config.toml, which holds it."""

    def __init__(self, app: App) -> None:
        self._app = app

    @property
    def path(self) -> Path:
        """That of config.toml, which may not be there yet."""
        return self._app.home.config

    def show(self) -> "list[Origin]":
        """Return every setting with its value and where it came from."""
        return settings.origins.origins(self._app.settings, self.path)

    @property
    def preview(self) -> "Preview":
        """How pictures are shown on a terminal."""
        in_file = settings.file.read_file(self.path)
        if "preview" not in in_file and not settings.variables.is_any_set(["preview"]):
            return settings.values.DEFAULTS.preview  # what checks the others takes longer than to show a picture
        return self._app.settings.preview

    def set(self, key: str, value: str) -> str:
        """Put a setting into the file; return its value there: of a relative path the whole. Raises InvalidInput."""
        expect("key", key, str, "the name of a setting as a text")
        expect("value", value, str, "the value of a setting as a text")
        self._app.home.create()
        return settings.writing.write_setting(self.path, key, value)

    def unset(self, key: str) -> bool:
        """Take one setting out of the file; return whether it was there. Raises InvalidInput."""
        expect("key", key, str, "the name of a setting as a text")
        return settings.writing.remove_setting(self.path, key)

    def is_secret(self, key: str) -> bool:
        """Return whether a setting's value is to be given unseen. Raises InvalidInput if none can be given."""
        return settings.writing.is_secret(self.path, key)

    @staticmethod
    def variable(key: str) -> str | None:
        """Return the name of the variable that sets a setting; None if none does."""
        return settings.variables.variable_of(key)

    @staticmethod
    def names() -> list[str]:
        """Return the names of all settings."""
        return list(settings.values.KEYS)

    @staticmethod
    def misspelt_variables() -> list[tuple[str, str]]:
        """Return variables that set nothing, each with the one that may have been meant."""
        return settings.loading.misspelt_variables()
