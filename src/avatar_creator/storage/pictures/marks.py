"""What a generated picture's file says of itself, so that it stays with the picture wherever that goes.

Source type and credit are the XMP that agencies and search engines read. A recipe adds IPTC's fields for
generated pictures, the text that image tools read, and all that is needed to make the picture again or to
rebuild the library from its files. What is written depends on the input alone: no clock, no machine.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.license import License
from avatar_creator.domain.picture import Credit, DigitalSourceType, Embed, PictureFormat
from avatar_creator.domain.prompt import Prompt
from avatar_creator.domain.recipe import Recipe
from avatar_creator.storage.pictures import containers, exif, parameters, provenance, xmp
from avatar_creator.storage.pictures.containers import jpeg

RECIPE_PROPERTY = "avatar:recipe"
ALT_TEXT_PROPERTY = "Iptc4xmpCore:AltTextAccessibility"

# What an engine's recipe calls that which has a name outside this tool.
_MODEL_VERSION = "model_version"
_STEPS, _GUIDANCE = "num_inference_steps", "guidance_scale"
_BASE_MODEL, _LORA, _LORA_SCALE = "base_model", "lora", "lora_scale"
_NEGATIVE_SENT, _LICENSES = "negative_prompt_sent", "licenses"

# What a mark says; all else tells of the persona, or of what was asked.
_OF_MARK = frozenset(
    {
        provenance.SOURCE_PROPERTY,
        "xmp:CreatorTool",
        *provenance.credit_properties(Credit("", "", "-", "")),
    }
)

# How somebody reaches and pays for a service is nobody's who gets the file; a URL may hold a key as well.
_PRIVATE = frozenset({"bill_to", "provider_key_env", "endpoint"})
_URL = "://"

# JPEG has 64 kB for each block. A prompt stands twice in XMP, where a character takes up to 6 bytes, and once
# in EXIF, with 4. All formats are treated alike, so that a picture can be converted with all its marks.
_XMP_MOST = jpeg.SEGMENT_MOST - len(jpeg.XMP_SIGNATURE)
# Characters, to be tried in turn; the first is more than a persona and its prompt can fill.
_PROMPT_LENGTHS = (6000, 4000, 2500, 1000, 250)


class Marks(NamedTuple):
    """Everything a generated picture's file can say; `Embed` decides how much of it does."""

    source: DigitalSourceType
    creator_tool: str  # name and version
    title: str
    recipe: Recipe
    credit: Credit | None = None
    alt_text: str | None = None


def stamp(data: bytes, marks: Marks, embed: Embed, metadata: containers.Metadata | None = None) -> bytes:
    """Return the same picture with its marks in place of all other metadata; unchanged with `Embed.NONE`.

    A C2PA manifest is signed for the bytes as they are. If it says that a model made the picture, that is the mark,
    and nothing is changed; else it goes. A prompt too long for the file is cut, visibly.
    Raises StorageError when the picture is damaged.
    """
    if embed is Embed.NONE:
        return data
    metadata = metadata or containers.read(data)
    if metadata.c2pa is not None and provenance.source_of(metadata) == marks.source.value:
        return data
    marks = _without_private(marks)
    if embed is Embed.MARK:
        packet = xmp.write(_mark(marks))
        return containers.rewrite(data, exif=provenance.upright(metadata), xmp=packet)
    packet, text = _recipe(marks)
    if metadata.format is PictureFormat.PNG:
        texts = ({"parameters": text} if text else {}) | {"Software": marks.creator_tool}
        return containers.rewrite(data, exif=provenance.upright(metadata), xmp=packet, text=texts)
    block = exif.write(
        width_px=metadata.width_px,
        height_px=metadata.height_px,
        is_srgb=not metadata.has_icc,
        orientation=exif.read(metadata.exif).orientation,
        software=marks.creator_tool,
        artist=marks.credit.creator if marks.credit else None,
        rights=marks.credit.text if marks.credit else None,
        user_comment=text,
    )
    return containers.rewrite(data, exif=block, xmp=packet)


def at_most(data: bytes, embed: Embed) -> bytes:
    """Return a picture of ours as it may be handed out: the same pixels, in a file that says no more than ``embed``.

    One that says less stays as it is, and so does one that a service has signed, as in `stamp`. Raises StorageError
    when it is damaged.
    """
    if embed is Embed.RECIPE:
        return data
    metadata = containers.read(data)
    if metadata.c2pa is not None:
        return data
    said = provenance.stated(metadata)
    mark = {name: value for name, value in said.items() if name in _OF_MARK} if embed is Embed.MARK else {}
    if said == mark and not metadata.text and not metadata.exif:
        return data
    return containers.rewrite(data, exif=provenance.upright(metadata), xmp=xmp.write(mark) if mark else None)


def carried(data: bytes, source: containers.Metadata, *, orientation: int) -> bytes:
    """Return a picture that was encoded anew with the marks of the file that it was made of.

    Those that only one of two formats has a place for are among them. ``orientation`` is that of the new pixels.
    """
    new = containers.read(data)
    said = exif.read(source.exif)
    packet = source.xmp or provenance.statement(source)
    text = source.text.get("parameters") or said.user_comment
    tool = source.text.get("Software") or said.software or ""
    side_up = None if orientation == exif.UPRIGHT else exif.turned(orientation)
    if text is None or new.format is PictureFormat.PNG:
        texts = {} if text is None else {"parameters": text} | ({"Software": tool} if tool else {})
        return containers.rewrite(data, exif=side_up, xmp=packet, text=texts)
    stated = xmp.read(packet or b"")
    block = exif.write(
        width_px=new.width_px,
        height_px=new.height_px,
        is_srgb=not new.has_icc,
        orientation=orientation,
        software=tool,
        artist=stated.get("dc:creator"),
        rights=stated.get("dc:rights"),
        user_comment=text,
    )
    return containers.rewrite(data, exif=block, xmp=packet)


def _recipe(marks: Marks) -> tuple[bytes, str | None]:
    """Return XMP and generation parameters, with as much of the prompt as fits."""
    for longest in _PROMPT_LENGTHS:
        cut = marks._replace(recipe=marks.recipe._replace(prompt=_cut(marks.recipe.prompt, longest)))
        properties = _mark(cut) | _description(cut)
        text = json.dumps(cut.recipe.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        packet = xmp.write(properties | {RECIPE_PROPERTY: text})
        if len(packet) <= _XMP_MOST:
            break
    else:  # options or recipe are too long themselves, and half of one is of no use
        packet = xmp.write(properties)
    # A drawing's prompt was sent to no model: read as if it had been, the file would tell of a photograph.
    is_drawing = marks.source is DigitalSourceType.ALGORITHMIC
    return packet, None if is_drawing else xmp.allowed(_parameters(cut.recipe))


def _mark(marks: Marks) -> dict[str, str]:
    properties = {provenance.SOURCE_PROPERTY: marks.source.uri, "xmp:CreatorTool": marks.creator_tool}
    if marks.credit:
        properties |= provenance.credit_properties(marks.credit)
    else:
        properties |= _terms(map(License.from_json, marks.recipe.made_with.get(_LICENSES, ())))
    return properties


def _terms(licenses: Iterable[License]) -> dict[str, str]:
    """Return the licences of what the picture was made with, and where the first of them stands."""
    licenses = list(licenses)
    url = next((license_.url for license_ in licenses if license_.url), None)
    terms = {"xmpRights:UsageTerms": ". ".join(f"Made with {license_.of}: {license_.summary}" for license_ in licenses)}
    return {name: value for name, value in (terms | {"xmpRights:WebStatement": url}).items() if value}


def _description(marks: Marks) -> dict[str, str]:
    properties = {"dc:title": marks.title}
    if marks.alt_text:
        properties[ALT_TEXT_PROPERTY] = marks.alt_text
    if marks.source is DigitalSourceType.TRAINED:  # a drawing is made by no AI system: these would be untrue
        recipe = marks.recipe
        prompt = parameters.write(recipe.prompt.full, _negative_sent(recipe), {})
        properties["Iptc4xmpExt:AIPromptInformation"] = prompt
        if recipe.model:
            properties["Iptc4xmpExt:AISystemUsed"] = recipe.model
        if version := recipe.made_with.get(_MODEL_VERSION):
            properties["Iptc4xmpExt:AISystemVersionUsed"] = str(version)
    return properties


def _parameters(recipe: Recipe) -> str:
    """Return prompts and values as Forge writes them, in the names and the order that others look for."""
    known = {**recipe.options, **recipe.made_with}
    model, lora = known.get(_BASE_MODEL) or recipe.model, known.get(_LORA)
    guidance = known.get(_GUIDANCE)
    # FLUX was trained to take its guidance as an input: CFG itself, which costs a second pass, is off at 1.
    distilled = guidance is not None and "flux" in str(recipe.model).lower()
    values: dict[str, object] = {
        "Steps": known.get(_STEPS),
        "CFG scale": 1 if distilled else guidance,
        "Distilled CFG Scale": guidance if distilled else None,
        "Seed": recipe.seed,
        "Size": f"{recipe.width_px}x{recipe.height_px}",
        "Model": model,
    }
    prompt = recipe.prompt.full
    if isinstance(lora, str):  # the Hub gives no hash as Civitai counts it, so that "Lora hashes" would be invented
        scale = known.get(_LORA_SCALE)
        prompt += f" <lora:{lora.rpartition('/')[2]}{'' if scale is None else f':{scale:g}'}>"
    stated = {name: value for name, value in values.items() if value is not None}
    return parameters.write(prompt.strip(), _negative_sent(recipe), stated)


def _negative_sent(recipe: Recipe) -> str:
    """Return the negative prompt, unless the model was not given it."""
    return recipe.prompt.negative if recipe.made_with.get(_NEGATIVE_SENT, True) else ""


def _without_private(marks: Marks) -> Marks:
    recipe = marks.recipe
    not_shown = tuple(one for one in recipe.not_shown if _URL not in one)
    made_with = _public(recipe.made_with)
    if licenses := recipe.made_with.get(_LICENSES):  # where they stand is public, if what they are of is
        made_with[_LICENSES] = [license_ for license_ in licenses if _public(license_.get("of"))]
    return marks._replace(
        recipe=recipe._replace(
            model=_public(recipe.model),
            provider=_public(recipe.provider),
            options=_public(recipe.options),
            made_with=made_with,
            not_shown=not_shown,
        )
    )


def _public(value: Any) -> Any:
    """Return a value as it may stand in a file that strangers get: None for a URL."""
    match value:
        case Mapping():
            return {key: _public(one) for key, one in value.items() if key not in _PRIVATE}
        case list() | tuple():
            return [_public(one) for one in value]
        case str() if _URL in value:
            return None
    return value


def _cut(prompt: Prompt, longest: int) -> Prompt:
    def cut(text: str) -> str:
        return text if len(text) <= longest else text[: longest - 1] + "…"

    return Prompt(prompt.base and cut(prompt.base), cut(prompt.full), cut(prompt.negative))
