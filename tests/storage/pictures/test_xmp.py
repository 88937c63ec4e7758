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
