import pytest

from avatar_creator.domain.license import License, require_commercial
from avatar_creator.errors import InvalidInput

FREE = License("a/free", "Apache-2.0", "https://a.example", "yes", "no")
BOUND = License("b/bound", "NC", "https://b.example", "no", "yes")
ALSO_BOUND = BOUND._replace(of="c/bound")
UNCLEAR = License("d/unclear", "Own Terms", "https://d.example")
UNKNOWN = License("e/unknown")


@pytest.mark.parametrize(
    ("license_", "said"),
    [
        (FREE, "a/free: Apache-2.0, commercial use: yes (https://a.example)"),
        (BOUND, "b/bound: NC, commercial use: no; review pictures before you publish them (https://b.example)"),
        (
            UNCLEAR,
            "d/unclear: Own Terms, commercial use: unknown; read it before you publish pictures (https://d.example)",
        ),
        (UNKNOWN, "e/unknown: licence unknown; read it before you use or publish pictures"),
    ],
)
def test_a_licence_says_what_it_allows_and_what_is_unknown(license_: License, said: str) -> None:
    assert str(license_) == said


def test_a_licence_is_read_from_a_recipe_whatever_it_lacks_or_has_more() -> None:
    assert License.from_json(BOUND._asdict()) == BOUND
    assert License.from_json({"of": "e/unknown", "later": 1}) == UNKNOWN


def test_what_may_be_used_commercially_passes() -> None:
    require_commercial([FREE, FREE], instead="--model x")


@pytest.mark.parametrize(
    ("licenses", "message"),
    [
        ([FREE, BOUND], "b/bound is not for commercial use (NC)."),
        ([UNKNOWN, BOUND, ALSO_BOUND], "b/bound and c/bound are not for commercial use (NC)."),
        ([FREE, UNKNOWN], "It is not known whether e/unknown may be used commercially (licence: unknown)."),
        ([UNCLEAR], "It is not known whether d/unclear may be used commercially (licence: Own Terms)."),
    ],
)
def test_what_may_not_is_named_with_what_may(licenses: list[License], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        require_commercial(licenses, instead="--model x")
    assert caught.value.message == message
    assert caught.value.hint is not None
    assert ": --model x. " in caught.value.hint
    assert "leave out --commercial, and the setting of that name: avatar config unset commercial" in caught.value.hint
