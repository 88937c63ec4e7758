"""Values that people cannot have beside others."""

import pytest

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.exclusions import EXCLUDED_BY, excluded


@pytest.mark.parametrize(
    "style", ["bald", "Shaved bald", "shaved head", "shaved-head", "no hair", "bald with a beard", "kahl"]
)
def test_who_is_bald_has_no_color_of_hair(style: str) -> None:
    assert excluded({"hair_style": style, "hair_color": "red", "gender": "male"}) == ["hair_color"]


@pytest.mark.parametrize("style", ["balding", "bald fade", "bald-fade", "bob", "", None, 3])
def test_everybody_else_may_have_one(style: object) -> None:
    assert excluded({"hair_style": style, "hair_color": "red"}) == []


def test_what_excludes_an_attribute_is_one_that_is_decided_before() -> None:
    order = [attribute.name for attribute in ATTRIBUTES]
    for axis, by in EXCLUDED_BY.items():
        assert order.index(by) < order.index(axis), "allocation gives axes in this order"
