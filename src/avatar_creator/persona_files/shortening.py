# ruff: noqa: RUF001 - signs of other scripts are meant
"""Long texts made short enough by rule: whole sentences, else whole clauses, else whole words.

The same text is always shortened to the same one. Nothing is worded anew.
"""

import re

from avatar_creator.domain.text import trimmed

# An end that leaves less than this part of what is allowed says too little: an abbreviation, or "Well,".
_LEAST_PART = 3
_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*(?= )|[。！？]+[」』”]?")
_CLAUSE_ENDS = re.compile(
    r"[,;:、，；：](?= |(?<=[、，；：]))| (?=[-–—(]|(?:and|but|or|who|which|because|so|while|when|und|et|y) )"
)
# What no text ends with, as it speaks of what comes after it.
_OPEN_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but nor so of to in on at by for from with without about into as than that which who whose "
        "whom is are was were be been being has have had do does did will would can could may might should very his "
        "her their its my your our this these those if when while because",
    )
)
_OPEN_SIGNS = " ,;:-–—(/&、，；："


def shortened(text: str, longest: int) -> str:
    """Return a text of at most ``longest`` characters, on one line; the text itself if it is no longer."""
    line = trimmed(text)
    return line if len(line) <= longest else trimmed(_cut(line, longest))  # again: what is invisible may be at its end


def _cut(line: str, longest: int) -> str:
    end = _last_end(_SENTENCE_ENDS, line, longest)
    if end:
        return line[:end].rstrip()
    end = _last_end(_CLAUSE_ENDS, line, longest) or line.rfind(" ", 0, longest + 1)
    return _closed(line[: end if end > 0 else longest])


def _last_end(ends: re.Pattern[str], line: str, longest: int) -> int:
    """Return where the last part that fits ends, 0 where none does or what fits is too little."""
    last = 0
    for found in ends.finditer(line, 0, longest + 1):
        if found.end() <= longest:
            last = found.end()
    return last if last * _LEAST_PART >= longest else 0


def _closed(text: str) -> str:
    """Return a text without words and signs at its end that wait for more."""
    text = text.rstrip(_OPEN_SIGNS)
    while True:
        before, _, word = text.rpartition(" ")
        if not before or word.casefold() not in _OPEN_WORDS:
            return text
        text = before.rstrip(_OPEN_SIGNS)
