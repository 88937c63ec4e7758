"""What a provider takes: each field with its check. What it would ignore is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .wire import Answer

# Says what is wrong with a value, or None.
Check = Callable[[Any], str | None]


class Problem(NamedTuple):
    """What is wrong with a request, and where."""

    field: str
    text: str


class Refused(Exception):
    """A request that the provider does not take, or would not understand as it is meant."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True)
class Schema:
    """The fields of a request's body."""

    fields: Mapping[str, Check]
    required: tuple[str, ...] = ("prompt",)

    def problems(self, body: Any) -> list[Problem]:
        if not isinstance(body, dict):
            return [Problem("body", "must be an object")]
        found = [Problem(name, "is required") for name in self.required if name not in body]
        for name, value in body.items():
            if name not in self.fields:
                found.append(Problem(name, "is no field of this model, it would be ignored"))
            elif wrong := self.fields[name](value):
                found.append(Problem(name, wrong))
        return found


def whole(low: int, high: int, step: int = 1) -> Check:
    def check(value: Any) -> str | None:
        if type(value) is int and low <= value <= high and value % step == 0:
            return None
        return f"must be a whole number from {low} to {high}" + (f", a multiple of {step}" if step > 1 else "")

    return check


def number(low: float, high: float) -> Check:
    def check(value: Any) -> str | None:
        fits = type(value) in {int, float} and low <= value <= high
        return None if fits else f"must be a number from {low} to {high}"

    return check


def choice(*values: str) -> Check:
    return lambda value: None if isinstance(value, str) and value in values else f"must be one of {', '.join(values)}"


def text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "must be a text, and not empty"


def flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


# To one provider 0 means "any", to another -1 does.
SEED = whole(1, 2**32 - 1)
