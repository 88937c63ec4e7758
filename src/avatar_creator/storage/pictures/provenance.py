"""How a picture came to be, by its own account, and keeping that account when all else is taken out.

A mark that says "made by a model" is no secret of whoever sends the picture: it is owed to whoever sees it,
and the EU's AI Act forbids taking it away.
"""

import re

from avatar_creator.storage.pictures import containers, exif, xmp
from avatar_creator.storage.pictures.containers import Metadata

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


def source_of(metadata: Metadata) -> str | None:
    """Return the IPTC code of the source type that the file states, in XMP or in its C2PA manifest."""
    packet = metadata.xmp or b""
    match = _STATED.fullmatch(xmp.read(packet).get(SOURCE_PROPERTY, "").strip())
    stated = match[1] if match else None
    unparsed = (metadata.c2pa or b"") + (b"" if stated else packet)
    found = {stated, *(code.decode() for code in _EMBEDDED.findall(unparsed))}
    return next((code for code in SOURCE_MEANINGS if code in found), stated)


def statement(metadata: Metadata) -> bytes | None:
    """Return XMP that says no more than the file's source type; None when it states none."""
    code = source_of(metadata)
    return xmp.write({SOURCE_PROPERTY: _VOCABULARY + code}) if code else None


def upright(metadata: Metadata) -> bytes | None:
    """Return EXIF that says no more than which side is up; None when that goes without saying."""
    orientation = exif.read(metadata.exif).orientation
    return None if orientation == exif.UPRIGHT else exif.turned(orientation)


def displayed_sides(metadata: Metadata) -> tuple[int, int]:
    """Return width and height as viewers show the picture, which is where EXIF says up is."""
    sides = metadata.width_px, metadata.height_px
    return sides[::-1] if exif.read(metadata.exif).orientation in _ON_ITS_SIDE else sides


def strip(data: bytes) -> bytes:
    """Return the picture with no metadata but its colour profile, which side is up and its source type.

    Raises StorageError when it is damaged.
    """
    metadata = containers.read(data)
    return containers.rewrite(data, exif=upright(metadata), xmp=statement(metadata))
