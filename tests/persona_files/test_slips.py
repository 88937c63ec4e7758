"""Names of columns with a slip of the fingers."""

import pytest

from avatar_creator.domain.fields import FIELDS
from avatar_creator.persona_files.slips import slip_of


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("gendr", "gender"),
        ("gneder", "gender"),
        ("egnder", "gender"),
        ("presona_name", "persona_name"),
        ("persona_nmae", "persona_name"),
        ("nmae", "persona_name"),
        ("hair_colr", "hair_color"),
        ("Hair Colur", "hair_color"),
        ("ethncity", "ethnicity"),
        ("ethinicty", "ethnicity"),
        ("persnality", "personality"),
        ("backgroud", "background"),
        ("promt", "prompt"),
    ],
)
def test_a_slip_is_recognised(column: str, field: str) -> None:
    assert slip_of(column, FIELDS) == field


@pytest.mark.parametrize(
    "column",
    [
        *("page", "city", "county", "country", "weight", "status", "state", "title", "notes", "stage", "email"),
        *("quote", "Zitat", "frame", "game", "tender", "mode", "sentiment", "marital_status", "locale", "score"),
        *("company", "customer", "phone", "address", "language", "income", "hobbies", "goals", "pain_points", "group"),
    ],
)
def test_another_word_is_no_slip(column: str) -> None:
    assert slip_of(column, FIELDS) is None
