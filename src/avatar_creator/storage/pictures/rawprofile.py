"""EXIF and XMP that ImageMagick, darktable and others keep in PNG as hexadecimal text, "Raw profile type exif"."""

import re
from collections.abc import Iterator

from avatar_creator.storage.pictures.containers import Metadata
from avatar_creator.storage.pictures.containers.jpeg import XMP_SIGNATURE

_KEYWORD = re.compile(r"(?i)raw profile type (exif|app1|xmp)")
# A line of the profile's name, a line of its length, and the hexadecimal digits in lines.
_PROFILE = re.compile(r"\s*\w+\s+\d+\s([0-9a-fA-F\s]*)")
_XMP = (XMP_SIGNATURE, b"<", b"\xef\xbb\xbf<")


def exif_blocks(metadata: Metadata) -> Iterator[bytes]:
    """Yield the file's EXIF, first the one that viewers heed."""
    if metadata.exif is not None:
        yield metadata.exif
    yield from (profile for profile in _profiles(metadata) if not profile.startswith(_XMP))


def xmp_packets(metadata: Metadata) -> Iterator[bytes]:
    """Yield the file's XMP packets."""
    if metadata.xmp is not None:
        yield metadata.xmp
    for profile in _profiles(metadata):
        if profile.startswith(_XMP):
            yield profile.removeprefix(XMP_SIGNATURE)


def _profiles(metadata: Metadata) -> Iterator[bytes]:
    for keyword, text in metadata.text.items():
        profile = _PROFILE.fullmatch(text) if _KEYWORD.fullmatch(keyword) else None
        if profile:
            try:
                yield bytes.fromhex(profile[1])
            except ValueError:  # half a byte
                continue
