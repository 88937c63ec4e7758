import zlib

import pytest
from picture_files import PRIVATE, camera_exif, encoded, pixels

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures import containers, provenance, xmp
from avatar_creator.storage.pictures.containers import Metadata
from avatar_creator.storage.pictures.containers.png import _chunk, _international
from avatar_creator.storage.pictures.inspection import describe
from avatar_creator.storage.pictures.rawprofile import exif_blocks, xmp_packets

PACKET = xmp.write(
    {"exif:GPSLatitude": PRIVATE, "tiff:Make": "Acme", "tiff:Model": "Eye 9", "aux:SerialNumber": "SN-77"}
)
EXIF = b"Exif\0\0" + camera_exif(6)


def profile(kind: str, content: bytes) -> str:
    digits = content.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return f"\n{kind}\n{len(content):8}\n{lines}\n"


def of_text(keyword: str, text: str) -> Metadata:
    return Metadata(PictureFormat.PNG, 96, 80, text={keyword: text})


def chunks(keyword: str, text: str) -> list[bytes]:
    """Return the text in the three chunks that PNG has for it."""
    key = keyword.encode() + b"\0"
    return [
        _chunk(b"tEXt", key + text.encode()),
        _chunk(b"zTXt", key + b"\0" + zlib.compress(text.encode())),
        _chunk(b"iTXt", _international(keyword, text.encode())),
    ]


@pytest.mark.parametrize(
    ("keyword", "kind", "content"),
    [
        ("Raw profile type exif", "exif", EXIF),
        ("Raw profile type APP1", "generic profile", EXIF),
        ("Raw profile type exif", "exif", camera_exif(6)),
        ("Raw profile type xmp", "xmp", PACKET),
        ("Raw profile type APP1", "app1", b"http://ns.adobe.com/xap/1.0/\0" + PACKET),
    ],
)
@pytest.mark.parametrize("chunk", range(3))
def test_camera_and_place_are_found_and_taken_out(keyword: str, kind: str, content: bytes, chunk: int) -> None:
    plain = encoded(PictureFormat.PNG)
    data = plain[:33] + chunks(keyword, profile(kind.split(maxsplit=1)[0], content))[chunk] + plain[33:]
    told = describe(data)
    assert (told.gps, told.camera_make, told.camera_model, told.camera_serial) == (True, "Acme", "Eye 9", "SN-77")
    assert (told.width_px, told.height_px) == (96, 80), "viewers heed the orientation of eXIf alone"
    assert provenance.strip(data) == plain
    assert pixels(data) == pixels(plain)


def test_a_source_type_in_it_counts_and_outlives_it() -> None:
    packet = xmp.write({"Iptc4xmpExt:DigitalSourceType": "trainedAlgorithmicMedia", "dc:creator": PRIVATE})
    plain = encoded(PictureFormat.PNG)
    data = plain[:33] + chunks("Raw profile type xmp", profile("xmp", packet))[1] + plain[33:]
    stripped = containers.read(provenance.strip(data))
    assert provenance.source_of(stripped) == "trainedAlgorithmicMedia"
    assert PRIVATE.encode() not in (stripped.xmp or b"")


@pytest.mark.parametrize(
    "text", ["", "exif", "\nexif\n 3\nabc\n", "\nexif\n 3\nxyz\n", "\nexif\n three\n00\n", "0" * 10**6]
)
def test_damaged_ones_say_nothing(text: str) -> None:
    metadata = of_text("Raw profile type exif", text)
    assert [*exif_blocks(metadata), *xmp_packets(metadata)] == []


def test_other_profiles_are_passed_over() -> None:
    metadata = of_text("Raw profile type iptc", profile("iptc", EXIF))
    assert [*exif_blocks(metadata), *xmp_packets(metadata)] == []
