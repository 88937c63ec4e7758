"""Settings: from AVATAR_* in the environment, else config.toml in the home, else the default."""

import json
import os
import tomllib
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from avatar_creator.domain.picture import SIDE_LEAST_PX, SIDE_MOST_PX, Embed, PictureFormat
from avatar_creator.domain.price import SHIPPED_PRICES, Price, read_price, with_shipped
from avatar_creator.domain.records import PROJECT_NAME_LONGEST
from avatar_creator.domain.request import AT_ONCE_MOST
from avatar_creator.domain.text import clean_line, shown
from avatar_creator.engines import ENGINES
from avatar_creator.engines.huggingface.credentials import TOKEN
from avatar_creator.engines.offline.styles import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.errors import InvalidInput, StorageError

PREFIX = "AVATAR_"
AUTO_ENGINE = "auto"
CONFIG_FILE = "config.toml"
MASK = "********"  # what is shown of a secret
SECRETS = ("hf_token",)
_TABLES = ("prices",)  # too much for one value of a command line: they are edited in the file
_TEXT_LONGEST = 500  # a URL is among them


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        validate_assignment=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # a token among them
    )

    engine: str = Field(default=AUTO_ENGINE, description="Who makes the picture; auto picks the best that is ready.")
    project: str = Field(default="default", description="Where avatars go; made on first use.")
    width: int = Field(default=1024, ge=SIDE_LEAST_PX, le=SIDE_MOST_PX, description="Width of a picture in px.")
    height: int = Field(default=1024, ge=SIDE_LEAST_PX, le=SIDE_MOST_PX, description="Height of a picture in px.")
    format: PictureFormat = Field(default=PictureFormat.JPEG, description="Format of a picture.")
    jpeg_quality: int = Field(default=95, ge=1, le=100, description="Quality of JPEG and WebP pictures.")
    embed: Embed = Field(default=Embed.RECIPE, description="What a picture's file says of itself.")
    art_style: str = Field(default=DEFAULT_ART_STYLE, description="The style the offline engine draws in.")

    # What is not set is left to the engine that makes photographs, which knows what is best with what.
    model: str | None = Field(
        default=None,
        description="Model of photographs: flux-realism, flux-dev, flux-schnell, an id of the Hub, or the URL of an "
        "endpoint; flux-realism if not set.",
    )
    provider: str | None = Field(default=None, description="Provider of photographs, such as fal-ai; auto if not set.")
    lora: str | None = Field(default=None, description="LoRA of photographs, by its id of the Hub, or none.")
    lora_scale: float | None = Field(default=None, ge=0, le=3, description="How much the LoRA shows; 0.9 if not set.")
    steps: int | None = Field(default=None, ge=1, le=50, description="Steps of inference; 30 if not set.")
    guidance: float | None = Field(
        default=None, ge=1, le=10, description="How closely the prompt is followed; 3.5 if not set."
    )
    timeout_s: float | None = Field(
        default=None, ge=1, le=3600, description="Seconds to wait for one picture; 180 if not set."
    )
    bill_to: str | None = Field(default=None, description="Organization on Hugging Face that pays; you if not set.")
    retry_attempts: int = Field(default=3, ge=1, le=10, description="How often a service is asked for one picture.")
    retry_base_s: float = Field(
        default=1.0, gt=0, le=60, description="Seconds before a service is asked again; they double each time."
    )
    retry_max_s: float = Field(
        default=120.0, gt=0, le=600, description="Most seconds to wait before a service is asked again."
    )
    concurrency: int = Field(default=2, ge=1, le=AT_ONCE_MOST, description="How many pictures are made at once.")
    hf_token: SecretStr | None = Field(default=None, description="Token of Hugging Face; never shown.")
    prices: Annotated[tuple[Price, ...], NoDecode] = Field(
        default=SHIPPED_PRICES, description="What providers charge for a picture, to say what a run would cost."
    )

    @field_validator("prices", mode="before")
    @classmethod
    def _own_prices(cls, given: object) -> tuple[Price, ...]:
        if isinstance(given, tuple):  # the default
            return given
        try:
            tables = json.loads(given) if isinstance(given, str) else given
        except ValueError:
            tables = None
        if not isinstance(tables, list):
            raise ValueError("it should be a list of tables: [[prices]]")  # noqa: TRY004 - pydantic's own protocol
        return with_shipped(_price(n, table) for n, table in enumerate(tables, start=1))

    @field_validator("hf_token", mode="before")
    @classmethod
    def _clean_token(cls, token: object) -> object:
        if token is None:  # the default
            return None
        token = token.strip() if isinstance(token, str) else token
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise ValueError("a token begins with hf_ and holds no spaces")
        return token

    @field_validator("model", "provider", "lora", "bill_to")
    @classmethod
    def _clean_text(cls, text: str | None) -> str | None:
        try:
            return None if text is None else clean_line("it", text, longest=_TEXT_LONGEST)
        except InvalidInput as error:
            raise ValueError(error.message.removesuffix(".")) from None

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


def _price(number: int, table: object) -> Price:
    try:
        return read_price(table)
    except InvalidInput as error:
        raise ValueError(f"price {number}: {error.message.removesuffix('.')}") from None


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value and where it came from: a variable's name, ``config.toml`` or ``default``.

    A value that is not set is None; a secret is only said to be there.
    """

    key: str
    value: str | int | float | tuple[Price, ...] | None
    source: str

    def as_json(self) -> dict[str, Any]:
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
    values = settings.model_dump(mode="json") | {"prices": settings.prices}
    values |= {key: MASK for key in SECRETS if values[key] is not None}
    return [Origin(key, value, _source(key, in_file)) for key, value in values.items()]


def is_secret(config: Path, key: str) -> bool:
    """Tell whether a setting's value is to be given unseen. Raises InvalidInput if none can be given."""
    if key not in Settings.model_fields:
        raise InvalidInput(f"There is no setting {shown(key)}.", hint=_known())
    if key in _TABLES:
        raise InvalidInput(f"{key} are tables, not one value.", hint=f"Edit them in {config}, each as [[{key}]].")
    return key in SECRETS


def write_setting(config: Path, key: str, value: str) -> None:
    """Put one setting into config.toml, keeping all else in it. Raises InvalidInput; writes nothing then."""
    secret = is_secret(config, key)
    try:
        checked = Settings.model_construct()
        setattr(checked, key, value)
    except ValidationError as error:
        raise _invalid(error, config, given=True) from error
    plain = getattr(checked, key).get_secret_value() if secret else checked.model_dump(mode="json")[key]
    _change(config, lambda document: document.__setitem__(key, plain))


def remove_setting(config: Path, key: str) -> bool:
    """Take one setting out of config.toml, one that does not exist too; tell whether it was there.

    Raises InvalidInput.
    """
    if key in _read(config):
        _change(config, lambda document: document.pop(key, None))
        return True
    if key not in Settings.model_fields:
        raise InvalidInput(f"There is no setting {shown(key)}.", hint=_known())
    return False


def _change(config: Path, change: Callable[[MutableMapping[str, Any]], object]) -> None:
    import tomlkit  # noqa: PLC0415 - only writing needs it

    try:
        with FileLock(config.with_name(f".{config.name}.lock")):  # two shells may set two settings at once
            _read(config)  # a broken file is refused, and stays as it is
            document = tomlkit.parse(_text(config))
            change(document)
            _replace(config, tomlkit.dumps(document))
    except OSError as error:
        raise StorageError(
            f"{config} cannot be written: {error.strerror}.", hint="Check its folder's permissions and space."
        ) from error


def _replace(config: Path, text: str) -> None:
    """Write the file anew, for its owner alone whatever it was before: it may hold a token."""
    config = config.resolve()  # a link, as dotfile managers make them, stays one
    new = config.with_name(f".{config.name}.new")
    new.unlink(missing_ok=True)  # what a killed process left may be open to others
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
        return InvalidInput(f"{config}: there is no setting {shown(key)}.", hint=_known())
    said = f"{_said(first['msg'])}."
    # The value of a secret is never repeated, and a table of tables would hide what is said of it.
    value = None if key in (*SECRETS, *_TABLES) else shown(str(first["input"]))
    if given:
        what = f"cannot be {value}: {said}" if value else f"cannot be that: {said}"
        return InvalidInput(f"The setting {key} {what}", hint="See: avatar config show")
    source = _source(key, _read(config))
    what = f"is {value}: {said}" if value else f"cannot be used: {said}"
    return InvalidInput(f"The setting {key} ({source}) {what}", hint=_way_out(key, source, config))


def _way_out(key: str, source: str, config: Path) -> str:
    if source != CONFIG_FILE:
        return f"Mend or unset {source}."
    if key in _TABLES:
        return f"Mend it in {config}, or remove all with: avatar config unset {key}"
    return f"Change it with: avatar config set {key}{'' if key in SECRETS else ' VALUE'}"


def _known() -> str:
    return f"Settings: {', '.join(Settings.model_fields)}."


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "it should")
