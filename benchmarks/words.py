"""Whether people's own words are understood. Run: python -m benchmarks.words.

For each phrase of `benchmarks/phrases/` it plans the drawings of four people, as the attribute and as ``--prompt``, and
compares what is seen with what was judged by hand that people expect: see `benchmarks/seen.py`. A phrase is

- whole, if all of it is seen, or drawn as the nearest thing that the art has, and that is said;
- partly, if some is seen and the rest said; said, if nothing is seen and that is said;
- wrong, if something else is seen, or changes that the phrase says nothing of; silent, if something is dropped and not
  said. Also silent are words without which the same is drawn and said.

Of descriptions of headshots the wishes are counted, of prompts that name an age the ages that are drawn, and of colored
things those in their color. With a PATH to JSON of the same form as {"hair_style": [...], "ages": [{"prompt": ...,
"age": ...}]}, the phrases in it are taken that are not judged: what of them is dropped in silence, and their ages.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureRequest
from avatar_creator.engines.offline.appearance import decide_appearance
from avatar_creator.engines.offline.request_reader import read_request
from avatar_creator.engines.offline.rng import SeededRng
from avatar_creator.errors import AvatarError
from benchmarks.seen import Seen, unrated
from engines.offline.drawings import ENGINE, asked

_LABELS = Path(__file__).parent / "phrases"
_SEEDS = range(4)
_MISSING = "?"
_ROW = "{:18} {:>5} {:>11} {:>7} {:>6} {:>6} {:>7}".format
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
    | {"man", "woman", "headshot", "portrait"}
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
    for line in (_LABELS / name).read_text(encoding="utf-8").splitlines():
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


def _asked(kind: str, phrase: str, seed: int) -> PictureRequest:
    if kind == "prompt":
        return asked(base=phrase or None, seed=seed)
    if kind == "personality":
        return asked(traits=(phrase,) if phrase else (), seed=seed)
    attributes: dict[str, Any] = {kind: phrase} if phrase else {}
    return asked(seed=seed, **attributes)


def seen(one: PictureRequest) -> tuple[Seen, tuple[str, ...]]:
    plan = ENGINE.plan(one)
    person = decide_appearance(read_request(one), SeededRng(one.seed, one.persona.name))
    return Seen(plan.sent, person.gender, person.age), plan.notices


def judge(kind: str, judged: Judged) -> Verdict:
    drawn = [seen(_asked(kind, judged.phrase, seed)) for seed in _SEEDS]
    bare = [seen(_asked(kind, "", seed))[0] for seed in _SEEDS]
    notices = tuple(dict.fromkeys(notice for _, said in drawn for notice in said))
    changed = {a for (one, _), other in zip(drawn, bare, strict=True) for a in one.raw if one.raw[a] != other.raw[a]}
    verdict = Verdict(judged.phrase, "", wishes=len(judged.wishes), notices=notices)
    allowed = {aspect for wish, _ in judged.wishes for aspect in (wish, *_FOLLOWS.get(wish, "").split())}
    strange = sorted(changed - allowed - judged.allowed)
    unmet = [
        (aspect, values) for aspect, values in judged.wishes if not all(one.shows(aspect, values) for one, _ in drawn)
    ]
    verdict.right = verdict.wishes - len(unmet)
    dropped = [] if kind == "prompt" and len(judged.phrase) > 50 else dropped_words(kind, judged.phrase)
    unsaid = [aspect for aspect, values in unmet if not _is_said(judged.phrase, values, notices)]
    verdict.why = [f"changes {' '.join(strange)}"] if strange else []
    verdict.why += [
        f"no {aspect} {'|'.join(sorted(values))}: {drawn[0][0].raw.get(aspect, 'not drawn so')}"
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


def _spoken(kind: str, judged: Judged) -> Judged:
    """Return a phrase as a prompt says it: "ruby" alone may be about anything."""
    phrase = judged.phrase.removesuffix(" hair") if kind == "hair_color" else judged.phrase
    return judged._replace(phrase=_AS_PROMPT.get(kind, "{}").format(phrase))


def _is_said(phrase: str, values: frozenset[str], notices: tuple[str, ...]) -> bool:
    named = " ".join(notices).lower()
    words = {*_words(phrase)} - _FILLERS | {value.replace("-", " ") for value in values}
    return any(word in named for word in words)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("grey", "gray"))


def dropped_words(kind: str, phrase: str) -> list[str]:
    """Return the words without which the same is drawn, that no notice names, and that mean nothing elsewhere."""
    words = phrase.split()
    if len(words) == 1 and kind != "prompt":
        return []
    plans = [ENGINE.plan(_asked(kind, phrase, seed)) for seed in _SEEDS]
    named = " ".join(plans[0].notices)
    if "does not know" not in named:
        named = named.replace(f" of {kind.replace('_', ' ')} '{phrase}'", "")  # it says of what, not what is dropped
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
    kinds = ("style", "hair_style", "personality", "gender") if kind == "prompt" else (kind,)
    if not all(ENGINE.plan(_asked(one, word, 0)).notices for one in kinds):
        return True
    beside = " ".join(ENGINE.plan(_asked(kind, f"{word}, {_BESIDE[kind]}", 0)).notices)
    return not {*_words(word)}.isdisjoint(_words(beside.partition(f" of {kind.replace('_', ' ')} '")[0]))


def _recipe(kind: str, phrase: str, seed: int) -> Mapping[str, Any]:
    return ENGINE.plan(_asked(kind, phrase, seed)).sent


def main() -> int:
    given = _arguments()
    if given.path:
        return _others(json.loads(given.path.read_text(encoding="utf-8")), given.verbose)
    failures = 0
    by_kind: dict[str, list[Judged]] = {}
    for kind, judged in labels("attributes.txt"):
        by_kind.setdefault(kind, []).append(judged)
    print(_ROW("as attribute", "n", "whole", "partly", "said", "wrong", "silent"))
    for kind, phrases in by_kind.items():
        if kind != "prompt":
            verdicts = [judge(kind, one) for one in phrases]
            failures += _print_row(kind, verdicts)
            _list(given.verbose, f"attribute {kind}", verdicts)
    print(_ROW("as --prompt", "n", "whole", "partly", "said", "wrong", "silent"))
    for kind, phrases in by_kind.items():
        verdicts = [judge("prompt", _spoken(kind, one)) for one in phrases]
        failures += _print_row(kind, verdicts)
        _list(given.verbose, f"prompt {kind}", verdicts)
    for name in ("headshots", "colored_things"):
        verdicts = [judge("prompt", judged) for _, judged in labels(f"{name}.txt")]
        right, wishes = sum(one.right for one in verdicts), sum(one.wishes for one in verdicts)
        bad = Counter(one.outcome for one in verdicts)
        share = f"{right} of {wishes} wishes right ({right / wishes:.0%})"
        print(f"{name}: {share}; {bad['wrong']} wrong, {bad['silent']} silent")
        _list(given.verbose, name, verdicts)
    failures += _ages(_written_ages(), given.verbose)
    if unrated:
        print("drawings that are not judged:", ", ".join(sorted(unrated)))
    first, each = _speed()
    print(f"reading a request: {each:.2f} ms of 1 000, the first {first:.1f} ms")
    return 1 if failures else 0


def _print_row(name: str, verdicts: list[Verdict]) -> int:
    """Print the figures of some phrases; return how many are wrong or silent."""
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    whole = f"{outcomes['whole']} {outcomes['whole'] / len(verdicts):4.0%}"
    print(_ROW(name, len(verdicts), whole, *(outcomes[each] for each in ("partly", "said", "wrong", "silent"))))
    return outcomes["wrong"] + outcomes["silent"]


def _list(folder: Path | None, name: str, verdicts: list[Verdict]) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        bad = sorted((one for one in verdicts if one.outcome != "whole" or one.why), key=lambda one: one.outcome)
        text = "\n".join(map(str, reversed(bad)))
        (folder / f"{name.replace(' ', '-')}.txt").write_text(text + "\n", encoding="utf-8")


def _written_ages() -> Iterator[tuple[str, int]]:
    ways = (
        "a {} year old man", "man aged {}", "a {}-year-old woman", "portrait of a woman, {} years old", "woman, age {}",
        "a person of {} years",
    )  # fmt: skip
    for years in range(1, 101):
        for way in ways:
            yield way.format(years), years


def _ages(ages: Iterator[tuple[str, int]], folder: Path | None) -> int:
    read = [(prompt, years, read_request(asked(base=prompt)).age) for prompt, years in ages]
    wrong = [f"{prompt!r}: {found}" for prompt, years, found in read if found != years]
    print(f"ages: {len(read) - len(wrong)} of {len(read)}")
    if folder:
        (folder / "ages.txt").write_text("\n".join(wrong) + "\n", encoding="utf-8")
    return len(wrong)


def _others(phrases: Mapping[str, Any], folder: Path | None) -> int:
    """Print how phrases that nobody judged are read: wrong is not found out, and whole is what is said to be so."""
    failures = 0
    print(_ROW("unjudged", "n", "whole", "partly", "said", "", "silent"))
    for kind, texts in phrases.items():
        if kind == "ages":
            failures += _ages(((one["prompt"], one["age"]) for one in texts), folder)
            continue
        attribute = kind if kind in Attributes.__slots__ or kind == "personality" else "prompt"
        for as_kind in dict.fromkeys((attribute, "prompt")):
            verdicts = [_read(as_kind, text) for text in texts]
            failures += _print_row(f"{kind}{' *' if as_kind != attribute else ''}", verdicts)
            _list(folder, f"unjudged {kind} as {as_kind}", verdicts)
    return 1 if failures else 0


def _read(kind: str, text: str) -> Verdict:
    try:
        plans = [ENGINE.plan(_asked(kind, text, seed)) for seed in _SEEDS]
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


def _speed() -> tuple[float, float]:
    """Return what reading takes in ms: the first request of a process, and the mean of a thousand."""
    program = (
        "import time; from benchmarks.words import typical, read_request; one = typical();"
        "begun = time.perf_counter(); read_request(one); print(time.perf_counter() - begun)"
    )
    first = min(
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    )
    one = typical()
    times = []
    for _ in range(1000):
        begun = time.perf_counter()
        read_request(one)
        times.append(time.perf_counter() - begun)
    return first * 1000, mean(times) * 1000


def typical() -> PictureRequest:
    return asked(
        persona=Persona("Sarah Johnson", 32, personality=("friendly", "calm")),
        base="Professional headshot of a woman with shoulder-length hair wearing a navy blazer, smiling",
        gender="female",
        ethnicity="asian",
        hair_color="black",
        hair_style="long wavy",
        eye_color="brown",
        style="business",
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words", description=__doc__.partition("\n")[0])
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="JSON with other phrases, by attribute")
    parser.add_argument("--verbose", type=Path, metavar="DIR", help="write there what is not understood, and why")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
