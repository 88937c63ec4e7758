import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, Embed, PictureFormat
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.errors import InvalidInput

SEEDS = st.integers(SEED_LEAST, SEED_MOST)
SARAH = Persona("Sarah Johnson", 32)


def request(
    persona: Persona = SARAH, attributes: Attributes | None = None, base: str | None = None, **given_: Any
) -> GenerationRequest:
    attributes = attributes or Attributes()
    defaults: dict[str, Any] = {"project": "default", "engine": "offline", "seed": 42}
    prompt = build_prompt(persona, attributes, base)
    return GenerationRequest(persona=persona, attributes=attributes, prompt=prompt, **defaults | given_)


@given(SEEDS, st.integers(1, 300))
def test_seeds_are_different_and_within_their_limits_and_the_first_is_as_given(seed: int, count: int) -> None:
    seeds = list(request(seed=seed, count=count).seeds())
    assert seeds[0] == seed
    assert len(set(seeds)) == len(seeds) == count
    assert all(SEED_LEAST <= each <= SEED_MOST for each in seeds)
    assert list(request(seed=seed, count=count).seeds()) == seeds


@pytest.mark.parametrize("given_", [{"seed": 1}, {"seed": SEED_MOST}, {"width_px": 64}, {"height_px": 2048}])
def test_limits_are_allowed(given_: dict[str, Any]) -> None:
    (name,) = given_
    assert getattr(request(**given_), name) == given_[name]


@pytest.mark.parametrize("value", [0, -1, 2**31, True, 1.0, "7"])
def test_a_seed_outside_its_limits_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^seed is .*(outside 1 to 2147483647|no whole number)"):
        request(seed=value)


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize("value", [63, 2049, 0, True])
def test_a_side_outside_its_limits_is_refused(side: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=f"^{side} is .*(outside 64 to 2048|no whole number)"):
        request(**{f"{side}_px": value})


@pytest.mark.parametrize("seed", [1, 46, SEED_MOST])  # the hashes of 46 meet each other once
def test_ten_thousand_seeds_are_different(seed: int) -> None:
    seeds = list(request(seed=seed, count=10_000).seeds())
    assert len(set(seeds)) == len(seeds) == 10_000
    assert SEED_LEAST <= min(seeds) < max(seeds) <= SEED_MOST


def test_fewer_pictures_are_the_first_of_more() -> None:
    assert list(request(count=10).seeds()) == list(request(count=100).seeds())[:10]


def test_seeds_are_the_same_in_every_version() -> None:
    """A cast is made again from its first seed alone, so these never change."""
    assert list(request(seed=42, count=3).seeds()) == [42, 43165534, 1931099983]


def test_neighbouring_first_seeds_share_no_picture() -> None:
    every = [seed for first in range(1, 51) for seed in request(seed=first, count=100).seeds()]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"count": 0}, "count is '0', outside 1 to 10000"),
        ({"count": 10_001}, "count is '10001', outside 1 to 10000"),
        ({"count": True}, "count is 'True'"),
        ({"seed": 0}, "seed is '0', outside 1 to 2147483647"),
        ({"seed": 2**31}, "seed is '2147483648'"),
        ({"jpeg_quality": 0}, "JPEG quality is '0', outside 1 to 100"),
        ({"jpeg_quality": 101}, "JPEG quality is '101'"),
        ({"width_px": 63}, "width is '63', outside 64 to 2048"),
        ({"height_px": 2049}, "height is '2049'"),
        ({"name": "x" * 101}, "name has 101 characters, at most 100"),
        ({"name": "  "}, "name is empty"),
        ({"name": "\x1b[2J"}, "name holds the control character"),
    ],
)
def test_a_value_outside_its_limits_is_refused_by_name(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        request(**given_)


def test_a_request_for_nobody_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Nothing says who the picture shows") as refused:
        request(Persona(), name="Somebody")
    assert "--persona-name" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("persona", "attributes", "base", "name", "expected"),
    [
        (SARAH, None, "in an office", "The boss", "The boss"),
        (SARAH, None, "in an office", "  The \t boss ", "The boss"),
        (SARAH, None, "in an office", "", "Sarah Johnson"),
        (Persona(age=32), None, "in an office", "", "in an office"),
        (
            Persona(),
            None,
            "smiling at the window of a bright modern office",
            "",
            "smiling at the window of a bright modern",
        ),
        (
            Persona(),
            None,
            "smiling at the windows of a modern house at sea",
            "",
            "smiling at the windows of a modern house",
        ),
        (Persona(age=32), None, None, "", "Avatar"),
        (Persona(), Attributes(gender="female"), None, "", "Avatar"),
    ],
)
def test_an_avatar_without_a_name_is_called_after_its_persona_or_prompt(
    persona: Persona, attributes: Attributes | None, base: str | None, name: str, expected: str
) -> None:
    assert request(persona, attributes, base, name=name).name == expected


def test_one_picture_is_asked_for_with_its_own_seed_and_all_else_of_the_request() -> None:
    asked = request(
        seed=1, width_px=512, height_px=640, format=PictureFormat.PNG, jpeg_quality=7, options={"art_style": "bottts"}
    )
    picture = asked.picture(99)
    assert (picture.seed, picture.width_px, picture.height_px) == (99, 512, 640)
    assert (picture.format, picture.jpeg_quality, picture.options) == (PictureFormat.PNG, 7, {"art_style": "bottts"})
    assert (picture.persona, picture.attributes, picture.prompt) == (SARAH, Attributes(), asked.prompt)


def test_format_and_embed_may_be_given_as_texts() -> None:
    asked = request(format="webp", embed="none")
    assert (asked.format, asked.embed) == (PictureFormat.WEBP, Embed.NONE)
    with pytest.raises(InvalidInput, match="format is 'gif', which does not exist"):
        request(format="gif")
    with pytest.raises(InvalidInput, match="embed is 'all', which does not exist"):
        request(embed="all")


def test_what_a_row_keeps_of_a_request() -> None:
    kept = request(base="in an office", options={"art_style": "bottts"}).as_json()
    assert json.loads(json.dumps(kept)) == kept
    assert " ".join(kept) == (
        "name persona attributes prompt prompt_style full_prompt negative_prompt "
        "width_px height_px format jpeg_quality embed options commercial preset"
    )
    assert (kept["prompt"], kept["format"], kept["embed"]) == ("in an office", "jpeg", "recipe")


@pytest.mark.parametrize(
    "field", ["name", "width_px", "format", "jpeg_quality", "embed", "options", "commercial", "preset"]
)
def test_what_a_row_of_an_older_version_does_not_name_has_its_default(field: str) -> None:
    asked = request()
    kept = asked.as_json()
    del kept[field]
    assert GenerationRequest.from_json(kept, project="default", engine="offline", seed=42) == asked


def test_what_only_a_newer_version_knows_is_left_out() -> None:
    asked = request()
    kept = asked.as_json() | {"wings": "two", "attributes": asked.attributes.as_json() | {"wings": "two"}}
    assert GenerationRequest.from_json(kept, project="default", engine="offline", seed=42) == asked


@pytest.mark.parametrize("broken", [{"persona": []}, {"persona": {"age": True}}, {"full_prompt": 1}, {"options": []}])
def test_a_row_that_cannot_be_read_is_refused_with_a_hint(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="another version of avatar") as raised:
        GenerationRequest.from_json(request().as_json() | broken, project="default", engine="offline", seed=42)
    assert "avatar generate" in (raised.value.hint or "")
