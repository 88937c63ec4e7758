"""How a picture came to be, by its own account, and keeping that account when all else is taken out.

A mark that says "made by a model" is no secret of whoever sends the picture: it is owed to whoever sees it,
and the EU's AI Act forbids taking it away.
"""

import re
from collections.abc import Mapping

from avatar_creator.domain.picture import Credit
from avatar_creator.storage.pictures import containers, exif, profiles, xmp
from avatar_creator.storage.pictures.containers import Metadata
from avatar_creator.storage.pictures.rawprofile import xmp_packets

SOURCE_PROPERTY = "Iptc4xmpExt:DigitalSourceType"
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# The most made-up first: of several, this is the one that has to be told.
SOURCE_MEANINGS = {
    "trainedAlgorithmicMedia": "made by a trained model",
    "compositeWithTrainedAlgorithmicMedia": "composed or edited with a trained model",
    "compositeSynthetic": "composed of parts, at least one of them made by a computer",
    "algorithmicMedia": "made by an algorithm, from no training data",
    "virtualRecording": "recorded from a virtual event",
    "dataDrivenMedia": "drawn from data",
    "digitalCreation": "made by a person with a computer",
    "digitalArt": "made by a person with a computer",
    "composite": "composed of parts",
    "compositeCapture": "composed of photographs",
    "algorithmicallyEnhanced": "enhanced by an algorithm",
    "humanEdits": "edited by a person",
    "minorHumanEdits": "slightly edited by a person",
    "screenCapture": "captured from a screen",
    "computationalCapture": "photographed, several frames combined",
    "digitalCapture": "photographed",
    "negativeFilm": "scanned from a negative",
    "positiveFilm": "scanned from a positive",
    "print": "scanned from a print",
}
_ON_ITS_SIDE = range(5, 9)  # EXIF orientations
_STATED = re.compile(r"(?:https?://cv\.iptc\.org/newscodes/digitalsourcetype/)?([A-Za-z]{4,64})/?")
# In binary manifests the next byte may look like a letter, so only a known code ends where it ends.
_EMBEDDED = re.compile(
    rb"cv\.iptc\.org/newscodes/digitalsourcetype/("
    + "|".join(sorted(SOURCE_MEANINGS, key=len, reverse=True)).encode()
    + rb")"
)


def stated(metadata: Metadata) -> dict[str, str]:
    """Return the properties of all XMP packets of the file, of each what the first packet says."""
    return {name: value for packet in reversed([*xmp_packets(metadata)]) for name, value in xmp.read(packet).items()}


def source_of(metadata: Metadata, properties: Mapping[str, str] | None = None) -> str | None:
    """Return the IPTC code of the source type that the file states, in XMP or in its C2PA manifest.

    ``properties`` are what `stated` gives, where they are known already.
    """
    packet = b"".join(xmp_packets(metadata))
    properties = stated(metadata) if properties is None else properties
    match = _STATED.fullmatch(properties.get(SOURCE_PROPERTY, "").strip())
    plain = match[1] if match else None
    unparsed = (metadata.c2pa or b"") + (b"" if plain else packet)
    found = {plain, *(code.decode() for code in _EMBEDDED.findall(unparsed))}
    return next((code for code in SOURCE_MEANINGS if code in found), plain)


def is_ours(properties: Mapping[str, str]) -> bool:
    """Return whether this tool wrote the XMP, by its own account."""
    return properties.get("xmp:CreatorTool", "").startswith("avatar-creator ")


def credit_of(properties: Mapping[str, str]) -> Credit | None:
    """Return whose art the picture is, as its XMP says."""
    creator = properties.get("dc:creator")
    text = properties.get("photoshop:Credit") or properties.get("dc:rights")
    if not creator and not text:
        return None
    return Credit(
        creator=creator or "",
        license_name=properties.get("xmpRights:UsageTerms", ""),
        license_url=properties.get("cc:license") or properties.get("xmpRights:WebStatement"),
        text=text or "",
    )


def owed_credit(metadata: Metadata, properties: Mapping[str, str] | None = None) -> Credit | None:
    """Return the credit of the art of a drawing of ours, which its licence asks for.

    In other files the same properties name whoever took the photograph.
    """
    properties = stated(metadata) if properties is None else properties
    is_drawing = is_ours(properties) and source_of(metadata, properties) == "algorithmicMedia"
    return credit_of(properties) if is_drawing else None


def credit_properties(credit: Credit) -> dict[str, str]:
    """Return the XMP properties in which agencies, search engines and Creative Commons look for a credit."""
    properties = {
        "dc:creator": credit.creator,
        "dc:rights": credit.text,
        "photoshop:Credit": credit.text,
        "xmpRights:UsageTerms": credit.license_name,
    }
    if credit.license_url:
        properties |= {"cc:license": credit.license_url, "xmpRights:WebStatement": credit.license_url}
    return properties


def statement(metadata: Metadata) -> bytes | None:
    """Return XMP that says no more than the file's source type, and the credit owed; None when there is neither."""
    found = stated(metadata)
    code = source_of(metadata, found)
    if not code:
        return None
    properties = {SOURCE_PROPERTY: _VOCABULARY + code}
    if credit := owed_credit(metadata, found):
        properties |= {"xmp:CreatorTool": found["xmp:CreatorTool"], **credit_properties(credit)}
    return xmp.write(properties)


def upright(metadata: Metadata) -> bytes | None:
    """Return EXIF that says no more than which side is up; None when that goes without saying."""
    orientation = exif.orientation(metadata.exif)
    return None if orientation == exif.UPRIGHT else exif.turned(orientation)


def displayed_sides(metadata: Metadata) -> tuple[int, int]:
    """Return width and height as viewers show the picture, which is where EXIF says up is."""
    sides = metadata.width_px, metadata.height_px
    return sides[::-1] if exif.orientation(metadata.exif) in _ON_ITS_SIDE else sides


def strip(data: bytes) -> bytes:
    """Return the picture with no metadata but its colour profile, which side is up, its source type and credit owed.

    Raises StorageError when it is damaged.
    """
    metadata = containers.read(data)
    return containers.rewrite(data, exif=upright(metadata), xmp=statement(metadata), icc=profiles.implied(metadata))
