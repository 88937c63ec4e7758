import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_files import camera_exif
from PIL import Image

from avatar_creator.storage.pictures import exif
from avatar_creator.storage.pictures.exif import Exif

FULL: dict[str, Any] = {
    "width_px": 640,
    "height_px": 480,
    "orientation": 1,
    "is_srgb": True,
    "software": "avatar-creator 0.1.0",
    "artist": "Ann Ö",
    "rights": "© Ann",
    "user_comment": "prompt 🚀 שרה",
}


def test_what_a_camera_says() -> None:
    said = exif.read(camera_exif(8))
    assert said == Exif(8, "Acme", "Eye 9", "SN-77", "EyeOS 4", None, has_gps=True)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_which_side_is_up_is_read_back(orientation: int) -> None:
    block = exif.turned(orientation)
    assert exif.read(block) == Exif(orientation)
    read = Image.Exif()
    read.load(block)
    assert dict(read) == {0x0112: orientation, 0x011A: 72, 0x011B: 72, 0x0128: 2, 0x0213: 1}


def test_pillow_reads_what_is_written() -> None:
    read = Image.Exif()
    read.load(exif.write(**FULL))
    assert read[0x0131] == "avatar-creator 0.1.0"
    assert read[0x013B].encode("latin-1").decode() == "Ann Ö"
    detail = read.get_ifd(0x8769)
    assert (detail[0xA002], detail[0xA003], detail[0xA001]) == (640, 480, 1)
    assert detail[0x9286] == b"UNICODE\0" + "prompt 🚀 שרה".encode("utf-16-be")


def test_the_comment_is_undefined_data_of_the_whole_length() -> None:
    block = exif.write(**FULL)
    tag_type_count = struct.pack(">HHL", 0x9286, 7, 8 + len("prompt 🚀 שרה".encode("utf-16-be")))
    assert tag_type_count in block


def test_what_is_written_is_read_back() -> None:
    said = exif.read(exif.write(**FULL | {"orientation": 3, "artist": None, "rights": None, "is_srgb": False}))
    assert said == Exif(3, software="avatar-creator 0.1.0", user_comment="prompt 🚀 שרה")


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        (b"UNICODE\0" + "Steps: 4".encode("utf-16-le"), "Steps: 4"),
        (b"UNICODE\0" + "Steps: 4".encode("utf-16-be"), "Steps: 4"),
        (b"UNICODE\0" + "Steps: 4".encode("utf-16"), "Steps: 4"),
        (b"UNICODE\0" + "画像".encode("utf-16-le"), "画像"),  # no zeros to tell by: the block's own order
        (b"ASCII\0\0\0Steps: 4\0\0", "Steps: 4"),
        (bytes(8) + b"Steps: 4", "Steps: 4"),
        (b"Steps: 4, Seed: 1", "Steps: 4, Seed: 1"),
        (b"ASCII\0\0\0" + b" " * 30, None),
    ],
)
def test_comments_are_read_however_they_are_coded(comment: bytes, text: str | None) -> None:
    head = b"II*\0" + struct.pack("<L", 8)
    main = struct.pack("<HHHLLL", 1, 0x8769, 4, 1, 26, 0)
    detail = struct.pack("<HHHLLL", 1, 0x9286, 7, len(comment), 44, 0)
    assert exif.read(head + main + detail + comment).user_comment == text


@pytest.mark.parametrize("block", [None, b"", b"II*\0", b"MM\0*\0\0\0\x08", b"MM\0*\xff\xff\xff\xff", b"nonsense"])
def test_what_cannot_be_read_says_nothing(block: bytes | None) -> None:
    assert exif.read(block) == Exif()


def test_an_impossible_orientation_is_upright() -> None:
    assert exif.read(exif.turned(9)) == exif.read(exif.turned(0)) == Exif(1)


@settings(deadline=None)
@given(at=st.integers(0, 300), patch=st.binary(min_size=1, max_size=6), end=st.integers(0, 400))
def test_no_damage_is_an_error(at: int, patch: bytes, end: int) -> None:
    block = camera_exif()
    exif.read((block[:at] + patch + block[at + len(patch) :])[:end])
