"""How a picture was generated, as its file says it: what is known of any tool, and reading it from strangers' JSON.

Writing it, too, in the form that A1111 made common; apart from the readers, which a drawing can do without.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

NEGATIVE = "Negative prompt: "
_NEEDS_QUOTES = re.compile(r"[,:\n]")
_NUMBER_MOST = 2**64  # the seeds of all tools are smaller


@dataclass(frozen=True, slots=True)
class MetadataTexts:
    """What a file says in words, by where it stands.

    ``text`` holds PNG's texts by keyword; ``comment`` and ``named``, texts that begin with a name, are of EXIF; ``xmp``
    holds the properties of its packets.
    """

    text: Mapping[str, str] = field(default_factory=dict)
    comment: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    xmp: Mapping[str, str] = field(default_factory=dict)
    _parsed: dict[str, dict[str, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def json_object(self, text: str | None) -> Mapping[str, Any]:
        """Return the JSON object that one of the texts is, parsed once for all readers; {} when it is none."""
        if not text:
            return {}
        if text not in self._parsed:
            self._parsed[text] = json_object(text)
        return self._parsed[text]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a file says of its making. ``generator`` names the tool whose form it has, ``text`` is A1111's."""

    generator: str | None = None
    prompt: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    model: str | None = None
    text: str | None = None

    @classmethod
    def of(
        cls,
        generator: str | None,
        values: Mapping[str, Any],
        *,
        prompt: str = "prompt",
        negative_prompt: str = "negative_prompt",
        model: str = "model",
    ) -> Self:
        """Return what a tool's JSON says, by the names that it has for the texts; each has "seed"."""
        return cls(
            generator,
            text_of(values.get(prompt)),
            text_of(values.get(negative_prompt)),
            number_of(values.get("seed")),
            text_of(values.get(model)),
        )


def write(prompt: str, negative_prompt: str, values: Mapping[str, object]) -> str:
    """Return prompt, negative prompt and values in A1111's form."""
    line = ", ".join(f"{name}: {_quoted(str(value))}" for name, value in values.items())
    negative = f"{NEGATIVE}{negative_prompt}" if negative_prompt else ""
    return "\n".join(part for part in (prompt, negative, line) if part)


def json_object(text: str | None) -> dict[str, Any]:
    """Return the JSON object that ``text`` is; {} when it is none."""
    if not text or not text.lstrip().startswith("{"):
        return {}
    try:
        # Written and read again, for JSON can hold what UTF-8 cannot: halves of surrogate pairs. ComfyUI writes NaN.
        value = json.loads(text, parse_constant=lambda _: None)
        value = json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def part_of(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the JSON object of this name; {} when there is none."""
    part = values.get(name)
    return part if isinstance(part, Mapping) else {}


def text_of(value: object) -> str | None:
    """Return a text that says something; None for whatever else."""
    return value.strip() or None if isinstance(value, str) else None


def number_of(value: object) -> int | None:
    """Return a whole number that a tool may have written as a text; None for whatever else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < _NUMBER_MOST else None


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if _NEEDS_QUOTES.search(value) else value
