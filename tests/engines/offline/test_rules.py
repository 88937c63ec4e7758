"""The rules of drawings: a recipe names them, and asked for others nothing is drawn."""

from typing import Any

import pytest

from avatar_creator._version import __version__
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


def test_earlier_rules_are_refused_with_the_version_that_draws_by_them() -> None:
    for draw in (ENGINE.plan, lambda request: ENGINE.generate(request, Quiet())):
        with pytest.raises(InvalidInput) as refused:
            draw(asked(options={"art_style": "avataaars", "drawing_rules": 1}))
        assert refused.value.message == (
            f"drawing rules is 1, and this version draws by {RULES}: it would be another drawing."
        )
        assert "pip install 'avatar-creator==0.1.0'" in str(refused.value.hint)
    assert __version__ != "0.1.0"


def test_later_rules_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_rules(RULES + 1)
    assert "pip install --upgrade avatar-creator" in str(refused.value.hint)


@pytest.mark.parametrize("rules", [0, -1, 10_000, True, "2", 2.0, 2**80])
def test_what_is_no_number_of_rules_is_refused(rules: Any) -> None:
    with pytest.raises(InvalidInput, match="drawing rules"):
        planned(options={"drawing_rules": rules})
