import pytest
from picture_files import (
    CREDIT,
    DRAWING,
    FORMATS,
    PRIVATE,
    SRGB,
    camera_exif,
    encoded,
    jpeg_segment,
    pixels,
    with_segments,
)

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.storage.pictures import containers, exif, provenance, xmp
from avatar_creator.storage.pictures.containers import Metadata
from avatar_creator.storage.pictures.marks import stamp

JPEG, PNG, WEBP = FORMATS
SOURCE = "Iptc4xmpExt:DigitalSourceType"
URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def stating(packet: bytes | None = None, manifest: bytes | None = None) -> Metadata:
    return Metadata(JPEG, 96, 80, xmp=packet, c2pa=manifest)


def packet(source: str) -> bytes:
    return xmp.write({"Iptc4xmpExt:DigitalSourceType": source, "dc:creator": PRIVATE})


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        (f"{URI}trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture/", "digitalCapture"),
        ("algorithmicMedia", "algorithmicMedia"),
        (f"{URI}ofTheFuture", "ofTheFuture"),
        ("<script>", None),
        ("", None),
    ],
)
def test_a_source_type_is_read_from_xmp(stated: str, code: str | None) -> None:
    assert provenance.source_of(stating(packet(stated))) == code


def test_xmp_that_cannot_be_parsed_still_states_its_source() -> None:
    broken = packet(f"{URI}trainedAlgorithmicMedia")[:-40]
    assert xmp.read(broken) == {}
    assert provenance.source_of(stating(broken)) == "trainedAlgorithmicMedia"


def test_a_manifest_states_its_source() -> None:
    manifest = b"c2pa\xd8\x40" + URI.encode() + b"digitalCapturefnext" + URI.encode() + b"trainedAlgorithmicMediaeother"
    assert provenance.source_of(stating(manifest=manifest)) == "trainedAlgorithmicMedia"
    assert provenance.source_of(stating(packet("digitalCapture"), manifest)) == "trainedAlgorithmicMedia"
    assert provenance.source_of(stating(packet("digitalCapture"), b"c2pa")) == "digitalCapture"


def test_no_statement_is_invented() -> None:
    assert provenance.source_of(stating()) is None
    assert provenance.statement(stating(packet(""))) is None


@pytest.mark.parametrize("kind", FORMATS)
def test_stripping_keeps_the_mark_the_profile_and_which_side_is_up(kind: PictureFormat) -> None:
    plain = encoded(kind, icc_profile=SRGB)
    data = containers.rewrite(
        plain, exif=camera_exif(6), xmp=packet("trainedAlgorithmicMedia"), text={"Comment": PRIVATE}
    )
    stripped = provenance.strip(data)
    metadata = containers.read(stripped)
    assert PRIVATE.encode() not in stripped
    assert xmp.read(metadata.xmp or b"") == {"Iptc4xmpExt:DigitalSourceType": f"{URI}trainedAlgorithmicMedia"}
    assert metadata.exif == exif.turned(6)
    assert metadata.has_icc
    assert pixels(stripped) == pixels(plain)
    assert provenance.displayed_sides(metadata) == (80, 96)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("embed", [Embed.MARK, Embed.RECIPE])
def test_stripping_a_drawing_of_ours_keeps_the_credit_that_is_owed(kind: PictureFormat, embed: Embed) -> None:
    once = provenance.strip(stamp(encoded(kind), DRAWING, embed))
    assert provenance.strip(once) == once
    metadata = containers.read(once)
    assert provenance.owed_credit(metadata) == CREDIT
    assert xmp.read(metadata.xmp or b"").keys().isdisjoint({"dc:title", "avatar:recipe"})
    assert metadata.text == {}
    assert once == provenance.strip(stamp(encoded(kind), DRAWING, Embed.MARK))


@pytest.mark.parametrize(
    "properties",
    [
        {"dc:creator": PRIVATE, "cc:license": "https://creativecommons.org/licenses/by/4.0/"},
        {"dc:creator": PRIVATE, "xmp:CreatorTool": "avatar-creator 0.1.0"},
        {"dc:creator": PRIVATE, SOURCE: "algorithmicMedia"},
        {"dc:creator": PRIVATE, SOURCE: "trainedAlgorithmicMedia", "xmp:CreatorTool": "avatar-creator 0.1.0"},
    ],
)
def test_who_made_other_pictures_is_taken_out(properties: dict[str, str]) -> None:
    stripped = provenance.strip(containers.rewrite(encoded(PNG), xmp=xmp.write(properties)))
    assert PRIVATE.encode() not in stripped


@pytest.mark.parametrize("kind", FORMATS)
def test_stripping_a_plain_file_changes_nothing(kind: PictureFormat) -> None:
    assert provenance.strip(encoded(kind)) == encoded(kind)


def test_the_mark_of_a_manifest_outlives_it() -> None:
    box = jpeg_segment(0xEB, b"JP" + bytes(14) + b"c2pa" + f"{URI}trainedAlgorithmicMedia".encode())
    stripped = containers.read(provenance.strip(with_segments(encoded(JPEG), box)))
    assert stripped.c2pa is None
    assert provenance.source_of(stripped) == "trainedAlgorithmicMedia"
