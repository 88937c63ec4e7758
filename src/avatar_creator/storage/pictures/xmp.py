"""XMP packets: flat properties, ``{"dc:title": ...}``, written and read."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

PACKET_MOST = 2**20  # bytes of one that is read; JPEG allows 64 kB, strangers any size
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES = {
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "avatar": "urn:uuid:2ae65052-ba73-4046-aa4c-e98a29e70740#",  # our own; a UUID needs no domain that must be kept
    "cc": "http://creativecommons.org/ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}
_PREFIXES = {uri: prefix for prefix, uri in _NAMESPACES.items()}


class _Form(Enum):
    LANGUAGES = auto()  # one text in any number of languages; here only the default one
    LIST = auto()
    LINK = auto()


_FORMS = {
    "Iptc4xmpCore:AltTextAccessibility": _Form.LANGUAGES,
    "cc:license": _Form.LINK,
    "dc:creator": _Form.LIST,
    "dc:rights": _Form.LANGUAGES,
    "dc:title": _Form.LANGUAGES,
    "xmpRights:UsageTerms": _Form.LANGUAGES,
}

# By name alone: drones have namespaces of their own, one with "GpsLongtitude". All zeros are what is written for
# "not known".
_COORDINATE = re.compile(r"(?i)l(?:at|ongt?)itude$")
_KNOWN = re.compile(r"[1-9]")
_COORDINATE_UNPARSED = re.compile(rb"""(?i)l(?:at|ongt?)itude\s*(?:=\s*["']|>)[^"'<>]{0,64}?[1-9]""")

# Said as what is not allowed: the other way round, re takes 4 ms to compile it.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A bare carriage return would be read back as a line feed.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def write(properties: Mapping[str, str]) -> bytes:
    """Return a packet of these properties; characters that XML cannot hold are left out."""
    prefixes = sorted({name.partition(":")[0] for name in properties})
    spaces = "".join(f'\n    xmlns:{prefix}="{_NAMESPACES[prefix]}"' for prefix in prefixes)
    lines = "".join(f"\n   {_element(name, value)}" for name, value in properties.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{_RDF}">\n'
        f'  <rdf:Description rdf:about=""{spaces}>{lines}\n'
        "  </rdf:Description>\n"
        " </rdf:RDF>\n"
        "</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()


def read(packet: bytes) -> dict[str, str]:
    """Return the properties of the namespaces named above; {} when the packet is not XML that can be trusted.

    Of several languages the default one is taken; the items of a list are joined with commas.
    """
    root = _parsed(packet)
    return {} if root is None else dict(_properties(root))


def has_position(packet: bytes) -> bool:
    """Return whether a latitude or a longitude is stated, at any depth, also in a packet that cannot be parsed."""
    root = _parsed(packet)
    if root is None:
        return _COORDINATE_UNPARSED.search(packet.replace(b"\0", b"")) is not None  # it may be in UTF-16
    stated = ((name, value) for part in root.iter() for name, value in [*part.attrib.items(), (part.tag, part.text)])
    return any(_COORDINATE.search(name) and _KNOWN.search(value or "") for name, value in stated)


def allowed(text: str) -> str:
    """Return ``text`` without the characters that XML cannot hold: controls and halves of surrogate pairs."""
    return _NOT_XML.sub("", text)


def _parsed(packet: bytes) -> Element | None:
    """Return the packet's root; None when it is not XML that can be trusted."""
    if len(packet) > PACKET_MOST:
        return None
    try:
        root: Element = fromstring(packet.strip(b"\0"))
    except (ParseError, ValueError, LookupError):  # malformed, with entities, in an unknown encoding
        return None
    return root


def _element(name: str, value: str) -> str:
    text = allowed(value).translate(_ESCAPES)
    match _FORMS.get(name):
        case _Form.LINK:
            link = text.replace('"', "&quot;")
            return f'<{name} rdf:resource="{link}"/>'
        case _Form.LIST:
            text = f"<rdf:Seq><rdf:li>{text}</rdf:li></rdf:Seq>"
        case _Form.LANGUAGES:
            text = f'<rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
    return f"<{name}>{text}</{name}>"


def _properties(root: Element) -> Iterator[tuple[str, str]]:
    # Only those at the top: deeper ones speak of other pictures that went into this one.
    tops = (top for rdf in root.iter(f"{{{_RDF}}}RDF") for top in rdf.findall(f"{{{_RDF}}}Description"))
    for description in tops:
        for name, value in description.attrib.items():  # the short form that Adobe's tools prefer
            if known := _short(name):
                yield known, value
        for child in description:
            if known := _short(child.tag):
                yield known, _value(child)


def _short(name: str) -> str | None:
    uri, _, local = name.removeprefix("{").partition("}")
    prefix = _PREFIXES.get(uri)
    return f"{prefix}:{local}" if prefix else None


def _value(element: Element) -> str:
    link = element.get(f"{{{_RDF}}}resource")
    if link is not None:
        return link
    items = [item.text or "" for item in element.iter(f"{{{_RDF}}}li")]
    if element.find(f"{{{_RDF}}}Alt") is not None:
        return items[0] if items else ""
    return ", ".join(items) if items else element.text or ""
