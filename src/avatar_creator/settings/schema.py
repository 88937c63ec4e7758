"""What each setting means and may be: checks what is set. Imports pydantic, so only what needs a check imports it."""

import json
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError, create_model, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from avatar_creator.domain.assignments import without_values
from avatar_creator.domain.check import REROLLS_MOST, Check
from avatar_creator.domain.picture import AT_ONCE_MOST, SIDE_LEAST_PX, SIDE_MOST_PX, Embed, PictureFormat
from avatar_creator.domain.preview import Preview
from avatar_creator.domain.price import Price, read_price, with_shipped
from avatar_creator.domain.prompt import PromptStyle
from avatar_creator.domain.records import PROJECT_NAME_LONGEST
from avatar_creator.domain.spending import IMAGES_MOST, USD_MOST
from avatar_creator.domain.text import clean_line, shown
from avatar_creator.engines.hub.credentials import TOKEN
from avatar_creator.engines.option import Option
from avatar_creator.engines.table import AUTO_ENGINE, ENGINES, engine_names, option_settings
from avatar_creator.errors import InvalidInput
from avatar_creator.home import PREFIX
from avatar_creator.jobs.engine_processes.ray_cluster.address import GPUS_MOST, clean_address, clean_gpus
from avatar_creator.jobs.engine_processes.transport import read_transports
from avatar_creator.settings.file import DEEPEST, is_deeper, read_file
from avatar_creator.settings.origins import CONFIG_FILE, source_of
from avatar_creator.settings.values import DEFAULTS, KEYS, OPTIONS_UNSET, SECRETS, TABLES, Settings, no_key

_TEXT_LONGEST = 500  # a URL is among them
_DAY_S = 86_400
_DECADE_H = 87_600
_Given = TypeVar("_Given")


class _Own(BaseSettings):
    """Every setting that is no option of an engine, as `Settings` has it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        validate_assignment=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # a token among them
    )

    engine: str = Field(DEFAULTS.engine, description="Who makes the picture; auto picks the best that is ready.")
    project: str = Field(DEFAULTS.project, description="Where avatars go; made on first use.")
    width: int = Field(DEFAULTS.width, ge=SIDE_LEAST_PX, le=SIDE_MOST_PX, description="Width of a picture in px.")
    height: int = Field(DEFAULTS.height, ge=SIDE_LEAST_PX, le=SIDE_MOST_PX, description="Height of a picture in px.")
    format: PictureFormat = Field(DEFAULTS.format, description="Format of a picture.")
    jpeg_quality: int = Field(DEFAULTS.jpeg_quality, ge=1, le=100, description="Quality of JPEG and WebP pictures.")
    embed: Embed = Field(DEFAULTS.embed, description="What a picture's file says of itself.")
    prompt_style: PromptStyle = Field(DEFAULTS.prompt_style, description="How prompts of photographs are worded.")
    retry_attempts: int = Field(
        DEFAULTS.retry_attempts, ge=1, le=10, description="How often a service is asked for one picture."
    )
    retry_base_s: float = Field(
        DEFAULTS.retry_base_s,
        gt=0,
        le=60,
        description="Seconds before a service is asked again; they double each time.",
    )
    retry_max_s: float = Field(
        DEFAULTS.retry_max_s, gt=0, le=600, description="Most seconds to wait before a service is asked again."
    )
    concurrency: int = Field(
        DEFAULTS.concurrency, ge=1, le=AT_ONCE_MOST, description="How many pictures are made at once."
    )
    processes: int | None = Field(
        DEFAULTS.processes,
        ge=1,
        le=AT_ONCE_MOST,
        description="How many processes draw, or take in shards, if pictures are many; one for each core if not set.",
    )
    engine_processes: Annotated[tuple[str, ...], NoDecode] = Field(
        DEFAULTS.engine_processes,
        description="What runs engines for the worker: here, or commands such as ssh HOST avatar engine-process.",
    )
    engine_idle_s: float = Field(
        DEFAULTS.engine_idle_s,
        ge=0,
        le=_DAY_S,
        description="Seconds that an engine stays loaded without a picture, if it takes long to load.",
    )
    ray: str | None = Field(
        default=None,
        description="Ray cluster whose nodes run engines for the worker: auto, or HOST:PORT of its head.",
    )
    gpus_per_actor: float = Field(
        DEFAULTS.gpus_per_actor,
        ge=0,
        le=GPUS_MOST,
        description="Cards of each engine process on a Ray cluster; 0 has one for each CPU.",
    )
    ray_insecure: bool = Field(
        DEFAULTS.ray_insecure, description="Whether to use a Ray cluster that asks for no token, too."
    )
    worker_idle_s: float = Field(
        DEFAULTS.worker_idle_s, ge=0, le=_DAY_S, description="Seconds that the worker waits for more before it leaves."
    )
    worker_retry_base_s: float = Field(
        DEFAULTS.worker_retry_base_s,
        gt=0,
        le=600,
        description="Seconds before a detached generation is tried again; they double each time.",
    )
    keep_completed_h: int = Field(
        DEFAULTS.keep_completed_h,
        ge=0,
        le=_DECADE_H,
        description="Hours that details of completed generations are kept; avatars stay.",
    )
    keep_failed_h: int = Field(
        DEFAULTS.keep_failed_h, ge=0, le=_DECADE_H, description="Hours that failed and cancelled generations are kept."
    )
    commercial: bool = Field(
        DEFAULTS.commercial, description="Whether to use only what has a licence that allows commercial use."
    )
    preview: Preview = Field(
        DEFAULTS.preview, description="How pictures are shown on a terminal; auto: as it is known to understand."
    )
    check: Check = Field(DEFAULTS.check, description="What photographs have to pass: none, basic or face.")
    rerolls: int = Field(
        DEFAULTS.rerolls,
        ge=0,
        le=REROLLS_MOST,
        description="How often a photograph that fails its check is made again.",
    )
    hf_token: SecretStr | None = Field(default=None, description="Token of Hugging Face; never shown.")
    max_images_day: int | None = Field(
        default=None, ge=0, le=IMAGES_MOST, description="Most pictures that may be paid for in a day (UTC)."
    )
    max_images_month: int | None = Field(
        default=None, ge=0, le=IMAGES_MOST, description="Most pictures that may be paid for in a month (UTC)."
    )
    max_usd_day: float | None = Field(
        default=None, ge=0, le=USD_MOST, description="Most US dollars that may be spent in a day (UTC)."
    )
    max_usd_month: float | None = Field(
        default=None, ge=0, le=USD_MOST, description="Most US dollars that may be spent in a month (UTC)."
    )
    prices: Annotated[tuple[Price, ...], NoDecode] = Field(
        DEFAULTS.prices, description="What providers charge for a picture, to say what a run would cost."
    )

    @field_validator("prices", mode="before")
    @classmethod
    def _own_prices(cls, given: object) -> tuple[Price, ...]:
        if isinstance(given, tuple):  # the default
            return given
        try:
            tables = json.loads(given) if isinstance(given, str) else given
        except (ValueError, RecursionError):
            tables = None
        if not isinstance(tables, list) or is_deeper(tables, DEEPEST):
            raise ValueError("it should be a list of tables: [[prices]]")
        return with_shipped(_price(n, table) for n, table in enumerate(tables, start=1))

    @field_validator("engine_processes", mode="before")
    @classmethod
    def _list_of_commands(cls, given: object) -> tuple[str, ...]:
        """Return each command; in one text they are separated by semicolons, or a list in JSON."""
        if isinstance(given, str):
            try:
                given = json.loads(given) if given.lstrip().startswith("[") else given.split(";")
            except (ValueError, RecursionError):
                given = None
        if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
            raise ValueError("it should be a list of commands")
        commands = tuple(command for each in given if (command := each.strip()))
        try:
            read_transports(commands)
        except InvalidInput as error:
            raise ValueError(error.message.removesuffix(".")) from None
        return commands

    @field_validator("ray")
    @classmethod
    def _clean_address(cls, address: str | None) -> str | None:
        return address and _refused_as_value(clean_address, address)

    @field_validator("gpus_per_actor")
    @classmethod
    def _clean_gpus(cls, gpus: float) -> float:
        return _refused_as_value(clean_gpus, gpus)

    @field_validator("hf_token", mode="before")
    @classmethod
    def _clean_token(cls, token: object) -> object:
        if token is None:  # the default
            return None
        token = token.strip() if isinstance(token, str) else token
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise ValueError("a token begins with hf_ and holds no spaces")
        return token

    @field_validator("project")
    @classmethod
    def _clean_project(cls, project: str) -> str:
        return _line("project", project, PROJECT_NAME_LONGEST)

    @field_validator("format", "embed", "prompt_style", "preview", mode="before")
    @classmethod
    def _any_case(cls, given: object) -> object:
        return given.lower() if isinstance(given, str) else given

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, engine: str) -> str:
        if "," not in engine:
            return _one_of((AUTO_ENGINE, *ENGINES), engine)
        try:
            return ",".join(engine_names(engine))
        except InvalidInput as error:
            raise ValueError(error.message.removesuffix(".")) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings  # what is given at first stands in config.toml


def _field(option: Option) -> Any:
    """Return the type and the field of an option's setting, as pydantic makes models of them."""
    check = AfterValidator(
        lambda text: _one_of(option.known, text) if option.only_known else _line("it", text, _TEXT_LONGEST)
    )
    kind = Annotated[str, check] if option.kind is str else option.kind
    least, most = option.limits or (None, None)
    field = Field(default=option.preset, ge=least, le=most, description=option.description)
    return (kind if option.preset is not None else kind | None), field


def _line(field: str, text: str, longest: int) -> str:
    try:
        return clean_line(field, text, longest=longest)
    except InvalidInput as error:
        raise ValueError(error.message.removesuffix(".")) from None


def _refused_as_value(clean: Callable[[_Given], _Given], given: _Given) -> _Given:
    try:
        return clean(given)
    except InvalidInput as error:
        raise ValueError(f"{error.message} {error.hint or ''}".rstrip(". ")) from None


def _one_of(known: Collection[str], value: str) -> str:
    if value.lower() not in known:
        raise ValueError(f"known are {', '.join(known)}")
    return value.lower()


def _price(number: int, table: object) -> Price:
    try:
        return read_price(table)
    except InvalidInput as error:
        raise ValueError(f"price {number}: {error.message.removesuffix('.')}") from None


Schema: type[_Own] = create_model("Schema", __base__=_Own, **{key: _field(option) for key, option in option_settings()})


def check_settings(config: Path) -> Settings:
    """Return what the environment and config.toml set, else the defaults. Raises InvalidInput."""
    in_file = read_file(config)
    check_keys(in_file, config)
    try:
        checked = Schema(**in_file)
    except ValidationError as error:
        raise _invalid(error, config) from error
    token = checked.hf_token.get_secret_value() if checked.hf_token else None
    values = {key: getattr(checked, key) for key in KEYS} | {"hf_token": token}
    options = {key: values.pop(key) for key in OPTIONS_UNSET}
    return Settings(**values, options=options)


def check_keys(in_file: Iterable[str], config: Path) -> None:
    """Raise InvalidInput for a key of config.toml that is no setting's: exactly, for one in capitals is not set either.

    Commands that set and unset find a key by its exact name.
    """
    for key in in_file:
        if key not in KEYS:
            way_out = f"with: avatar config unset {key}" if key.isidentifier() and key.isascii() else f"of {config}."
            raise InvalidInput(f"{config}: there is {no_key(key)}", hint=f"Mend it, or take it out {way_out}")


def check_value(key: str, value: str, config: Path) -> Any:
    """Return the value as config.toml holds it. Raises InvalidInput."""
    checked = Schema.model_construct()
    try:
        setattr(checked, key, value)
    except ValidationError as error:
        raise _invalid(error, config, given=True) from error
    plain = getattr(checked, key)
    return plain.get_secret_value() if key in SECRETS else checked.model_dump(mode="json")[key]


def _invalid(error: ValidationError, config: Path, *, given: bool = False) -> InvalidInput:
    first = error.errors(include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else "?"
    said = f"{_said(first['msg'])}."
    # The value of a secret is never repeated, and a table of tables would hide what is said of it.
    value = None if key in (*SECRETS, *TABLES) else _input(key, first["input"])
    if given:
        what = f"cannot be {value}: {said}" if value else f"cannot be that: {said}"
        return InvalidInput(f"The setting {key} {what}", hint="See: avatar config show")
    source = source_of(key, read_file(config))
    what = f"is {value}: {said}" if value else f"cannot be used: {said}"
    return InvalidInput(f"The setting {key} ({source}) {what}", hint=_way_out(key, source, config))


def _way_out(key: str, source: str, config: Path) -> str:
    if source != CONFIG_FILE:
        return f"Mend or unset {source}."
    if key in TABLES:
        return f"Mend it in {config}, or remove all with: avatar config unset {key}"
    return f"Change it with: avatar config set {key}{'' if key in SECRETS else ' VALUE'}"


def _input(key: str, given: object) -> str:
    try:
        said = str(given)
        return shown(without_values(said[:_TEXT_LONGEST]) if key == "engine_processes" else said)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a huge number"


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "it should")
