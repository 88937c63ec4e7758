"""What sets people of one cast apart."""

from itertools import combinations, pairwise
from typing import Any

import pytest

from avatar_creator.casts.people import CastSpec, people
from avatar_creator.casts.tables.colors import BACKGROUNDS, CLOTHES, SOBER, SOBER_CLOTHES
from avatar_creator.casts.weighting import even
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.appearance import Appearance
from avatar_creator.engines.offline.engine import Composition

BALANCED = even(["gender", "age", "ethnicity"])


def composed(row: PersonaRow) -> Composition:
    prompt = build_prompt(row.persona, row.attributes, row.prompt)
    return Composition(PictureRequest(row.persona, row.attributes, prompt, row.number))


def drawn(prompt: str) -> Appearance:
    return Composition(
        PictureRequest(Persona(), Attributes(), build_prompt(Persona(), Attributes(), prompt), 1)
    ).appearance


def said(row: PersonaRow) -> tuple[str, ...]:
    return tuple((row.prompt or "").split(", ")[1:])


def seen(row: PersonaRow) -> tuple[object, ...]:
    return (row.attributes, (row.persona.age or 0) // 10, row.persona.personality[0], said(row))


def test_colors_are_far_enough_apart() -> None:
    clothes = [drawn(f"{color} clothes").colors["clothes"] for color in (*CLOTHES, *SOBER_CLOTHES)]
    backgrounds = [drawn(f"{color} background").colors["background"] for color in BACKGROUNDS]
    assert all(palette.distance(one, other) > 15 for one, other in combinations(dict.fromkeys(clothes), 2))
    assert all(palette.distance(one, other) > 9 for one, other in combinations(backgrounds, 2))
    assert all(palette.distance(one, other) > 15 for one in clothes for other in backgrounds)
    assert all(palette.distance(one, other) > 13 for one in palette.SKIN.values() for other in backgrounds)


def test_the_first_people_share_no_clothes_with_the_same_background() -> None:
    rows = list(people(CastSpec(7, 200, BALANCED, fixed={"style": "casual"})))
    assert len({said(row) for row in rows}) == 200
    for one, other in pairwise(rows):
        assert not set(said(one)) & set(said(other))


def test_of_two_people_in_clothes_of_one_kind_none_share_them_with_the_background() -> None:
    rows = list(people(CastSpec(7, 221, BALANCED)))
    sober = [said(row) for row in rows[:130] if row.attributes.style in SOBER]
    others = [said(row) for row in rows if row.attributes.style not in SOBER]
    assert len(sober) > 20
    assert (len(set(sober)), len(set(others))) == (len(sober), len(others))


@pytest.mark.parametrize("fixed", [{}, {"style": "business"}, {"hair_style": "short", "gender": "male", "age": "25"}])
def test_nobody_is_like_somebody_else_in_all_that_is_seen(fixed: dict[str, str]) -> None:
    rows = list(people(CastSpec(7, 5000, BALANCED, fixed=fixed)))
    assert len({seen(row) for row in rows}) == 5000


def test_the_offline_engine_draws_these_colors_and_has_nothing_to_say() -> None:
    for row in people(CastSpec(7, 400, even(["gender", "age", "style"]))):
        drawing = composed(row)
        assert drawing.notices == ()
        colors = drawn(row.prompt or "").colors
        assert drawing.appearance.colors["background"] == colors["background"]
        assert drawing.appearance.colors["clothes"] == colors["clothes"]
        assert "by chance" not in drawing.drawn["background"]


@pytest.mark.parametrize("prompt", ["in front of a red wall", "on a beach background", "against the sky"])
def test_a_background_of_the_users_is_the_only_one(prompt: str) -> None:
    for row in people(CastSpec(7, 20, prompt=prompt)):
        assert (row.prompt or "").startswith(prompt)
        assert (row.prompt or "").count(" background") == prompt.count(" background")
        assert " clothes" in (row.prompt or "")


@pytest.mark.parametrize("more", [{"prompt": "wearing a red hoodie"}, {"fixed": {"style": "red sweater"}}])
def test_clothes_of_the_users_are_the_only_ones(more: dict[str, Any]) -> None:
    for row in people(CastSpec(7, 20)._replace(**more)):
        assert " clothes" not in (row.prompt or "")
        assert " background" in (row.prompt or "")


def test_a_prompt_as_long_as_may_be_stands_alone() -> None:
    prompt = "x" * 1999
    assert {row.prompt for row in people(CastSpec(7, 3, prompt=prompt))} == {prompt}


def test_suits_have_the_colors_of_suits() -> None:
    for row in people(CastSpec(7, 100, fixed={"style": "formal"})):
        assert said(row)[0].removesuffix(" clothes") in SOBER_CLOTHES


def test_another_style_of_dress_leaves_the_background() -> None:
    casual, formal = (list(people(CastSpec(7, 300, fixed={"style": style}))) for style in ("casual", "formal"))
    assert [said(row)[1] for row in casual] == [said(row)[1] for row in formal]
