"""What a format of manifests is."""

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from avatar_creator.exports.manifest import Line

# What ends a line or a script somewhere, is not seen, or turns the direction of what follows.
_UNSAFE = re.compile("[<\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


class Format(NamedTuple):
    """How a manifest is written: what stands first, a line for each avatar, and what stands last."""

    head: Callable[[Sequence[str]], str]  # of its columns
    line: Callable[[Line], str]
    tail: str = ""
    between: str = ""  # two lines


def json_text(value: object) -> str:
    """Return a value as JSON in one line, for programs that read line by line, for scripts and for eyes."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
