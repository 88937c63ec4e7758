"""No change of a face is ever silent: two hundred drawings are what they were when they were last meant to change."""

import json
from typing import Any

import pytest

from avatar_creator.engines.offline.art import ART_STYLES
from avatar_creator.engines.offline.render import renderer_version
from avatar_creator.engines.offline.rules import RULES
from engines.offline import golden

KEPT: dict[str, Any] = json.loads(golden.KEPT.read_text(encoding="utf-8"))
AGAIN = "If that is meant: python tests/engines/offline/golden.py"


@pytest.fixture(scope="module")
def drawings() -> dict[str, golden.Drawing]:
    return {golden.describe(n): golden.draw(n) for n in range(golden.PEOPLE)}


def test_two_hundred_people_are_kept_and_each_is_another() -> None:
    assert len(KEPT["drawings"]) == golden.PEOPLE == len({kept["svg"] for kept in KEPT["drawings"].values()})


def test_they_are_drawn_by_the_rules_of_today() -> None:
    assert KEPT["rules"] == RULES, AGAIN


def test_every_art_style_is_among_them() -> None:
    assert set(golden.ART_STYLES) == set(ART_STYLES)


def test_drawings_are_what_they_were(drawings: dict[str, golden.Drawing]) -> None:
    assert _changed(drawings, "svg") == [], AGAIN


def test_pixels_are_what_they_were(drawings: dict[str, golden.Drawing]) -> None:
    if KEPT["renderer"] != renderer_version():  # another libvips smooths edges in other ways
        pytest.skip(f"the pixels kept are those of {KEPT['renderer']}")
    assert _changed(drawings, "pixels") == [], AGAIN


def _changed(drawings: dict[str, golden.Drawing], what: str) -> list[str]:
    kept = KEPT["drawings"]
    return [name for name, drawing in drawings.items() if kept.get(name, {}).get(what) != getattr(drawing, what)]
