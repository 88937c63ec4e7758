"""Values of typed formats as JSON would have them."""

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

PLAIN = frozenset({str, int, bool, type(None)})


def plain(value: object) -> object:
    """Return a value as a text, number, boolean, None, or a list or dict of these.

    Dates and times are in ISO 8601, without midnight; what is no number is None, as are bytes that are no text.
    """
    as_plain = _AS_PLAIN.get(type(value))
    return value if as_plain is None else as_plain(value)


def _moment(value: dt.datetime) -> str:
    is_date = value.tzinfo is None and value.time() == dt.time()
    return value.date().isoformat() if is_date else value.isoformat(" ")


def _decimal(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _list(value: list[Any]) -> object:
    if value and isinstance(value[0], tuple):  # a map
        return {str(name): plain(each) for name, each in value}
    return [plain(each) for each in value]


_AS_PLAIN: dict[type, Callable[..., object]] = {
    float: lambda value: None if math.isnan(value) else value,
    dt.datetime: _moment,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    dt.timedelta: str,
    Decimal: _decimal,
    bytes: _text,
    list: _list,
    dict: lambda value: {str(name): plain(each) for name, each in value.items()},
}
