import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.storage.pictures import xmp

FRAME = (
    "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:other='urn:other'>{}</r:RDF>"
)
WRITABLE = st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=["Cc", "Cs"])


@given(st.text(WRITABLE | st.sampled_from("\t\n\r")))
def test_any_text_comes_back_exactly(text: str) -> None:
    properties = {"dc:title": text, "cc:license": text.strip(), "xmp:CreatorTool": text, "dc:creator": text}
    read = xmp.read(xmp.write(properties))
    assert read.pop("cc:license").split() == properties.pop("cc:license").split()  # XML folds attributes
    assert read == properties


def test_what_xml_cannot_hold_is_left_out() -> None:
    packet = xmp.write({"dc:title": "a\0b\x1b\ud800\ufffec"})
    assert xmp.read(packet) == {"dc:title": "abc"}


def test_a_packet_is_marked_as_one() -> None:
    packet = xmp.write({})
    assert packet.startswith(b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert packet.endswith(b'<?xpacket end="w"?>')
    assert xmp.read(packet) == {}


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        ("<r:Description xmp:CreatorTool='short'/>", {"xmp:CreatorTool": "short"}),
        ("<r:Description><xmp:CreatorTool/></r:Description>", {"xmp:CreatorTool": ""}),
        (
            "<r:Description><dc:creator><r:Bag><r:li>A</r:li><r:li>B</r:li></r:Bag></dc:creator></r:Description>",
            {"dc:creator": "A, B"},
        ),
        (
            "<r:Description><dc:title><r:Alt><r:li>A</r:li><r:li>B</r:li></r:Alt></dc:title></r:Description>",
            {"dc:title": "A"},
        ),
        ("<r:Description><dc:title><r:Alt/></dc:title></r:Description>", {"dc:title": ""}),
        ("<r:Description other:x='1' plain='2'><other:y>3</other:y></r:Description>", {}),
        (
            "<r:Description><other:of><r:Description xmp:CreatorTool='inner'/></other:of></r:Description>",
            {},
        ),
    ],
)
def test_packets_of_other_tools_are_read(body: str, properties: dict[str, str]) -> None:
    assert xmp.read(FRAME.format(body).encode()) == properties
    assert xmp.read(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{FRAME.format(body)}</x:xmpmeta>".encode()) == properties


def test_padding_is_skipped() -> None:
    document = FRAME.format("<r:Description xmp:CreatorTool='x'/>")
    assert xmp.read(document.encode() + b"\0\0") == {"xmp:CreatorTool": "x"}


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<not closed",
        b"<?xml version='1.0' encoding='klingon'?><a/>",
        b"<!DOCTYPE a [<!ENTITY b 'boom'>]><a>&b;</a>",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>",
        b"<a>" + b" " * xmp.PACKET_MOST + b"</a>",
    ],
)
def test_what_cannot_be_trusted_says_nothing(packet: bytes) -> None:
    assert xmp.read(packet) == {}


PLACES = [
    "<r:Description e:GPSLatitude='48,51.5N'/>",
    "<r:Description><e:GPSLongitude>2,17.66E</e:GPSLongitude></r:Description>",
    "<r:Description><other:Created><r:Bag><r:li e:GPSLatitude='48,51N'/></r:Bag></other:Created></r:Description>",
    "<r:Description><other:At r:parseType='Resource'><e:GPSLongitude>2</e:GPSLongitude></other:At></r:Description>",
    "<r:Description other:GpsLatitude='+22.54' other:GpsLongtitude='+113.9'/>",
    "<r:Description e:GPSDestLatitude='48,51.5N'/>",
    "<r:Description e:GPSLatitude='0,0N' e:GPSLongitude='2,0E'/>",
]
NO_PLACES = [
    "<r:Description/>",
    "<r:Description e:GPSVersionID='2.3.0.0' e:GPSMapDatum='WGS-84'/>",
    "<r:Description e:GPSLatitude='' e:GPSLongitude=' '/>",
    "<r:Description e:GPSLatitude='0,0.0000N' e:GPSLongitude='0,0.0000E'/>",
    "<r:Description><e:GPSLatitude/></r:Description>",
    "<r:Description e:GPSAltitude='35/1' e:GPSTimeStamp='2024-01-01'/>",
    '<r:Description><dc:description>latitude="48"</dc:description></r:Description>',
]


def _with_exif(body: str) -> str:
    return FRAME.replace("xmlns:other", "xmlns:e='http://ns.adobe.com/exif/1.0/' xmlns:other").format(body)


@pytest.mark.parametrize("body", PLACES)
def test_a_place_is_found_wherever_it_stands(body: str) -> None:
    packet = _with_exif(body)
    assert xmp.has_position(packet.encode())
    assert xmp.has_position(packet.encode("utf-16"))
    assert xmp.has_position(packet.encode()[:-10]), "also in what cannot be parsed"


@pytest.mark.parametrize("body", NO_PLACES)
def test_no_place_is_invented(body: str) -> None:
    assert not xmp.has_position(_with_exif(body).encode())


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_can_be_searched(packet: bytes) -> None:
    xmp.has_position(packet)
    xmp.has_position(_with_exif("{}").encode() + packet)
