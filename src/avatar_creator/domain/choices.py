"""What a Python program may ask for by name, and what is said of a name or a type that is not among it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput

if TYPE_CHECKING:
    from avatar_creator.domain.attributes import Attributes
    from avatar_creator.domain.persona import Persona


class Choices(TypedDict, total=False):
    """What decides a picture beside whom it shows; None counts as not given."""

    name: str | None
    project: str | None
    engine: str | None
    seed: int | None
    width_px: int | None
    height_px: int | None
    format: PictureFormat | str | None
    jpeg_quality: int | None
    embed: Embed | str | None
    commercial: bool | None
    options: Mapping[str, Any] | None  # of engines, by name; each of them is an argument, too
    # The offline engine's.
    art_style: str | None
    # Those of photographs.
    model: str | None
    provider: str | None
    lora: str | None
    lora_scale: float | None
    steps: int | None
    guidance: float | None
    timeout_s: float | None
    bill_to: str | None
    require_lora: bool | None
    reroll: bool | None
    provider_key_env: str | None


class RequestChoices(Choices, total=False):
    """What `request` takes too."""

    count: int | None


class GenerateChoices(Choices, total=False):
    """What `generate` takes too."""

    negative_prompt: str | None
    quality_terms: bool
    name_in_prompt: bool


class UploadChoices(TypedDict, total=False):
    """What `upload` takes beside the file."""

    project: str | None
    name: str | None
    persona: "Persona | None"
    attributes: "Attributes | None"
    keep_metadata: bool


def check_names(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidInput for an argument that is not known, with the nearest that is."""
    names = sorted(known)
    for name in given:
        if name not in names:
            from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

            near = get_close_matches(name, names, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Arguments: {', '.join(names)}."
            raise InvalidInput(f"There is no argument {name!r}.", hint=hint)


def path_of(field: str, value: Path | str) -> Path:
    """Return a path that was given as a text, too. Raises InvalidInput for what is none, as an empty text."""
    if not isinstance(value, str | Path):
        raise InvalidInput(
            f"{field} is of type {type(value).__name__}, which is no path.", hint="Give a pathlib.Path, or its text."
        )
    if value == "":  # for Path, the folder that one is in
        raise InvalidInput(f"{field} is empty.", hint="Give a path.")
    try:
        str(value).encode("utf-8", "surrogateescape")  # as the names of files are written
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"{field} is {shown(value)}, which no file can be called.", hint="Give another one."
        ) from error
    return Path(value)
