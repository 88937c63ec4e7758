"""The text that A1111 made common: prompt, negative prompt, and a line of values.

Forge, SD.Next, Civitai, stable-diffusion.cpp and more write it, too; so does `parameters.write`.
"""

import re
from collections.abc import Iterator

from avatar_creator.storage.pictures.parameters import NEGATIVE, MetadataTexts, Parameters, number_of

# Names are bounded, or a megabyte of letters would be searched again from each of them.
_PAIR = re.compile(r'(\w[\w \-/]{0,40}):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
_LINE_MOST = 20_000  # characters of the line of values
_LINES_MOST = 20  # that may be the one, from the last upwards


def read(metadata: MetadataTexts) -> Parameters | None:
    return next(filter(None, map(read_text, (metadata.text.get("parameters"), metadata.comment))), None)


def read_text(text: str | None) -> Parameters | None:
    """Return what a text in this form says; None for any other.

    Photographers, too, write names and values. A sampler's steps, with the seed or the sampler beside it, are nobody
    else's.
    """
    for above, line in _candidates(text or ""):
        values: dict[str, str] = {}
        for name, value in _PAIR.findall(line[:_LINE_MOST]):
            values.setdefault(name, value.strip())
        if number_of(values.get("Steps")) is not None and ("Seed" in values or "Sampler" in values):
            prompt, _, negative = f"\n{above}".partition(f"\n{NEGATIVE}")
            return Parameters(
                "A1111",
                prompt.strip() or None,
                negative.strip() or None,
                number_of(values.get("Seed")),
                values.get("Model", "").strip('"') or None,
                text,
            )
    return None


def version_of(text: str) -> str:
    """Return the program and the version that a text in this form names."""
    found = re.search(r"(?:^|, )Version: ([^,\n]*)", text[-_LINE_MOST:], re.MULTILINE)
    return found[1] if found else ""


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be the line of values, and what stands above it: extensions add lines of their own below."""
    end = len(text.rstrip())
    for _ in range(_LINES_MOST):
        at = text.rfind("Steps:", 0, end)
        if at < 0:
            return
        start = text.rfind("\n", 0, at) + 1
        stop = text.find("\n", at)
        yield text[: max(start - 1, 0)], text[start : stop if stop >= 0 else len(text)]
        end = start
