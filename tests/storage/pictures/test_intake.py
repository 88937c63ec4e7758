import hashlib
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_files import (
    FORMATS,
    PRIVATE,
    SRGB,
    camera_exif,
    encoded,
    jpeg_segment,
    opened,
    picture,
    pixels,
    with_segments,
)

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.pictures import containers, exif
from avatar_creator.storage.pictures.intake import BYTES_MOST, Intake, examine

JPEG, PNG, WEBP = FORMATS
kinds = pytest.mark.parametrize("kind", FORMATS)


def put(folder: Path, data: bytes, name: str = "upload.jpg") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that claims these sides, with next to no pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def two_sizes() -> bytes:
    """Return a JPEG with two frame headers, the last one smaller."""
    data = encoded(JPEG, picture(640, 480))
    at = data.index(b"\xff\xc0")
    frame = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]
    return data[:at] + frame + frame[:5] + struct.pack(">HH", 80, 96) + frame[9:] + data[at + len(frame) :]


def animated(kind: PictureFormat) -> bytes:
    file = BytesIO()
    picture().save(file, kind.name, save_all=True, append_images=[picture(mode="L").convert("RGB")])
    return file.getvalue()


@kinds
def test_a_picture_is_known_by_its_content(kind: PictureFormat, tmp_path: Path) -> None:
    data = encoded(kind)
    taken = examine(put(tmp_path, data, "misnamed.txt"))
    digest = hashlib.sha256(data).hexdigest()
    assert taken == Intake(data, kind, 96, 80, digest, digest, taken.thumbnail)


@kinds
def test_what_is_private_goes_and_the_pixels_stay(kind: PictureFormat, tmp_path: Path) -> None:
    original = encoded(kind, icc_profile=SRGB, exif=b"Exif\0\0" + camera_exif(6))
    original = containers.rewrite(original, exif=camera_exif(6), text={"Comment": PRIVATE})
    taken = examine(put(tmp_path, original))
    metadata = containers.read(taken.data)
    assert PRIVATE.encode() not in taken.data
    assert pixels(taken.data) == pixels(original)
    assert metadata.has_icc
    assert metadata.exif == exif.turned(6)
    assert (taken.width_px, taken.height_px) == (80, 96)  # as displayed, on its side
    assert taken.original_sha256 == hashlib.sha256(original).hexdigest()
    assert taken.sha256 == hashlib.sha256(taken.data).hexdigest() != taken.original_sha256


@kinds
def test_metadata_can_be_kept(kind: PictureFormat, tmp_path: Path) -> None:
    original = encoded(kind, exif=b"Exif\0\0" + camera_exif(3))
    taken = examine(put(tmp_path, original), keep_metadata=True)
    assert taken.data == original
    assert taken.sha256 == taken.original_sha256


@pytest.mark.parametrize(
    "segment",
    [
        jpeg_segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4)),
        jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/'/>"),
    ],
    ids=["ISO", "Adobe"],
)
def test_a_gain_map_that_goes_is_said(segment: bytes, tmp_path: Path) -> None:
    data = with_segments(encoded(JPEG), segment) + encoded(JPEG, picture(48, 40))
    taken = examine(put(tmp_path, data))
    assert "gain map" in " ".join(taken.notices)
    assert taken.data == encoded(JPEG)
    whole = examine(put(tmp_path, data), keep_metadata=True)
    assert (whole.data, whole.notices) == (data, ())
    assert examine(put(tmp_path, encoded(JPEG))).notices == ()


def test_what_follows_the_last_pixel_goes(tmp_path: Path) -> None:
    hidden = PRIVATE.encode() * 40
    jpeg, png = encoded(JPEG), encoded(PNG)
    kept = examine(put(tmp_path, jpeg[:-2] + hidden + jpeg[-2:])).data
    assert PRIVATE.encode() * 2 not in kept
    assert pixels(kept) == pixels(jpeg)
    chunk = len(hidden).to_bytes(4, "big") + b"IDAT" + hidden + zlib.crc32(b"IDAT" + hidden).to_bytes(4, "big")
    assert examine(put(tmp_path, png[:-12] + chunk + png[-12:])).data == png


def test_corrupt_metadata_do_not_condemn_a_picture(tmp_path: Path) -> None:
    data = containers.rewrite(encoded(JPEG), exif=b"II*\0\x08\0\0\0\xff\xff" + bytes(30))
    assert examine(put(tmp_path, data)).data == encoded(JPEG)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"Dear diary", "is text, not a JPEG, PNG or WebP picture"),
        (bytes(BYTES_MOST + 1), "is larger than 10 MB"),
        (encoded(JPEG)[:-200], "damaged: it ends too early"),
        (encoded(PNG)[:-30], "damaged: it ends too early"),
        (encoded(WEBP)[:-30], "damaged: it ends too early"),
        (encoded(JPEG).replace(b"\xff\xc0", b"\xff\xc3"), "damaged: its pixels cannot be decoded"),
        (png_of(96, 80), "damaged: its pixels cannot be decoded"),
        (png_of(30_000, 30_000), "has 30000 x 30000 px; a side may have 8192 at most"),
        (png_of(8193, 64), "has 8193 x 64 px; a side may have 8192 at most"),
        (png_of(8192, 8192), "has 8192 x 8192 px; decoded that is over 100 MB"),
        (encoded(PNG, picture(63, 64)), "has 63 x 64 px; a side needs 64 or more"),
        (two_sizes(), "damaged: it has two frames"),
        (animated(PNG), "is animated"),
        (animated(WEBP), "is animated"),
    ],
)
@pytest.mark.parametrize("keep_metadata", [False, True])
def test_bad_uploads_are_refused_with_a_way_out(data: bytes, reason: str, keep_metadata: bool, tmp_path: Path) -> None:
    path = put(tmp_path, data)
    with pytest.raises(InvalidInput) as caught:
        examine(path, keep_metadata=keep_metadata)
    assert reason in caught.value.message
    assert "upload.jpg" in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == data


@pytest.mark.parametrize("side", [64, 8192])
def test_the_least_and_the_most_are_taken(side: int, tmp_path: Path) -> None:
    taken = examine(put(tmp_path, encoded(JPEG, picture(64, side, "L"))))
    assert (taken.width_px, taken.height_px) == (64, side)


@pytest.mark.parametrize("keep_metadata", [False, True])
def test_text_that_inflates_to_gigabytes_takes_no_memory(keep_metadata: bool, tmp_path: Path) -> None:
    body = b"bomb\0\0" + zlib.compress(bytes(2**27), 9)
    bomb = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    data = encoded(PNG)
    path = put(tmp_path, data[:33] + bomb + data[33:])
    taken = examine(path, keep_metadata=keep_metadata)
    assert taken.data == (path.read_bytes() if keep_metadata else data)


@settings(deadline=None, max_examples=200)
@given(kind=st.sampled_from(FORMATS), at=st.floats(0, 1), patch=st.binary(min_size=1, max_size=6))
def test_a_mutated_upload_is_taken_whole_or_refused(
    kind: PictureFormat, at: float, patch: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = ORIGINALS[kind]
    place = int(at * len(data))
    path = put(tmp_path_factory.getbasetemp(), data[:place] + patch + data[place + len(patch) :])
    try:
        taken = examine(path)
    except InvalidInput:
        return
    with opened(taken.data) as image:
        image.load()


ORIGINALS = {kind: encoded(kind, icc_profile=SRGB, exif=b"Exif\0\0" + camera_exif()) for kind in FORMATS}
