"""Lists of the files of UTKFace."""

import pytest
from known_files import FIXTURES

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona_row import BadRow, PersonaRow
from avatar_creator.persona_files import open_persona_file
from avatar_creator.persona_files.kinds.utkface import part


def test_names_of_files_say_age_gender_and_race() -> None:
    file = open_persona_file(FIXTURES / "utkface.txt")
    *people, without_race = file.rows()
    assert file.kind == "UTKFace"
    assert [(row.persona_id, row.persona.age, row.attributes) for row in people if isinstance(row, PersonaRow)] == [
        ("26_1_0_20170104183517881.jpg", 26, Attributes(gender="female", ethnicity="white")),
        ("61_0_3_20170109150557335.jpg.chip.jpg", 61, Attributes(gender="male", ethnicity="indian")),
        ("9_1_4_20161223214826989.jpg", 9, Attributes(gender="female")),
    ]
    assert isinstance(without_race, BadRow)
    assert without_race.problems[0].message == "Nothing says who the picture shows."


@pytest.mark.parametrize("name", ["26_2_0_20170104183517881.jpg", "26_1_0.jpg", "holiday.jpg", "26_1_5_20170104.jpg"])
def test_other_names_say_nothing(name: str) -> None:
    assert part(1, name) is None
