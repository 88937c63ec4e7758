import struct
import time
import zlib
from io import BytesIO

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
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers

JPEG, PNG, WEBP = FORMATS
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + PRIVATE.encode() + b"</x:xmpmeta>"
VARIANTS = {
    "jpeg": encoded(JPEG),
    "jpeg progressive": encoded(JPEG, progressive=True),
    "jpeg restart markers": encoded(JPEG, restart_marker_blocks=1),
    "jpeg gray": encoded(JPEG, picture(mode="L")),
    "jpeg cmyk": encoded(JPEG, picture(mode="CMYK")),
    "jpeg rgb": encoded(JPEG, keep_rgb=True),
    "png": encoded(PNG),
    "png palette": encoded(PNG, picture(mode="P"), transparency=3),
    "png 16 bit": encoded(PNG, Image.new("I;16", (96, 80), 40_000)),
    "png alpha": encoded(PNG, picture(mode="RGBA")),
    "webp lossy": encoded(WEBP),
    "webp lossless": encoded(WEBP, lossless=True),
    "webp lossy alpha": encoded(WEBP, picture(mode="RGBA")),
    "webp lossless alpha": encoded(WEBP, picture(mode="RGBA"), lossless=True),
    "webp profile": encoded(WEBP, icc_profile=SRGB),
    "webp odd sides": encoded(WEBP, picture(97, 81, "RGBA"), lossless=True),
}
variants = pytest.mark.parametrize("data", VARIANTS.values(), ids=list(VARIANTS))


def with_everything(kind: PictureFormat) -> bytes:
    """Return a file with each kind of metadata there is, all of it private."""
    exif = b"Exif\0\0" + camera_exif()
    data = encoded(kind, icc_profile=SRGB, exif=exif, xmp=XMP)
    private = PRIVATE.encode()
    if kind is JPEG:
        return with_segments(
            data,
            jpeg_segment(0xE0, b"JFXX\0" + private),
            jpeg_segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + private),
            jpeg_segment(0xE2, b"MPF\0" + private),
            jpeg_segment(0xEB, b"JP" + bytes(14) + b"c2pa" + private),
            jpeg_segment(0xED, b"Photoshop 3.0\0" + private),
            jpeg_segment(0xFE, private),
        ) + (b"\xff\xd8" + private)
    if kind is PNG:
        text = PngInfo()
        text.add_text("Comment", PRIVATE)
        text.add_text("Squeezed", PRIVATE, zip=True)
        text.add_itxt("Worldwide", f"{PRIVATE} ✓")
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add(b"tIME", private)
        text.add(b"caBX", b"c2pa" + private)
        return encoded(kind, icc_profile=SRGB, exif=exif, pnginfo=text) + private
    body = data[8:] + b"C2PA" + struct.pack("<I", 12) + b"c2pa" + private + b"junk" + struct.pack("<I", 8) + private
    return b"RIFF" + struct.pack("<I", len(body)) + body + private


everything = pytest.mark.parametrize("kind", FORMATS)


def test_a_format_is_known_by_its_content() -> None:
    for kind in FORMATS:
        assert containers.sniff(encoded(kind)) is kind
    assert containers.sniff(b"GIF89a") is containers.sniff(b"") is None


@variants
def test_rewriting_keeps_every_pixel(data: bytes) -> None:
    rewritten = containers.rewrite(data, exif=camera_exif(1), xmp=XMP)
    assert pixels(containers.rewrite(data)) == pixels(rewritten) == pixels(data)
    metadata = containers.read(rewritten)
    assert (metadata.exif, metadata.xmp) == (camera_exif(1), XMP)
    with opened(rewritten) as image:
        assert (metadata.width_px, metadata.height_px) == image.size
        assert image.getexif()[0x010F] == "Acme"
        assert image.info["xmp"] == XMP


@variants
def test_rewriting_is_stable_and_leaves_no_trace(data: bytes) -> None:
    once = containers.rewrite(data)
    assert containers.rewrite(once) == once
    twice = containers.rewrite(containers.rewrite(data, xmp=XMP, exif=camera_exif()), xmp=b"<a/>")
    assert twice == containers.rewrite(data, xmp=b"<a/>")


@everything
def test_only_what_decides_the_looks_survives(kind: PictureFormat) -> None:
    data = with_everything(kind)
    metadata = containers.read(data)
    assert metadata.xmp == XMP
    assert metadata.exif == camera_exif()
    assert metadata.has_icc
    assert metadata.c2pa == b"c2pa" + PRIVATE.encode()
    rewritten = containers.rewrite(data)
    assert PRIVATE.encode() not in rewritten
    assert pixels(rewritten) == pixels(encoded(kind))
    with opened(rewritten) as image:
        assert image.info["icc_profile"] == SRGB
    bare = containers.read(rewritten)
    assert (bare.exif, bare.xmp, bare.c2pa, bare.text) == (None, None, None, {})


@variants
def test_a_file_cut_anywhere_is_called_damaged(data: bytes) -> None:
    for end in range(12, len(data) - 1):
        with pytest.raises(StorageError, match="damaged"):
            containers.read(data[:end])


@settings(deadline=None)
@given(
    start=st.sampled_from((b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP", b"RIFF\4\0\0\0WEBP")),
    rest=st.binary(max_size=200),
)
def test_random_bytes_meet_no_other_error(start: bytes, rest: bytes) -> None:
    survive(start + rest)


@settings(deadline=None, max_examples=300)
@given(
    kind=st.sampled_from(FORMATS),
    at=st.floats(0, 1),
    patch=st.one_of(
        st.binary(min_size=1, max_size=8), st.sampled_from((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xd9"))
    ),
    insert=st.booleans(),
)
def test_mutated_files_meet_no_other_error(kind: PictureFormat, at: float, patch: bytes, insert: bool) -> None:
    data = MUTABLE[kind]
    place = int(at * len(data))
    survive(data[:place] + patch + data[place if insert else place + len(patch) :])


MUTABLE = {kind: with_everything(kind) for kind in FORMATS}


def survive(data: bytes) -> None:
    for use in (containers.read, lambda data: containers.rewrite(data, xmp=XMP, exif=b"II*\0")):
        try:
            use(data)
        except StorageError:
            continue


def test_jpeg_begins_as_readers_expect() -> None:
    data = containers.rewrite(encoded(JPEG), exif=camera_exif(), xmp=XMP)
    markers = [data.index(m) for m in (b"JFIF\0", b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"\xff\xdb")]
    assert markers == sorted(markers)


def test_jpeg_fill_bytes_are_skipped_at_any_length() -> None:
    data = encoded(JPEG)
    filled = data[:2] + b"\xff" * 500_000 + data[2:]
    started = time.process_time()
    assert containers.rewrite(filled) == containers.rewrite(data)
    with pytest.raises(StorageError):
        containers.read(data[:2] + b"\xff" * 500_000 + b"\0")
    assert time.process_time() - started < 2  # a search from each of them anew takes minutes


def test_jpeg_thumbnail_of_jfif_is_dropped() -> None:
    data = encoded(JPEG)
    fat = data[:4] + struct.pack(">H", 16 + 3) + data[6:18] + b"\1\1" + b"\1\2\3" + data[20:]
    assert containers.rewrite(fat) == containers.rewrite(data)


def test_jpeg_manifest_in_parts_is_joined() -> None:
    parts = [jpeg_segment(0xEB, b"JP" + bytes(14) + part) for part in (b"c2pa digital", b"sourcetype")]
    assert containers.read(with_segments(encoded(JPEG), *parts)).c2pa == b"c2pa digitalsourcetype"


def test_jpeg_has_limits() -> None:
    with pytest.raises(StorageError, match="cannot hold"):
        containers.rewrite(encoded(JPEG), xmp=bytes(65_505))
    containers.rewrite(encoded(JPEG), xmp=bytes(65_504), exif=bytes(65_527))


def test_a_jpeg_without_a_picture_is_damaged() -> None:
    with pytest.raises(StorageError, match="no picture"):
        containers.read(b"\xff\xd8\xff\xd9")
    with pytest.raises(StorageError, match="no segment"):
        containers.read(b"\xff\xd8\xff\xd8\0\2\xff\xd9")


def test_png_text_comes_back_before_the_pixels() -> None:
    text = {"parameters": "plain\nlines", "Title": "Zoë 🚀 שרה"}
    data = containers.rewrite(encoded(PNG), text=text, xmp=XMP, exif=camera_exif())
    assert containers.read(data).text == text
    with opened(data) as image:  # before its pixels are decoded
        assert dict(image.info) | text == dict(image.info)
    assert data.index(b"tEXt") < data.index(b"eXIf") < data.index(b"IDAT")


def test_png_text_that_inflates_too_far_is_left_out() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    data = encoded(PNG)
    bomb = zlib.compress(bytes(2**26), 9)
    squeezed = zlib.compress(b"a" * 2**20)
    added = chunk(b"zTXt", b"bomb\0\0" + bomb) + chunk(b"iTXt", b"world\0\1\0\0\0" + bomb)
    added += chunk(b"zTXt", b"broken\0\0nonsense")
    added += b"".join(chunk(b"zTXt", b"%d\0\0" % n + squeezed) for n in range(9))
    text = containers.read(data[:33] + added + data[33:]).text
    assert text["bomb"] == text["world"] == text["broken"] == ""
    assert [len(text[str(n)]) for n in range(9)] == [2**20] * 4 + [0] * 5


@pytest.mark.parametrize(
    "chunks", [b"", b"\0\0\0\0IEND\xaeB`\x82", b"\0\0\0\0\0\0\0\0\0\0\0\0"], ids=["none", "no header", "no name"]
)
def test_a_png_without_a_picture_is_damaged(chunks: bytes) -> None:
    with pytest.raises(StorageError, match="damaged"):
        containers.read(b"\x89PNG\r\n\x1a\n" + chunks)


def test_a_png_without_pixels_is_damaged() -> None:
    data = encoded(PNG)
    with pytest.raises(StorageError, match="no picture"):
        containers.read(data[:33] + data[-12:])


@pytest.mark.parametrize(("kind", "frames"), [(PNG, "acTL"), (WEBP, "ANMF")])
def test_animations_are_told_and_kept(kind: PictureFormat, frames: str) -> None:
    file = BytesIO()
    picture().save(file, kind.name, save_all=True, append_images=[picture(mode="L").convert("RGB")])
    rewritten = containers.rewrite(file.getvalue(), xmp=XMP)
    assert containers.read(rewritten).is_animated
    assert frames.encode() in rewritten
    with opened(rewritten) as image:
        assert getattr(image, "n_frames", 1) == 2


def test_webp_without_metadata_stays_simple() -> None:
    data = encoded(WEBP)
    assert b"VP8X" not in data
    assert containers.rewrite(data) == data


def test_webp_table_of_contents_is_true() -> None:
    flags = {}
    for name in ("webp lossy", "webp lossless alpha", "webp profile"):
        data = containers.rewrite(VARIANTS[name], xmp=XMP)
        assert data[12:16] == b"VP8X"
        flags[name] = data[20]
    assert flags == {"webp lossy": 0x04, "webp lossless alpha": 0x14, "webp profile": 0x24}
    assert containers.rewrite(containers.rewrite(VARIANTS["webp lossy"], exif=b"II*\0"))[20] == 0


def test_webp_without_size_is_damaged() -> None:
    body = b"WEBPVP8 " + struct.pack("<I", 10) + bytes(10)
    with pytest.raises(StorageError, match="no size"):
        containers.read(b"RIFF" + struct.pack("<I", len(body)) + body)


def test_what_is_no_picture_is_refused() -> None:
    for use in (containers.read, containers.rewrite):
        with pytest.raises(StorageError, match="not a JPEG, PNG or WebP"):
            use(b"%PDF-1.7")
