"""Labels of FairFace."""

from known_files import opened

from avatar_creator.domain.attributes import Attributes


def test_labels_say_who_is_in_which_file() -> None:
    file, rows = opened("fairface_label.csv")
    assert file.kind == "FairFace"
    assert [row.persona_id for row in rows] == ["val/1.jpg", "val/2.jpg", "val/3.jpg"]
    assert [row.attributes for row in rows] == [
        Attributes(gender="male", age_range="3-9 years old", ethnicity="east-asian"),
        Attributes(gender="female", age_range="50-59 years old", ethnicity="hispanic"),
        Attributes(gender="female", age_range="more than 70 years old", ethnicity="middle-eastern"),
    ]
    assert file.unused == ("service_test",)
