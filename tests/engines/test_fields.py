"""The options of engines, as fields."""

import pytest

from avatar_creator.engines.fields import FIELDS
from avatar_creator.engines.table import OPTIONS
from avatar_creator.errors import InvalidInput


def test_every_option_is_a_field_of_its_kind() -> None:
    for name, option in OPTIONS.items():
        assert (FIELDS[name].kind, FIELDS[name].flag) == (option.kind, option.flag)


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("Art style", "art_style"), ("artStyle", "art_style"), ("timeout", "timeout_s"), ("LoRA scale", "lora_scale")],
)
def test_options_have_other_spellings(spelling: str, name: str) -> None:
    assert FIELDS.normalised(spelling) == name


def test_words_that_are_known_are_read_in_any_case() -> None:
    assert FIELDS["engine"].read("OFFLINE") == "offline"
    assert FIELDS["art_style"].read("Micah") == "micah"
    with pytest.raises(InvalidInput, match="engine is 'dalle', which is not known"):
        FIELDS["engine"].read("dalle")
