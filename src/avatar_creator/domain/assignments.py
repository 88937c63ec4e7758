"""Commands that users write, as they may be shown: what they assign to variables may be a token."""

import re
import shlex
from collections.abc import Iterable

from avatar_creator.domain.text import without_tokens

MASK = "***"
_SECRET = re.compile(r"(?:^|_)(?:TOKENS?|SECRETS?|KEYS?|APIKEY|PASSWORD|PASSWD|PASS|CREDENTIALS?)(?:_|$)")
_ASSIGNED = re.compile(r"(?<!\w)(--)?(\w[\w-]*)=")
_LEAST = 4  # characters of a value that is sought in what programs say
_OF_CARDS = "_VISIBLE_DEVICES"  # which cards a process has is what tells it from others


def is_secret(variable: str) -> bool:
    """Return whether a variable, by its name, may hold a secret."""
    return bool(_SECRET.search(variable.upper().replace("-", "_")))


def without_values(command: str) -> str:
    """Return a command without what it assigns to variables: "HF_TOKEN=*** ssh gpu2 env NAME=*** avatar".

    Which cards a process has stays, and so do options such as --gpus=1.
    """
    try:
        words, is_whole = shlex.split(command), True
    except ValueError:  # a quote is not closed: a value may go on behind its word
        words, is_whole = command.split(), False
    said: list[str] = []
    is_changed = False
    for word in words:
        start = _value_start(word)
        if start is None:
            said.append(shlex.quote(word))
            continue
        is_command = any(map(str.isspace, word[:start]))  # for another shell, as ssh takes it
        said.append(shlex.quote(without_values(word)) if is_command else word[:start] + MASK)
        is_changed = True
        if not is_whole:
            break
    return without_tokens(" ".join(said) if is_changed else command)


def assigned_values(words: Iterable[str]) -> list[str]:
    """Return the values that words of a command assign, and that are not to be shown, the longest first."""
    found: list[str] = []
    for word in words:
        start = _value_start(word)
        if start is not None and len(word) - start >= _LEAST:
            found.append(word[start:])
    return sorted(found, key=len, reverse=True)


def _value_start(word: str) -> int | None:
    """Return where the value begins that a word assigns, None if it assigns none that is left out."""
    for each in _ASSIGNED.finditer(word):
        option, name = each.groups()
        if not name.endswith(_OF_CARDS) and (option is None or is_secret(name)):
            return each.end()
    return None
