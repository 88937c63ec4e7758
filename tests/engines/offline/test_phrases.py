"""What people write is drawn, drawn as the nearest thing, or said; nothing is drawn wrong or dropped in silence."""

from functools import cache

import pytest

from phrases.judge import Judged, judge, labels, spoken

pytestmark = pytest.mark.no_cover  # thousands of phrases on the same lines, which other tests measure

judged_once = cache(judge)  # thousands of drawings
LABELS: dict[str, list[Judged]] = {}
for section, judged in labels("attributes.txt"):
    LABELS.setdefault(section, []).append(judged)


@pytest.mark.parametrize("kind", [kind for kind in LABELS if kind != "prompt"])
def test_values_of_attributes_are_drawn_or_said(kind: str) -> None:
    assert _faults(kind, LABELS[kind]) == []


@pytest.mark.parametrize("kind", LABELS)
def test_the_same_words_in_a_prompt_are_drawn_or_said(kind: str) -> None:
    assert _faults("prompt", [spoken(kind, one) for one in LABELS[kind]]) == []


@pytest.mark.parametrize("name", ["headshots.txt", "colored_things.txt"])
def test_descriptions_are_drawn_or_said(name: str) -> None:
    assert _faults("prompt", [one for _, one in labels(name)]) == []


def test_nine_of_ten_wishes_of_headshots_are_drawn() -> None:
    verdicts = [judged_once("prompt", one) for _, one in labels("headshots.txt")]
    assert sum(one.right for one in verdicts) >= 0.9 * sum(one.wishes for one in verdicts)


def _faults(kind: str, phrases: list[Judged]) -> list[str]:
    verdicts = [judged_once(kind, one) for one in phrases]
    return [str(verdict) for verdict in verdicts if verdict.outcome in {"wrong", "silent"}]
