"""Metadata of openpeople."""

from known_files import opened

from avatar_creator.domain.attributes import Attributes
from avatar_creator.persona_files.kinds.openpeople import ancestry, skin


def test_what_is_seen_of_people_is_read() -> None:
    file, (first, second) = opened("openpeople.jsonl")
    assert file.kind == "openpeople"
    assert first.persona_id == "X001"
    assert first.prompt == "short, natural curly black hair"
    assert first.attributes == Attributes(
        gender="female",
        age_range="35-45",
        ethnicity="North African and Middle Eastern",
        body_type="athletic",
        skin_tone="light",
    )
    assert second.prompt == "Full, dark beard with clean edges"
    assert second.attributes.ethnicity == "Middle Eastern and Asian"


def test_shares_and_scales_are_read_and_other_words_stay() -> None:
    assert ancestry("100% Korean") == "Korean"
    assert ancestry("Korean") == "Korean"
    assert ancestry(None) is None
    assert skin("Fitzpatrick type VI") == "deep"
    assert skin("olive") == "olive"
