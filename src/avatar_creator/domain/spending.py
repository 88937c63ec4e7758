"""Limits of what may be paid for in a day and a month (UTC), and what is charged and reserved under them."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from avatar_creator.domain.price import MOST_UNASKED, cost, dollars, pictures
from avatar_creator.errors import InvalidInput, LimitReached

IMAGES_MOST = 1_000_000_000
USD_MOST = 1_000_000_000
_USD_DIGITS = 6  # sums of floats differ behind these


class Period(StrEnum):
    """What a limit is for; both begin and end at 00:00 UTC."""

    DAY = "day"
    MONTH = "month"

    def since(self, at: str) -> str:
        """Return the first day of the one that is under way at a time, as times are stored."""
        return at[:10] if self is Period.DAY else f"{at[:7]}-01"


class Counted(NamedTuple):
    """Pictures, and what they cost together; of ``unpriced`` of them that is not known."""

    pictures: int = 0
    usd: float = 0.0
    unpriced: int = 0

    @property
    def known_usd(self) -> float | None:
        """What is known of their cost, None where nothing is."""
        return None if self.pictures and self.pictures == self.unpriced else round(self.usd, _USD_DIGITS)

    def plus(self, other: "Counted") -> "Counted":
        return Counted(self.pictures + other.pictures, self.usd + other.usd, self.unpriced + other.unpriced)

    def minus(self, other: "Counted") -> "Counted":
        return Counted(self.pictures - other.pictures, self.usd - other.usd, self.unpriced - other.unpriced)

    def __str__(self) -> str:
        return f"{pictures(self.pictures)}, {cost(self.usd, self.pictures, self.unpriced)}"


class Limit(NamedTuple):
    """One limit that is set; ``setting`` is its name."""

    setting: str
    period: Period
    most: float
    is_usd: bool

    def is_less_than(self, amount: float) -> bool:
        return round(amount - self.most, _USD_DIGITS) > 0

    def of(self, counted: Counted) -> float:
        """Return what it counts of that."""
        return counted.usd if self.is_usd else counted.pictures

    def shown(self, amount: float) -> str:
        return dollars(amount) if self.is_usd else str(round(amount))

    def __str__(self) -> str:
        most = dollars(self.most) if self.is_usd else pictures(int(self.most))
        return f"{most} a {self.period.value} ({self.setting})"


def _limit(setting: str, most: float) -> Limit:
    _, kind, period = setting.split("_")
    return Limit(setting, Period(period), most, kind == "usd")


class Limits(NamedTuple):
    """The settings; None: no limit."""

    max_images_day: int | None = None
    max_images_month: int | None = None
    max_usd_day: float | None = None
    max_usd_month: float | None = None

    def each(self) -> Iterator[Limit]:
        """Yield those that are set."""
        for name, most in self._asdict().items():
            if most is not None:
                yield _limit(name, most)


class Spent(NamedTuple):
    """What was charged in a time, and how many calls were cut off that may be charged, too."""

    charged: Counted
    in_doubt: int = 0
    unasked: int = 0
    counted: Counted = Counted()  # by limits: calls in doubt are, and what an unknown cost was expected to be


class By(StrEnum):
    """What `stats --by` counts by."""

    DAY = "day"
    MONTH = "month"
    PROVIDER = "provider"
    MODEL = "model"
    PROJECT = "project"


class SpentBy(NamedTuple):
    """What was charged in one day or month, by one provider, for one model or in one project.

    ``usd`` is what is known of the cost, None where nothing is; of ``unpriced`` pictures it is not.
    """

    name: str
    pictures: int
    usd: float | None
    unpriced: int

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Charges(NamedTuple):
    """Pictures that were charged, or are reserved, as `SpentBy`.

    ``in_doubt`` calls were cut off: nobody knows whether they are charged.
    """

    pictures: int = 0
    usd: float | None = 0.0
    unpriced: int = 0
    in_doubt: int = 0

    def __bool__(self) -> bool:
        return self.pictures + self.in_doubt > 0

    def __str__(self) -> str:
        doubt = f"; {self.in_doubt} cut off, and maybe charged" if self.in_doubt else ""
        return f"{pictures(self.pictures)}, {cost(self.usd, self.pictures, self.unpriced)}{doubt}"


class Budget(NamedTuple):
    """A limit, and what of it is ``spent``, which is charged or may be, and ``reserved``, which waits or is made."""

    limit: Limit
    spent: float
    reserved: float
    resets_at: str

    @property
    def left(self) -> float:
        return max(round(self.limit.most - self.spent - self.reserved, _USD_DIGITS), 0)

    @property
    def shown(self) -> "LimitLeft":
        spent, reserved = round(self.spent, _USD_DIGITS), round(self.reserved, _USD_DIGITS)
        return LimitLeft(self.limit.setting, self.limit.most, spent, reserved, self.left, self.resets_at)


class LimitLeft(NamedTuple):
    """What is left of a limit, in pictures or dollars, until ``resets_at``."""

    setting: str
    most: float
    spent: float
    reserved: float
    left: float
    resets_at: str

    def __str__(self) -> str:
        limit = _limit(self.setting, self.most)
        reserved = f", {limit.shown(self.reserved)} reserved" if self.reserved else ""
        return f"{limit}: {limit.shown(self.spent)} spent{reserved}, {limit.shown(self.left)} left"


class SpendingReport(NamedTuple):
    """What was charged: ever, on this day and in this month (UTC).

    What is reserved now, and the limits, are those of all projects: None and none of one project.
    """

    total: Charges = Charges()
    day: Charges = Charges()
    month: Charges = Charges()
    reserved: Charges | None = Charges()
    limits: tuple[LimitLeft, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name)._asdict() for name in ("total", "day", "month")},
            "reserved": None if self.reserved is None else self.reserved._asdict(),
            "limits": [limit._asdict() for limit in self.limits],
        }


NOTHING_SPENT = SpendingReport()


def limit_reached(budget: Budget, asked: Counted) -> LimitReached:
    """Return what is raised for pictures that a limit does not allow; ``budget`` is that without them."""
    limit = budget.limit
    if limit.most == 0:
        said = f"nothing is paid for, since {limit.setting} is 0."
    else:
        reserved = f" and {limit.shown(budget.reserved)} reserved" if budget.reserved else ""
        said = f"the limit is {limit}, with {limit.shown(budget.spent)} spent{reserved}."
    wanted = f"{asked}" if limit.is_usd else pictures(asked.pictures)
    return LimitReached(
        f"This would pay for {wanted}: {said}",
        hint=f"The {limit.period.value} ends at {budget.resets_at[:10]} 00:00 UTC. "
        f"To change the limit: avatar config set {limit.setting} N",
    )


def price_unknown(limit: Limit) -> LimitReached:
    """Return what is raised for a picture that a limit in dollars cannot count."""
    return LimitReached(
        f"What the picture costs is not known, and the limit is {limit}.",
        hint="Add its price to prices in config.toml (avatar config path), "
        f"or remove the limit: avatar config unset {limit.setting}",
    )


def nobody_agreed(asked: int, before: int) -> InvalidInput:
    """Return what is raised for pictures that nobody has agreed to pay for, beside ``before`` others today."""
    return InvalidInput(
        f"This would pay for {pictures(asked)}: with {before} of today (UTC) more than {MOST_UNASKED}, "
        "the most in a day that nobody has agreed to.",
        hint=f"Say --yes or --max-images {asked} to go ahead, or set a limit of your own for all commands: "
        "avatar config set max_images_day 200",
    )
