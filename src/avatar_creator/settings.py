"""Settings: from AVATAR_* in the environment, else config.toml in the home, else the default."""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from avatar_creator.domain.picture import SIDE_LEAST_PX, SIDE_MOST_PX, Embed, PictureFormat
from avatar_creator.domain.records import PROJECT_NAME_LONGEST
from avatar_creator.domain.text import clean_line, shown
from avatar_creator.engines import ENGINES
from avatar_creator.engines.offline.styles import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.errors import InvalidInput, StorageError

PREFIX = "AVATAR_"
AUTO_ENGINE = "auto"
CONFIG_FILE = "config.toml"


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", validate_assignment=True, env_ignore_empty=True
    )

    engine: str = Field(default=AUTO_ENGINE, description="Who makes the picture; auto picks the best that is ready.")
    project: str = Field(default="default", description="Where avatars go; made on first use.")
    width: int = Field(default=1024, ge=SIDE_LEAST_PX, le=SIDE_MOST_PX, description="Width of a picture in px.")
    height: int = Field(default=1024, ge=SIDE_LEAST_PX, le=SIDE_MOST_PX, description="Height of a picture in px.")
    format: PictureFormat = Field(default=PictureFormat.JPEG, description="Format of a picture.")
    jpeg_quality: int = Field(default=95, ge=1, le=100, description="Quality of JPEG and WebP pictures.")
    embed: Embed = Field(default=Embed.RECIPE, description="What a picture's file says of itself.")
    art_style: str = Field(default=DEFAULT_ART_STYLE, description="The style the offline engine draws in.")

    @field_validator("project")
    @classmethod
    def _clean_project(cls, project: str) -> str:
        try:
            return clean_line("project", project, longest=PROJECT_NAME_LONGEST)
        except InvalidInput as error:
            raise ValueError(error.message) from None

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, engine: str) -> str:
        return _one_of((AUTO_ENGINE, *ENGINES), engine)

    @field_validator("art_style")
    @classmethod
    def _known_art_style(cls, art_style: str) -> str:
        return _one_of(ART_STYLES, art_style)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings passes them all by name
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, TomlConfigSettingsSource(settings_cls)


def _one_of(known: Iterable[str], value: str) -> str:
    if value not in known:
        raise ValueError(f"known are {', '.join(known)}")
    return value


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value and where it came from: a variable's name, ``config.toml`` or ``default``."""

    key: str
    value: str | int
    source: str

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)


def load_settings(config: Path) -> Settings:
    """Read all settings. Raises InvalidInput naming the key, the value and where it stands."""
    _read(config)  # a broken file is refused in our words before pydantic meets it

    class Located(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    try:
        return Located()
    except ValidationError as error:
        raise _invalid(error, config) from error


def origins(settings: Settings, config: Path) -> list[Origin]:
    """Return every setting in the order of the class, each with its source."""
    in_file = _read(config)
    found = []
    for key in Settings.model_fields:
        value = settings.model_dump(mode="json")[key]
        found.append(Origin(key, value, _source(key, in_file)))
    return found


def write_setting(config: Path, key: str, value: str) -> None:
    """Put one setting into config.toml, keeping all else in it. Raises InvalidInput; writes nothing then."""
    if key not in Settings.model_fields:
        known = ", ".join(Settings.model_fields)
        raise InvalidInput(f"There is no setting {shown(key)}.", hint=f"Settings: {known}.")
    try:
        checked = Settings.model_construct()
        setattr(checked, key, value)
    except ValidationError as error:
        raise _invalid(error, config, given=True) from error
    try:
        with FileLock(config.with_name(f".{config.name}.lock")):  # two shells may set two settings at once
            _write(config, key, checked.model_dump(mode="json")[key])
    except OSError as error:
        raise StorageError(
            f"{config} cannot be written: {error.strerror}.", hint="Check its folder's permissions and space."
        ) from error


def _write(config: Path, key: str, value: str | int) -> None:
    _read(config)  # a broken file is refused, and stays as it is
    import tomlkit  # noqa: PLC0415 - only writing needs it

    document = tomlkit.parse(_text(config))
    document[key] = value
    _replace(config, tomlkit.dumps(document))


def _replace(config: Path, text: str) -> None:
    config = config.resolve()  # a link, as dotfile managers make them, stays one
    new = config.with_name(f".{config.name}.new")
    try:
        with open(new, "w", encoding="utf-8", opener=_private) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(config)
    finally:
        new.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _text(config: Path) -> str:
    try:
        return config.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):  # a home that cannot be made is said where it is made
        return ""
    except OSError as error:
        raise StorageError(f"{config} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{config} cannot be read: it is not UTF-8.", hint="Mend or remove the file.") from error


def _read(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(config))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{config} is not valid TOML: {error}.", hint="Mend or remove the file.") from error


def _source(key: str, in_file: dict[str, Any]) -> str:
    variable = PREFIX + key.upper()
    if any(name.upper() == variable for name in os.environ):
        return variable
    return CONFIG_FILE if key in in_file else "default"


def _invalid(error: ValidationError, config: Path, *, given: bool = False) -> InvalidInput:
    first = error.errors(include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else "?"
    if first["type"] == "extra_forbidden":
        known = ", ".join(Settings.model_fields)
        return InvalidInput(f"{config}: there is no setting {shown(key)}.", hint=f"Settings: {known}.")
    reason = f"{shown(str(first['input']))}: {_said(first['msg'])}."
    if given:
        return InvalidInput(f"The setting {key} cannot be {reason}", hint="See: avatar config show")
    source = _source(key, _read(config))
    hint = f"Mend or unset {source}." if source != CONFIG_FILE else f"Change it with: avatar config set {key} VALUE"
    return InvalidInput(f"The setting {key} ({source}) is {reason}", hint=hint)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "it should")
