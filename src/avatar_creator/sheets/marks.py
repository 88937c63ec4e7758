"""What a sheet says of itself: how its pictures came to be, and whose art they are."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from avatar_creator._version import __version__
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.made import Made
from avatar_creator.domain.picture import DigitalSourceType
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers, provenance, xmp

CREATOR = f"avatar-creator {__version__}"
_SHEET = "avatar:sheet"
_VOCABULARY = DigitalSourceType.ALGORITHMIC.uri.removesuffix(DigitalSourceType.ALGORITHMIC.value)
_MIXED_TRAINED, _MIXED = "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"
_RIGHTS_LONGEST = 8000  # characters; JPEG has 64 kB for all of it
_PDF, _PDF_HEAD = b"%PDF-", 2**16  # ours say it in the first object
_LARGEST = 2**28  # bytes


def credits_of(avatars: Iterable[Avatar]) -> list[str]:
    """Return, a sentence each, how pictures came to be, and whose art or model they are made with."""
    avatars = list(avatars)
    how = [
        said
        for made, said in (
            (Made.DRAWN, "drawn by a program"),
            (Made.BY_MODEL, "made by a trained model"),
            (Made.UPLOADED, "uploaded"),
        )
        if any(avatar.made is made for avatar in avatars)
    ]
    owed = dict.fromkeys(said for avatar in avatars if (said := _credit(avatar)))
    return [_sentence(" or ".join(how)), *map(_sentence, owed)] if how else []


def packet(title: str, avatars: Sequence[Avatar]) -> bytes:
    """Return the XMP of a page with the pictures of these."""
    sources = {DigitalSourceType.of(avatar.made) for avatar in avatars}
    properties = {"dc:title": title} if title else {}
    if code := _source(sources):
        properties[provenance.SOURCE_PROPERTY] = _VOCABULARY + code
    rights = " ".join(credits_of(avatars))[:_RIGHTS_LONGEST]
    return xmp.write(properties | {"dc:rights": rights, "xmp:CreatorTool": CREATOR, _SHEET: str(len(avatars))})


def is_sheet(path: Path) -> bool:
    """Return whether a file is a sheet that we wrote."""
    try:
        data = read_regular(path, _LARGEST)
        if data.startswith(_PDF):
            return f"<{_SHEET}>".encode() in data[:_PDF_HEAD]
        return _SHEET in provenance.stated(containers.read(data))
    except (OSError, ValueError, StorageError):
        return False


def _source(sources: set[DigitalSourceType | None]) -> str | None:
    if len(sources) == 1:
        (only,) = sources
        return only.value if only else None
    return _MIXED_TRAINED if DigitalSourceType.TRAINED in sources else _MIXED


def _credit(avatar: Avatar) -> str | None:
    if avatar.credit or avatar.made is not Made.BY_MODEL:
        return avatar.credit
    named = {license_.of: license_.name for license_ in avatar.licenses}
    works = named or ({avatar.model: None} if avatar.model else {})
    return "; ".join(f"{work} ({name})" if name else work for work, name in works.items()) or None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
