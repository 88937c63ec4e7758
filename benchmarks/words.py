"""Whether people's own words are understood. Run: python -m benchmarks.words.

For each phrase of `tests/phrases/` it plans the drawings of four people, as the attribute and as ``--prompt``, and
prints how many are understood whole, in part, said not to be understood, drawn wrong, or dropped in silence: see
`tests/phrases/judge.py`. Targets: nothing wrong nor silent, whole 60 % of hair, color, skin, ethnicity and personality,
40 % of dress.

Of descriptions of headshots the wishes are counted (target: 90 %), of prompts that name an age the ages that are drawn,
and of colored things those in their color (targets: all). With a PATH to JSON of the form {"hair_style": [...], "ages":
[{"prompt": ..., "age": ...}]}, the phrases in it are taken, which nobody judged: what is dropped in silence, and ages.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureRequest
from avatar_creator.engines.offline.request_reader import read_request
from engines.offline.drawings import asked
from phrases.judge import Judged, Verdict, judge, labels, read, spoken
from phrases.seen import unrated

_ROW = "{:18} {:>5} {:>11} {:>7} {:>6} {:>6} {:>7}".format


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
        verdicts = [judge("prompt", spoken(kind, one)) for one in phrases]
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
            verdicts = [read(as_kind, text) for text in texts]
            failures += _print_row(f"{kind}{' *' if as_kind != attribute else ''}", verdicts)
            _list(folder, f"unjudged {kind} as {as_kind}", verdicts)
    return 1 if failures else 0


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
