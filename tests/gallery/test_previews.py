"""Small pictures: in order, whatever becomes of one of them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.domain.records import Avatar
from avatar_creator.gallery.previews import with_previews
from sample_records import an_avatar


@pytest.fixture
def people(tmp_path: Path) -> list[Avatar]:
    avatars = [an_avatar(id=f"av_{n}", thumbnail_path=tmp_path / f"{n}.jpg") for n in range(30)]
    for n, avatar in enumerate(avatars):
        Image.new("RGB", (300, 300), (n * 8, 0, 0)).save(avatar.thumbnail_path)
    return avatars


def red(data: bytes | None) -> int:
    assert data is not None
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("WEBP", (150, 150))
        pixel = image.convert("RGB").getpixel((75, 75))
        assert isinstance(pixel, tuple)
        return int(pixel[0])


def test_they_come_in_order(people: list[Avatar]) -> None:
    said: list[str] = []
    made = list(with_previews(people, 150, said.append))
    assert [avatar for avatar, _ in made] == people
    assert all(abs(red(data) - n * 8) < 6 for n, (_, data) in enumerate(made))
    assert said == []


def test_what_is_gone_or_damaged_is_said_and_left_out(people: list[Avatar]) -> None:
    people[3].thumbnail_path.unlink()
    people[4].thumbnail_path.write_bytes(b"no picture")
    people[5].thumbnail_path.write_bytes(people[6].thumbnail_path.read_bytes()[:400])
    people[7].thumbnail_path.unlink()
    people[7].thumbnail_path.mkdir()
    said: list[str] = []
    made = list(with_previews(people, 150, said.append))
    assert [n for n, (_, data) in enumerate(made) if data is None] == [3, 4, 5, 7]
    assert [sentence.split()[3] for sentence in said] == ["av_3", "av_4", "av_5", "av_7"]
    assert said[0] == "The thumbnail of av_3 cannot be read: No such file or directory."


def test_few_are_read_ahead(people: list[Avatar]) -> None:
    asked: list[str] = []

    def counted() -> Iterator[Avatar]:
        for avatar in people * 100:
            asked.append(avatar.id)
            yield avatar

    made = with_previews(counted(), 150, pytest.fail)
    next(made)
    made.close()  # type: ignore[attr-defined]
    assert len(asked) < 500
