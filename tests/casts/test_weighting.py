"""Quotas of a cast: even ones, and those by weights."""

import math

import pytest

from avatar_creator.casts.weighting import even, in_order, weighted
from avatar_creator.domain.quotas import Quota
from avatar_creator.errors import InvalidInput


def test_even_quotas_are_over_the_usual_values_or_those_that_are_given() -> None:
    (gender, locale) = even(["Gender", "locale"], {"locale": ["de_DE", "ja_JP", "de_DE"]}).parts
    assert gender == Quota(("gender",), {("female",): 1 / 3, ("male",): 1 / 3, ("non-binary",): 1 / 3})
    assert locale == Quota(("locale",), {("de_DE",): 0.5, ("ja_JP",): 0.5})


def test_an_axis_without_values_is_refused() -> None:
    with pytest.raises(InvalidInput, match="No values are given for locale"):
        even(["locale"])


def test_an_axis_has_one_quota() -> None:
    with pytest.raises(InvalidInput, match="gender has more than one quota"):
        even(["gender", "Gender"])
    joint = weighted(["gender", "age"], {("female", "young"): 1})
    with pytest.raises(InvalidInput, match="age has more than one quota"):
        in_order([joint, *even(["age"]).parts])


def test_weights_add_up_to_one() -> None:
    assert weighted(["gender"], {("female",): 3, ("male",): 1, ("x",): 0}).cells == {("female",): 0.75, ("male",): 0.25}
    assert weighted(["gender"], {("female",): 1e308, ("male",): 1e308}).cells == {("female",): 0.5, ("male",): 0.5}


@pytest.mark.parametrize(
    ("weight", "message"),
    [(-1, "less than 0"), (math.nan, "no finite number"), (math.inf, "no finite number"), (0, "add up to 0")],
)
def test_weights_that_are_none_are_refused(weight: float, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        weighted(["gender"], {("female",): weight})
