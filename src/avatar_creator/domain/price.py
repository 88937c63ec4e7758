"""What hosted pictures cost: the prices known, and what a run would cost by them."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.text import clean_line, counted, shown
from avatar_creator.errors import InvalidInput

_MEGAPIXEL = 1_000_000
_TEXT_LONGEST = 200
_CENTS_FROM_USD = 1.0  # less is shown to a tenth of a cent: one picture costs about three cents
MOST_UNASKED = 20  # paid pictures of one run, and of a day
_WAY_OUT = "A price has provider, model, usd_per_megapixel or usd_per_image, and if you like as_of and source."
_USD_MOST = 1000  # for one picture or megapixel; more is a slip


def _usd(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _USD_MOST:
        raise InvalidInput(f"{name} is {shown(str(value))}, which is no amount.", hint=f"Give {name} US dollars: 0.04")
    return float(value)


class Price(NamedTuple):
    """What a provider charges for a model's pictures, by size or by piece; one of both is there.

    ``as_of`` and ``source`` say when and where that was read.
    """

    provider: str
    model: str
    usd_per_megapixel: float | None = None
    usd_per_image: float | None = None
    as_of: str | None = None
    source: str | None = None

    def __str__(self) -> str:
        rate = (
            f"{self.usd_per_image:g} USD a picture"
            if self.usd_per_image is not None
            else f"{self.usd_per_megapixel:g} USD/MP"
        )
        return ", ".join(filter(None, (rate, self.as_of, self.source)))

    def usd(self, size_px: tuple[int, int]) -> float:
        """Return what one picture of that size costs."""
        if self.usd_per_image is not None:
            return self.usd_per_image
        assert self.usd_per_megapixel is not None  # noqa: S101 - one of both is there
        return self.usd_per_megapixel * size_px[0] * size_px[1] / _MEGAPIXEL

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


def read_price(given: object) -> Price:
    """Return the price that a table of config.toml, or a JSON object, gives. Raises InvalidInput naming the field."""
    if not isinstance(given, Mapping):
        raise InvalidInput(f"{shown(str(given))} is no table.", hint=_WAY_OUT)
    strange = next((key for key in given if key not in Price._fields), None)
    if strange is not None:
        raise InvalidInput(f"there is no field {shown(str(strange))}.", hint=_WAY_OUT)
    missing = next((key for key in ("provider", "model") if given.get(key) is None), None)
    if missing is not None:
        raise InvalidInput(f"{missing} is missing.", hint=_WAY_OUT)
    values: dict[str, Any] = {name: _read(name, value) for name, value in given.items() if value is not None}
    price = Price(**values)
    if (price.usd_per_megapixel is None) == (price.usd_per_image is None):
        which = "neither" if price.usd_per_image is None else "both"
        raise InvalidInput(f"{which} of usd_per_megapixel and usd_per_image stands there.", hint=_WAY_OUT)
    return price


def _read(name: str, value: object) -> str | float:
    if name.startswith("usd_"):
        return _usd(name, value)
    if isinstance(value, bool | int | float | list | dict):  # TOML has dates of its own, which read as texts
        raise InvalidInput(f"{name} is {shown(str(value))}, which is no text.", hint=_WAY_OUT)
    return clean_line(name, str(value), longest=_TEXT_LONGEST)


# As the pages of both models said. One of fal.ai's pages also says that it rounds up to whole megapixels, the bills
# do not tell: so what follows from these is "about".
SHIPPED_PRICES = (
    Price("fal-ai", "fal-ai/flux/dev", usd_per_megapixel=0.025, as_of="2026-08", source="fal.ai model pages"),
    Price("fal-ai", "fal-ai/flux-lora", usd_per_megapixel=0.035, as_of="2026-08", source="fal.ai model pages"),
)


def with_shipped(own: Iterable[Price]) -> tuple[Price, ...]:
    """Return the shipped prices and the user's own; an own one stands in place of a shipped one of the same model."""
    return tuple({(price.provider, price.model): price for price in (*SHIPPED_PRICES, *own)}.values())


def cost(usd: float | None, count: int, unpriced: int) -> str:
    """Say what ``count`` pictures cost, of which ``unpriced`` have no known price."""
    if not unpriced:
        return f"about {dollars(usd or 0.0)}"
    if unpriced == count:
        return "cost unknown"
    return f"about {dollars(usd or 0.0)} and {unpriced} of unknown cost"


def pictures(count: int) -> str:
    """Return a number of pictures in words."""
    return counted(count, "picture")


def dollars(usd: float) -> str:
    """Return an amount as it is shown."""
    return f"${usd:,.{2 if usd >= _CENTS_FROM_USD or not usd else 3}f}"


class Cost(NamedTuple):
    """What a run of that many paid pictures would cost, if a price for them is known."""

    pictures: int
    usd: float | None = None
    price: Price | None = None

    @property
    def usd_each(self) -> float | None:
        """What one of the pictures costs."""
        return None if self.usd is None else round(self.usd / self.pictures, 6)

    @property
    def amount(self) -> str:
        """What all of them cost, in words."""
        if self.usd is None:
            return "price unknown (add it to prices in config.toml)"
        price = f" ({self.price})" if self.price else ""  # of pictures with different prices there is none
        return f"about {dollars(self.usd)}{price}"

    def times(self, most: int) -> "Cost":
        """Return what it costs to make each so often."""
        return Cost(self.pictures * most, None if self.usd is None else round(self.usd * most, 6), self.price)

    def __str__(self) -> str:
        return f"{pictures(self.pictures)}, {self.amount}"

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"price": self.price.as_json() if self.price else None}


def cost_of(
    pictures: int, *, provider: str | None, model: str | None, size_px: tuple[int, int], prices: Iterable[Price]
) -> Cost:
    """Return what ``pictures`` of that size cost by the price of that provider and model."""
    price = next((each for each in prices if (each.provider, each.model) == (provider, model)), None)
    return Cost(pictures, round(pictures * price.usd(size_px), 6) if price else None, price)


def total(costs: Mapping[Cost, int]) -> Cost | None:
    """Return what so many pictures of each cost together, None of none; the price where all have the same."""
    if not costs:
        return None
    usd = [None if each.usd is None else each.usd * count for each, count in costs.items()]
    known = [each for each in usd if each is not None]
    prices = {each.price for each in costs}
    return Cost(
        sum(each.pictures * count for each, count in costs.items()),
        round(sum(known), 6) if len(known) == len(usd) else None,
        prices.pop() if len(prices) == 1 else None,
    )
