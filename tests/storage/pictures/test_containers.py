import re
import struct
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
    png_chunk,
    webp_of,
    with_segments,
)
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers
from avatar_creator.storage.pictures.containers import jpeg

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


def test_jpeg_fill_bytes_are_skipped_at_any_length_by_one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = 0

    class Counting:
        def search(self, data: bytes, at: int) -> re.Match[bytes] | None:
            nonlocal searches
            searches += 1
            return known.search(data, at)

    known = jpeg._MARKER
    monkeypatch.setattr(jpeg, "_MARKER", Counting())
    data = encoded(JPEG)
    plain = containers.rewrite(data)
    needed, searches = searches, 0
    assert containers.rewrite(data[:2] + b"\xff" * 500_000 + data[2:]) == plain
    assert searches == needed  # one from each of them anew would take minutes
    searches = 0
    with pytest.raises(StorageError):
        containers.read(data[:2] + b"\xff" * 500_000 + b"\0")
    assert searches == 1


@pytest.mark.parametrize("junk", [b"\0", b"secret" * 3, b"\xff\0", b"\xff\xd0\xff\x01", b"x" * 70_000], ids=range(5))
def test_jpeg_bytes_between_segments_are_left_out(junk: bytes) -> None:
    """Every viewer passes over them."""
    data = encoded(JPEG, progressive=True)
    places = [data.index(mark) for mark in (b"\xff\xdb", b"\xff\xc2", b"\xff\xc4", b"\xff\xda")]
    for at in places:
        assert containers.rewrite(data[:at] + junk + data[at:]) == data


@pytest.mark.parametrize(
    "extra",
    [
        b"\xff\xc4\0\x02" * 30_000,
        b"\xff\xfe\0\x02" * 30_000,
        b"\xff\xda\0\x08\x01\x01\0\x01\x3f\0" * 101,
    ],
    ids=["tables", "comments", "scans"],
)
def test_jpeg_segments_are_counted(extra: bytes) -> None:
    data = encoded(JPEG)
    for use in (containers.read, containers.rewrite):
        with pytest.raises(StorageError, match="JPEG picture has more than"):
            use(data[:2] + extra + data[2:])


def test_jpeg_scans_of_a_large_picture_are_fewer() -> None:
    data = encoded(JPEG, picture(4096, 4096, "L"), progressive=True)
    at = data.rindex(b"\xff\xda")
    assert containers.read(data).width_px == 4096
    with pytest.raises(StorageError, match="scans of 4096 x 4096 px"):
        containers.read(data[:at] + b"\xff\xda\0\x08\x01\x01\0\x3f\x3f\0" * 40 + data[at:])


def test_chunks_are_counted() -> None:
    data = encoded(PNG)
    with pytest.raises(StorageError, match="PNG picture has more than 20000 parts"):
        containers.read(data[:33] + png_chunk(b"tEXt", b"") * 20_001 + data[33:])
    body = encoded(WEBP)[8:] + b"abcd\0\0\0\0" * 20_001
    with pytest.raises(StorageError, match="WEBP picture has more than 20000 parts"):
        containers.read(b"RIFF" + struct.pack("<I", len(body)) + body)


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
    data = encoded(PNG)
    bomb = zlib.compress(bytes(2**26), 9)
    squeezed = zlib.compress(b"a" * 2**20)
    added = png_chunk(b"zTXt", b"bomb\0\0" + bomb) + png_chunk(b"iTXt", b"world\0\1\0\0\0" + bomb)
    added += png_chunk(b"zTXt", b"broken\0\0nonsense")
    added += b"".join(png_chunk(b"zTXt", b"%d\0\0" % n + squeezed) for n in range(9))
    text = containers.read(data[:33] + added + data[33:]).text
    assert text["bomb"] == text["world"] == text["broken"] == ""
    assert [len(text[str(n)]) for n in range(9)] == [2**20] * 2 + [0] * 7  # in vain is work, too


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


SECRET = b"48.8584 N 2.2945 E"


def hidden(kind: PictureFormat) -> list[bytes]:
    """Return files that hold something in each place of the format that is not pixels."""
    if kind is JPEG:
        data = encoded(JPEG, progressive=True, icc_profile=SRGB)
        scans = [at for at in range(len(data)) if data.startswith(b"\xff\xda", at)]
        markers = {*range(0x02, 0xFE)} - {*range(0xC0, 0xCF)} - {*range(0xD0, 0xDE)} | {0xC8, 0xCC, 0xDC}
        segments = [jpeg_segment(marker, SECRET) for marker in sorted(markers)]
        segments += [jpeg_segment(0xE0, b"JFIF\0" + SECRET), jpeg_segment(0xEE, b"Adobe" + bytes(7) + SECRET)]
        segments += [jpeg_segment(0xE2, b"ICC_PROFILE\0\x09\x09" + SECRET)]
        unused = jpeg_segment(0xC4, b"\x03" + bytes(15) + bytes((len(SECRET),)) + SECRET)
        overridden = jpeg_segment(0xC4, b"\x00" + bytes(15) + bytes((len(SECRET),)) + SECRET)
        quantizer = jpeg_segment(0xDB, b"\x03" + SECRET.ljust(64))
        segments += [unused, overridden, quantizer, SECRET, b"\xff" * 9 + SECRET]
        files = [data[:at] + segment + data[at:] for segment in segments for at in (20, scans[0], scans[-1])]
        files = [file for file in files if overridden not in file or file.index(overridden) < 100]
        return [*files, data + SECRET, data[:-2] + b"\xff" * 9 + b"\xff\xd9" + SECRET]
    if kind is PNG:
        data = encoded(PNG, picture(mode="P"))
        names = b"tIME tEXt zTXt iTXt eXIf hIST sPLT caBX abCd gAMA cHRM sRGB sBIT cICP mDCV cLLI bKGD pHYs tRNS"
        chunks = [png_chunk(name, SECRET * 20) for name in names.split()]
        chunks += [png_chunk(name, 9 * b"\0" + SECRET) for name in (b"acTL", b"fcTL", b"fdAT", b"PLTE")]
        chunks += [png_chunk(b"iCCP", SECRET + b"\0\0" + zlib.compress(SRGB + SECRET))]
        chunks += [png_chunk(b"iCCP", SECRET + b"\0\0" + zlib.compress(SRGB) + SECRET)]
        ends = [data.index(b"IDAT") - 4, len(data) - 12]
        truecolour = encoded(PNG)
        suggested = truecolour[:33] + png_chunk(b"PLTE", SECRET * 10) + truecolour[33:]
        files = [data[:at] + chunk + data[at:] for chunk in chunks for at in ends]
        return [*files, suggested, data + SECRET, data[:-12] + png_chunk(b"IEND", SECRET)]
    plain = encoded(WEBP, picture(mode="RGBA"), icc_profile=SRGB)
    file = BytesIO()
    picture().save(file, "WEBP", save_all=True, append_images=[picture(mode="L").convert("RGB")])
    moving = file.getvalue()
    others = [b"EXIF", b"XMP ", b"C2PA", b"abcd", b"VP8X", b"ANIM", b"ICCP", b"ALPH", b"VP8 "]
    chunks = [name + struct.pack("<I", len(SECRET)) + SECRET for name in others]
    at = moving.index(b"ANMF")
    longer = struct.unpack_from("<I", moving, at + 4)[0] + len(chunks[0])
    frame = moving[: at + 4] + struct.pack("<I", longer) + moving[at + 8 : at + 24] + chunks[0] + moving[at + 24 :]
    profile = plain.index(b"ICCP")
    size = struct.unpack_from("<I", plain, profile + 4)[0]
    fat = plain[: profile + 4] + struct.pack("<I", size + len(SECRET)) + plain[profile + 8 : profile + 8 + size]
    return [
        *(webp_of(plain[12:] + chunk) for chunk in chunks),
        webp_of(fat[12:] + SECRET + plain[profile + 8 + size :]),
        webp_of(frame[12:]),
        plain + SECRET,
    ]


@everything
def test_nothing_hidden_survives(kind: PictureFormat) -> None:
    files = hidden(kind)
    assert len(files) > 10
    for number, file in enumerate(files):
        assert SECRET in file or b"iCCP" in file, number
        try:
            rewritten = containers.rewrite(file, exif=b"II*\0")
        except StorageError:
            continue
        assert SECRET not in rewritten, number
        assert containers.rewrite(containers.rewrite(file)) == containers.rewrite(file), number
        assert pixels(rewritten), number


def test_png_that_needs_an_unknown_decoder_is_refused() -> None:
    data = encoded(PNG)
    with pytest.raises(StorageError, match="needs a decoder for 'CgBI'"):
        containers.read(data[:33] + png_chunk(b"CgBI", bytes(4)) + data[33:])


def test_png_palette_is_looked_for() -> None:
    data = encoded(PNG, picture(mode="P"))
    at = data.index(b"PLTE") - 4
    size = struct.unpack_from(">I", data, at)[0]
    for other in (b"", png_chunk(b"PLTE", bytes(4)), png_chunk(b"PLTE", bytes(3 * 257))):
        with pytest.raises(StorageError, match="no palette"):
            containers.read(data[:at] + other + data[at + 12 + size :])


def animation(frames: int, *, at: str, default: bool = True) -> bytes:
    """Return a PNG that says to have so many frames, said before its pixels or behind them."""
    data = encoded(PNG)
    said = png_chunk(b"acTL", struct.pack(">II", frames, 0))
    control = png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 96, 80, 0, 0, 1, 10, 0, 0))
    pixels_at = data.index(b"IDAT") - 4
    if at == "end":
        return data[:-12] + said + control + data[-12:]
    return data[:pixels_at] + said + (control if default else b"") + data[pixels_at:]


@pytest.mark.parametrize(
    ("data", "animated"),
    [
        (animation(1, at="start"), False),
        (animation(0, at="start"), False),
        (animation(3, at="end"), False),
        (animation(2, at="start"), True),
        (animation(1, at="start", default=False), True),  # its frame is not the picture that others show
    ],
)
def test_a_single_frame_of_png_is_a_picture(data: bytes, animated: bool) -> None:
    assert containers.read(data).is_animated is animated
    assert (containers.rewrite(data) == encoded(PNG)) is not animated


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_single_frame_of_webp_is_a_picture(mode: str) -> None:
    file = BytesIO()
    first, second = picture().convert(mode), picture().transpose(Image.Transpose.ROTATE_180)
    if mode == "RGBA":
        first.putalpha(128)
    first.save(file, "WEBP", save_all=True, append_images=[second])
    moving = file.getvalue()
    at = moving.index(b"ANMF")
    size = struct.unpack_from("<I", moving, at + 4)[0]
    one = webp_of(moving[12 : at + 8 + size + size % 2])
    assert (containers.read(moving).is_animated, containers.read(one).is_animated) == (True, False)
    rewritten = containers.rewrite(one, xmp=XMP)
    assert b"ANMF" not in rewritten
    assert b"ANIM" not in rewritten
    assert pixels(rewritten)[2] == pixels(one)[2]
    part = one.replace(one[at : at + 14], one[at : at + 8] + b"\1\0\0\0\0\0")
    assert containers.read(part).is_animated  # it does not fill the canvas


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
