"""What rows may hold."""

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.records import FORMATS


def test_rows_have_the_formats_that_there_are() -> None:
    assert {each.value for each in PictureFormat} == FORMATS
