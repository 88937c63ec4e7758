"""The rules of drawings: a recipe names them, and asked for others nothing is drawn."""

from typing import Any

import pytest

from avatar_creator.engines.offline.rules import RULES, check_rules
from avatar_creator.errors import InvalidInput
from engines.offline.drawings import ENGINE, Quiet, asked, planned


def test_a_plan_and_a_picture_name_the_rules() -> None:
    picture = ENGINE.generate(asked(), Quiet())
    assert picture.options == planned().options == {"art_style": "avataaars", "drawing_rules": RULES}


@pytest.mark.parametrize("rules", [None, RULES])
def test_the_rules_of_today_are_drawn_by(rules: int | None) -> None:
    assert planned(options={"drawing_rules": rules}).sent == planned().sent


def test_a_recipe_can_be_drawn_again() -> None:
    first = ENGINE.generate(asked(seed=5, age=44), Quiet())
    again = ENGINE.generate(asked(seed=5, age=44, options=dict(first.options)), Quiet())
    assert again.data == first.data


def test_earlier_rules_are_refused() -> None:
    for draw in (ENGINE.plan, lambda request: ENGINE.generate(request, Quiet())):
        with pytest.raises(InvalidInput) as refused:
            draw(asked(options={"art_style": "avataaars", "drawing_rules": 1}))
        assert refused.value.message == (
            f"drawing rules is 1, and this version draws by {RULES}: it would be another drawing."
        )
        assert "rules 1 are those of an older avatar" in str(refused.value.hint)


def test_later_rules_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_rules(RULES + 1)
    assert f"rules {RULES + 1} are those of a newer avatar" in str(refused.value.hint)


@pytest.mark.parametrize("rules", [0, -1, 10_000, True, "2", 2.0, 2**80])
def test_what_is_no_number_of_rules_is_refused(rules: Any) -> None:
    with pytest.raises(InvalidInput, match="drawing rules"):
        planned(options={"drawing_rules": rules})
