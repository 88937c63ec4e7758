"""Portraits of real people pass, and each of them spoilt is refused with the right word."""

import io

import pytest
from PIL import Image

from avatar_creator.decoding import isolated
from avatar_creator.domain.check import Check
from avatar_creator.errors import NotConfigured
from avatar_creator.quality import checking
from portraits import FAULTS, PORTRAITS, encoded, portrait


def words(image: Image.Image, check: Check = Check.FACE, known: str = "JPEG") -> list[str]:
    return [fault.word for fault in checking.faults(encoded(image, known), check)]


@pytest.mark.parametrize("name", PORTRAITS)
def test_real_portraits_pass(name: str) -> None:
    image = portrait(name)
    assert words(image) == []
    assert words(image.resize((image.width * 3, image.height * 3)), known="PNG") == []
    assert words(image.convert("L"), known="WEBP") == []


def test_a_slight_tilt_passes() -> None:
    assert words(portrait().rotate(12, expand=True, fillcolor=(140, 140, 140))) == []


@pytest.mark.parametrize("word", FAULTS)
def test_a_spoilt_portrait_is_refused_with_the_right_word(word: str) -> None:
    assert words(FAULTS[word](portrait()))[:1] == [word]


@pytest.mark.parametrize("degrees", [40, 90, 135, 180, 270])
@pytest.mark.parametrize("name", PORTRAITS)
def test_a_picture_that_is_turned_is_found(name: str, degrees: int) -> None:
    assert words(portrait(name).rotate(degrees, expand=True, fillcolor=(140, 140, 140))) == ["turned"]


def test_a_camera_s_orientation_is_heeded() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = portrait().rotate(90, expand=True)
    file = io.BytesIO()
    lying.save(file, "JPEG", exif=exif)
    assert checking.faults(file.getvalue(), Check.FACE) == ()


def test_without_a_search_for_faces_only_the_picture_is_judged() -> None:
    found = {word: words(spoil(portrait()), Check.BASIC) for word, spoil in FAULTS.items()}
    assert {word for word, faults in found.items() if faults[:1] == [word]} == {"black", "flat", "small", "aspect"}
    assert found["turned"] == found["blurred"] == found["crowded"] == words(portrait(), Check.BASIC) == []


def test_a_thumbnail_shows_the_face_and_is_square() -> None:
    """Far from the middle of a tall picture, where a thumbnail of its middle would show none."""
    tall = Image.new("RGB", (800, 1600), (150, 160, 170))
    tall.paste(portrait(), (0, 1000))
    thumbnail = checking.face_thumbnail(encoded(tall))
    assert thumbnail is not None
    with Image.open(io.BytesIO(thumbnail)) as image:
        assert (image.size, image.format, image.mode) == ((300, 300), "JPEG", "RGB")
    (face,) = isolated.measure(thumbnail, 300**2, with_faces=True).faces or ()
    assert 0.4 < face.bottom - face.top < 0.6
    assert 0.4 < (face.left + face.right) / 2 < 0.6


def test_without_a_face_or_the_extra_there_is_no_thumbnail_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checking.face_thumbnail(encoded(FAULTS["faceless"](portrait()))) is None
    assert checking.face_thumbnail(b"") is None
    monkeypatch.setattr(isolated, "FACES_PACKAGE", "no_such_package")
    assert checking.face_thumbnail(encoded(portrait())) is None


def test_what_is_no_picture_is_damaged() -> None:
    (fault,) = checking.faults(encoded(portrait())[:5000], Check.FACE)
    assert (fault.word, fault.said) == ("damaged", "The picture is cut short.")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "FACES_PACKAGE", "no_such_package")
    for run in (lambda: checking.require(Check.FACE), lambda: checking.faults(b"", Check.FACE)):
        with pytest.raises(NotConfigured) as caught:
            run()
        assert caught.value.hint == "Install it: pip install 'avatar-creator[faces]'"
    checking.require(Check.BASIC)
