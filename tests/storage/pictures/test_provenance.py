import pytest
from picture_files import FORMATS, PRIVATE, SRGB, camera_exif, encoded, jpeg_segment, pixels, with_segments

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures import containers, exif, provenance, xmp
from avatar_creator.storage.pictures.containers import Metadata

JPEG, PNG, WEBP = FORMATS
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
def test_stripping_a_plain_file_changes_nothing(kind: PictureFormat) -> None:
    assert provenance.strip(encoded(kind)) == encoded(kind)


def test_the_mark_of_a_manifest_outlives_it() -> None:
    box = jpeg_segment(0xEB, b"JP" + bytes(14) + b"c2pa" + f"{URI}trainedAlgorithmicMedia".encode())
    stripped = containers.read(provenance.strip(with_segments(encoded(JPEG), box)))
    assert stripped.c2pa is None
    assert provenance.source_of(stripped) == "trainedAlgorithmicMedia"
