"""The settings as the program uses them: plain values. What they mean and may be stands in the schema.

A named tuple and not a dataclass: `avatar generate` imports it, and this one costs 1 ms less to define.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator import domain
from avatar_creator.domain import text
from avatar_creator.domain.check import REROLLS, Check
from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.preview import Preview
from avatar_creator.domain.price import SHIPPED_PRICES, Price
from avatar_creator.domain.prompt import PromptStyle
from avatar_creator.domain.text import shown
from avatar_creator.engines.base import Retry
from avatar_creator.engines.table import AUTO_ENGINE, option_settings
from avatar_creator.errors import InvalidInput

if TYPE_CHECKING:
    from avatar_creator.domain.spending import Limits

MASK = "********"  # what is shown of a secret
SECRETS = ("hf_token",)
_KEY_LONGEST = 40  # characters of a wrong key that are compared
_ALIKE = 0.75  # of 1: a slip or two in a name
TABLES = ("prices",)  # too much for one value of a command line: they are edited in the file


OPTIONS_UNSET: Mapping[str, Any] = MappingProxyType({key: option.preset for key, option in option_settings()})


class Settings(NamedTuple):
    """Every setting, with its default."""

    engine: str = AUTO_ENGINE
    project: str = "default"
    width: int = 1024
    height: int = 1024
    format: PictureFormat = PictureFormat.JPEG
    jpeg_quality: int = 95
    embed: Embed = Embed.RECIPE
    prompt_style: PromptStyle = PromptStyle.KEYWORDS
    # Of engines, each under its own key; None is left to the engine, which knows what is best with what.
    options: Mapping[str, Any] = OPTIONS_UNSET
    retry_attempts: int = Retry().attempts
    retry_base_s: float = Retry().base_s
    retry_max_s: float = Retry().max_s
    concurrency: int = 2
    processes: int | None = None
    engine_processes: tuple[str, ...] = ()
    engine_idle_s: float = 300.0
    ray: str | None = None
    gpus_per_actor: float = 1.0
    ray_insecure: bool = False
    worker_idle_s: float = 60.0
    worker_retry_base_s: float = 10.0
    keep_completed_h: int = 24
    keep_failed_h: int = 168
    commercial: bool = False
    preview: Preview = Preview.AUTO
    check: Check = Check.NONE
    rerolls: int = REROLLS
    hf_token: str | None = None
    max_images_day: int | None = None
    max_images_month: int | None = None
    max_usd_day: float | None = None
    max_usd_month: float | None = None
    prices: tuple[Price, ...] = SHIPPED_PRICES

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{key}={value!r}' for key, value in self.shown().items())})"

    def values(self) -> dict[str, Any]:
        """Return all values by their keys, in the order of `KEYS`."""
        values: dict[str, Any] = {}
        for field, value in self._asdict().items():
            values |= self.options if field == "options" else {field: value}
        return values

    @property
    def limits(self) -> "Limits":
        """What may be paid for in a day and a month."""
        limits = domain.spending.Limits
        return limits(*(getattr(self, name) for name in limits._fields))

    def shown(self) -> dict[str, Any]:
        """Return the same; a secret is only said to be there, and so is what commands assign to variables."""
        values = self.values()
        values["engine_processes"] = tuple(map(domain.assignments.without_values, self.engine_processes))
        return values | {key: MASK for key in SECRETS if values[key] is not None}


DEFAULTS = Settings()
KEYS = tuple(DEFAULTS.values())


def no_setting(key: str) -> InvalidInput:
    """Return what is raised for a key that does not exist."""
    return InvalidInput(f"There is {no_key(key)}", hint=f"Settings: {', '.join(KEYS)}.")


def no_key(key: str) -> str:
    """Say that a key is none of a setting, and which may have been meant."""
    near = nearest(key)
    meant = f"; did you mean '{near}'?" if near else "."
    return f"no setting {shown(key)}{meant}"


def nearest(key: str, others: tuple[str, ...] = ()) -> str | None:
    """Return the setting, or one of the ``others``, whose name is most like ``key``; None if none is."""
    if (own := key.lower().partition("_")[2]) in KEYS:  # only one engine has it, so its name lacks the engine's
        return own
    return text.nearest(key[:_KEY_LONGEST].lower(), (*KEYS, *others), alike=_ALIKE)
