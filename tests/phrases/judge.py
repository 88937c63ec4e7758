"""Judges how phrases are read: what is drawn of them, against what was judged by hand that people expect.

A phrase is

- whole, if all of it is seen, or drawn as the nearest thing that the art has, and that is said;
- partly, if some is seen and the rest said; said, if nothing is seen and that is said;
- wrong, if something else is seen, or changes that the phrase says nothing of; silent, if something is dropped and not
  said. Also silent are words without which the same is drawn and said.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST
from avatar_creator.domain.picture import PictureRequest
from avatar_creator.engines.base import EnginePlan
from avatar_creator.errors import AvatarError
from engines.offline.drawings import ENGINE, asked
from phrases.seen import Seen

_SEEDS = range(4)
_MISSING = "?"
_BESIDE = {  # a phrase that is known in each
    "hair_style": "bald",
    "hair_color": "black",
    "eye_color": "brown",
    "skin_tone": "light",
    "ethnicity": "japanese",
    "gender": "female",
    "age_range": "30s",
    "body_type": "slim",
    "style": "suit",
    "personality": "friendly",
    "prompt": "smiling",
}
_AS_PROMPT = {"hair_color": "{} hair", "eye_color": "{} eyes", "skin_tone": "{} skin"}
# What may change with an aspect that is asked for.
_FOLLOWS = {
    "gender": "hair beard earrings headwear",
    "age": "hair haircolor beard beardcolor earrings skin",
    "from": "skin haircolor beardcolor eyes hair framescolor",
    "skin": "framescolor hair",
    "hair": "haircolor beardcolor",
    "haircolor": "hair beardcolor",
    "headwear": "hair earrings headwearcolor",
    "clothes": "color",
    "glasses": "eyes framescolor",
    "beard": "beardcolor",
    "earrings": "jewellerycolor",
}
_FILLERS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "her", "his", "in", "is", "of", "on", "or", "the", "their"}
    | {"to", "with", "wearing", "hair", "haired", "eye", "eyes", "eyed", "skin", "tone", "style", "styled", "color"}
    | {"colored", "look", "very", "dress", "attire", "wear", "clothes", "clothing", "cut", "hairstyle", "person"}
    | {"man", "woman", "headshot", "portrait", "garments", "modern"}
)


class Judged(NamedTuple):
    """A phrase, and by aspect which values people expect to see."""

    phrase: str
    wishes: tuple[tuple[str, frozenset[str]], ...]
    allowed: frozenset[str]  # what may change beside
    is_said: bool  # nothing of it shows in a portrait


@dataclass
class Verdict:
    phrase: str
    outcome: str
    right: int = 0
    wishes: int = 0
    why: list[str] = field(default_factory=list)
    notices: tuple[str, ...] = ()

    def __str__(self) -> str:
        why = "; ".join(self.why) or "as it should be"
        return f"{self.outcome:7} {self.phrase!r}: {why}  [{' | '.join(self.notices)}]"


def labels(name: str) -> Iterator[tuple[str, Judged]]:
    """Yield the section, and the phrase with its wishes, of each phrase in a file."""
    section = ""
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            said, _, phrases = line.partition(" -> ")
            wishes = tuple(
                (aspect, frozenset(values.split("|")))
                for aspect, _, values in (wish.partition("=") for wish in said.split() if "=" in wish)
            )
            allowed = frozenset(wish[1:] for wish in said.split() if wish.startswith("~"))
            for phrase in phrases.split("; ") if section else [phrases]:
                yield section, Judged(phrase, wishes, allowed, said.startswith(_MISSING))


def request_of(kind: str, phrase: str, seed: int) -> PictureRequest:
    if kind == "prompt":
        return asked(base=phrase or None, seed=seed)
    if kind == "personality":
        return asked(traits=(phrase,) if phrase else (), seed=seed)
    attributes: dict[str, Any] = {kind: phrase} if phrase else {}
    return asked(seed=seed, **attributes)


@lru_cache(2 * len(_SEEDS))  # a phrase is drawn, and then looked at for what is dropped of it
def plan_of(kind: str, phrase: str, seed: int) -> EnginePlan:
    return ENGINE.plan(request_of(kind, phrase, seed))


def seen(kind: str, phrase: str) -> list[Seen]:
    plans = [plan_of(kind, phrase, seed) for seed in _SEEDS]
    return [Seen(plan.sent, plan.drawn or {}) for plan in plans]


@cache
def bare(kind: str) -> list[Seen]:
    return seen(kind, "")


def judge(kind: str, judged: Judged) -> Verdict:
    drawn = seen(kind, judged.phrase)
    notices = tuple(dict.fromkeys(said for seed in _SEEDS for said in plan_of(kind, judged.phrase, seed).notices))
    changed = {
        aspect
        for one, other in zip(drawn, bare(kind), strict=True)
        for aspect in one.raw.keys() & other.raw.keys()
        if one.raw[aspect] != other.raw[aspect]
    }
    verdict = Verdict(judged.phrase, "", wishes=len(judged.wishes), notices=notices)
    allowed = {aspect for wish, _ in judged.wishes for aspect in (wish, *_FOLLOWS.get(wish, "").split())}
    strange = sorted(changed - allowed - judged.allowed)
    unmet = [
        (aspect, values) for aspect, values in judged.wishes if not all(one.shows(aspect, values) for one in drawn)
    ]
    verdict.right = verdict.wishes - len(unmet)
    dropped = [] if kind == "prompt" and len(judged.phrase) > 50 else dropped_words(kind, judged.phrase)
    unsaid = [aspect for aspect, values in unmet if not _is_said(kind, judged.phrase, values, notices)]
    verdict.why = [f"changes {' '.join(strange)}"] if strange else []
    verdict.why += [
        f"no {aspect} {'|'.join(sorted(values))}: {drawn[0].raw.get(aspect, 'not drawn so')}"
        for aspect, values in unmet
    ]
    verdict.why += [f"drops {word!r}" for word in dropped]
    understood = not any(notice.startswith("The offline engine") for notice in notices)
    verdict.outcome = (
        "wrong"
        if strange or any(aspect in changed for aspect in unsaid)
        else "silent"
        if unsaid or dropped or (judged.is_said and not notices)
        else "said"
        if judged.is_said
        else "whole"
        if understood
        else "partly"
        if verdict.right
        else "said"
    )
    return verdict


def spoken(kind: str, judged: Judged) -> Judged:
    """Return a phrase as a prompt says it: "ruby" alone may be about anything."""
    phrase = judged.phrase.removesuffix(" hair") if kind == "hair_color" else judged.phrase
    return judged._replace(phrase=_AS_PROMPT.get(kind, "{}").format(phrase))


def _is_said(kind: str, phrase: str, values: frozenset[str], notices: tuple[str, ...]) -> bool:
    named = _named(kind, phrase, notices).lower()
    words = {*_words(phrase)} - _FILLERS | {value.replace("-", " ") for value in values}
    return any(word in named for word in words)


def _named(kind: str, phrase: str, notices: tuple[str, ...]) -> str:
    """Return what notices name, without the phrase that they repeat to say of what they are."""
    return " ".join(notice.replace(f" of {kind.replace('_', ' ')} '{phrase}'", "") for notice in notices)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("grey", "gray"))


def dropped_words(kind: str, phrase: str) -> list[str]:
    """Return the words without which the same is drawn, that no notice names, and that mean nothing elsewhere."""
    words = phrase.split()
    if len(words) == 1 and kind != "prompt":
        return []
    plans = [plan_of(kind, phrase, seed) for seed in _SEEDS]
    named = _named(kind, phrase, plans[0].notices)
    said = {*_words(named)}
    return [
        word
        for at, word in enumerate(words)
        if not {*_words(word)} <= _FILLERS
        and not {*_words(word)} & said
        and not _is_known(kind, word)
        and all(
            _recipe(kind, " ".join(words[:at] + words[at + 1 :]), seed) == plan.sent
            for seed, plan in zip(_SEEDS, plans, strict=True)
        )
    ]


def _is_known(kind: str, word: str) -> bool:
    """Return whether a word is understood by itself, or else said beside any other phrase.

    What is said there and not here is a part of a known phrase here: "beach" of "beach waves".
    """
    kinds = ("style", "hair_style", "personality", "gender", "ethnicity", "age_range") if kind == "prompt" else (kind,)
    if not all(ENGINE.plan(request_of(one, word, 0)).notices for one in kinds):
        return True
    beside = " ".join(ENGINE.plan(request_of(kind, f"{word}, {_BESIDE[kind]}", 0)).notices)
    return not {*_words(word)}.isdisjoint(_words(beside.partition(f" of {kind.replace('_', ' ')} '")[0]))


def _recipe(kind: str, phrase: str, seed: int) -> Mapping[str, Any]:
    return plan_of(kind, phrase, seed).sent


def read(kind: str, text: str) -> Verdict:
    try:
        plans = [plan_of(kind, text, seed) for seed in _SEEDS]
    except AvatarError as refused:
        return Verdict(text, "said", notices=(str(refused),))
    notices = tuple(dict.fromkeys(notice for plan in plans for notice in plan.notices))
    heard = any(plan.sent != _recipe(kind, "", seed) for seed, plan in zip(_SEEDS, plans, strict=True))
    dropped = dropped_words(kind, text) if len(text) <= ATTRIBUTE_LONGEST else []
    outcome = (
        "silent"
        if dropped or not (heard or notices)
        else "whole"
        if not any(notice.startswith("The offline engine") for notice in notices)
        else "partly"
        if heard
        else "said"
    )
    return Verdict(text, outcome, why=[f"drops {word!r}" for word in dropped], notices=notices)
