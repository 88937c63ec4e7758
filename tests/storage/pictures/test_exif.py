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


def block_of(gps: dict[int, Any], *, pointer_in: int = 0) -> bytes:
    """Return what Pillow writes with a GPS directory, pointed at from the main or from the Exif directory."""
    written = Image.Exif()
    written.get_ifd(0x8825).update(gps)
    if not pointer_in:
        return written.tobytes()
    # Made by hand: an Exif directory that holds nothing but the pointer to the GPS directory.
    inner = written.tobytes().removeprefix(b"Exif\0\0")
    tag, at = struct.unpack_from(">H6xL", inner, 10)
    assert tag == 0x8825
    moved = inner[:8] + struct.pack(">HHHLLL", 1, 0x8769, 4, 1, len(inner), 0) + inner[26:]
    return moved + struct.pack(">HHHLLL", 1, 0x8825, 4, 1, at, 0)


HERE = (48.0, 51.0, 30.0)


@pytest.mark.parametrize(
    ("gps", "found"),
    [
        ({1: "N", 2: HERE, 3: "E", 4: HERE}, True),
        ({2: HERE}, True),
        ({4: (0.0, 0.0, 1.0)}, True),
        ({0x14: HERE}, True),
        ({0: b"\2\3\0\0"}, False),
        ({0: b"\2\3\0\0", 1: "N", 3: "E"}, False),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, False),
        ({6: 35.0, 7: (12.0, 0.0, 0.0), 0x1D: "2024:01:01"}, False),
    ],
)
@pytest.mark.parametrize("pointer_in", [0, 1])
def test_a_place_is_a_coordinate_that_is_known(gps: dict[int, Any], found: bool, pointer_in: int) -> None:
    assert exif.read(block_of(gps, pointer_in=pointer_in)).has_gps == found


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [(5, struct.pack("<6L", 48, 0, 51, 0, 0, 0), False), (2, b"48,51.5N\0", True), (2, b" " * 8, False)],
)
def test_places_written_otherwise(kind: int, value: bytes, found: bool) -> None:
    count = len(value) // (8 if kind == 5 else 1)
    head = b"II*\0" + struct.pack("<LHHHLLL", 8, 1, 0x8825, 13, 1, 26, 0)
    assert exif.read(head + struct.pack("<HHHLLL", 1, 2, kind, count, 44, 0) + value).has_gps == found


def test_signature_and_serial_number_of_other_writers() -> None:
    block = Image.Exif()
    block[0xC62F], block[0x010F] = "SN-DNG", "Acme"
    assert block.tobytes().startswith(b"Exif\0\0")
    assert exif.read(block.tobytes()) == Exif(camera_make="Acme", camera_serial="SN-DNG")


def test_a_comment_in_the_wrong_directory_is_read() -> None:
    block = Image.Exif()
    block[0x9286] = '{"prompt": "a face"}'  # as Fooocus writes it
    assert exif.read(block.tobytes()).user_comment == '{"prompt": "a face"}'


def test_json_is_no_camera() -> None:
    block = Image.Exif()
    block[0x0110], block[0x010F], block[0x010E] = 'prompt:{"1": 2}', 'Workflow: {"nodes":\n []}', "extra:[1]"
    said = exif.read(block.tobytes())
    assert (said.camera_make, said.camera_model) == (None, None)
    assert said.named == {"prompt": '{"1": 2}', "workflow": '{"nodes":\n []}', "extra": "[1]"}
    block[0x010F], block[0x0110] = '{"a": 1}', "Eye: 9"
    assert exif.read(block.tobytes()).camera_make is None
    assert exif.read(block.tobytes()).camera_model == "Eye: 9"


def test_a_drawing_has_no_comment() -> None:
    assert exif.read(exif.write(**FULL | {"user_comment": None})).user_comment is None


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
