"""Hair, eyes, skin and dress as a natural prompt says them."""

import re
from typing import NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.natural import words
from avatar_creator.domain.natural.english import article, one_of
from avatar_creator.domain.natural.subject import origin, plain
from avatar_creator.domain.natural.wishes import seen_instead

_NOUNS = {attribute.name: attribute.nouns for attribute in ATTRIBUTES}
_PARTS = re.compile(r"(,? with |,? and |,? over |,? under |, )", re.IGNORECASE)
_HAIR_NOUN = re.compile(r"(?:^|[ -])hair(?:ed)?$", re.IGNORECASE)
_BESIDE_HAIR = re.compile(r",? (?:with|and) (?:an? )?|, ", re.IGNORECASE)
_WEARING = re.compile(r"^(?:is |was )?(?:wearing|dressed in|dressed as|in)\s+", re.IGNORECASE)


class Appearance(NamedTuple):
    """What a person is "with", and what they are wearing."""

    features: list[str]
    worn: list[str]


def hair_of(attributes: Attributes, usual_color: str | None) -> Appearance:
    """Return the hair. ``usual_color`` is that of the age, where none is asked."""
    color, beside = _hair_color(attributes.hair_color or usual_color)
    if not attributes.hair_style:
        return Appearance([_joined(_hair(color), beside)] if color or beside else [], [])
    if seen := seen_instead(attributes.hair_style) if attributes.hair_style.lower() not in words.BALD else None:
        return Appearance([*([_hair(color)] if color else []), seen], [])
    style = plain(attributes.hair_style)
    main, extra = _apart(style)
    main = words.HAIR_SPOKEN.get(main.lower(), main)
    if main.lower() in words.BALD:
        return Appearance([one_of(each, words.MASS) for each in (extra, beside) if each], [])
    if color and color.lower() in main.lower():
        color = ""
    main, _, shape = main.partition(" in ") if not main.startswith("in ") else (main, "", "")
    last = re.split(r"[ -]", main)[-1].lower()
    if last in words.COVERS:
        cover = one_of(main)
        return Appearance([f"{_hair(color)} under {cover}"], []) if color else Appearance([], [cover])
    features = [_style(main, last, color) + (f" in {one_of(shape)}" if shape else "")]
    if extra or beside:
        also = " and ".join(one_of(each, words.MASS) for each in (extra, beside) if each)
        features[0] = _joined(features[0], also)
    return Appearance(features, [])


def _apart(style: str) -> tuple[str, str]:
    """Return a hair style, and what the hair or the face has beside it: "fade" and "beard"."""
    parts = _BESIDE_HAIR.split(style, maxsplit=1)
    last = style.rpartition(" ")[2].lower()
    if " with " in style or last in words.FACIAL_HAIR | words.BESIDE:
        return parts[0], parts[1] if len(parts) > 1 else ""
    return style, ""


def _style(main: str, last: str, color: str) -> str:
    low = main.lower()
    for nouns, form in words.HAIR_FORMS:
        if last in nouns:
            one, cut = one_of(main, words.MASS), one_of(_with_color(main, color))
            return form.format(hair=_hair(color), main=main, one=one, cut=cut).removeprefix("hair and ")
    if low.startswith("hair"):
        return f"{color} {main}".strip()
    if low.partition(" ")[0] in words.TIED:
        return f"{_hair(color)} {main}"
    if last in _NOUNS["hair_style"]:
        main = _HAIR_NOUN.sub("", main)
    return f"{main} {_hair(color)}".strip()


def _hair_color(color: str | None) -> tuple[str, str]:
    """Return a color as an adjective, and what the hair has beside it: "brown", "blonde highlights"."""
    text = plain(color or "").replace("-", " ") if (color or "").lower() in _known("hair_color") else plain(color or "")
    text, _, beside = text.partition(" with ")
    before, _, last = text.rpartition(" ")
    if last.lower() in _NOUNS["hair_color"]:
        text = before
    elif last.lower() in words.BESIDE:
        return "", text
    return words.HAIR_COLORS.get(text.lower(), text), beside


def _hair(color: str) -> str:
    return f"{color} hair".strip()


def _joined(first: str, beside: str) -> str:
    return f"{first} {'and' if ' with ' in first else 'with'} {beside}" if beside else first


def _with_color(main: str, color: str) -> str:
    """Put a color behind the adjectives of length and texture: "short black bob"."""
    if not color:
        return main
    parts = main.split()
    at = 0
    while at < len(parts) - 1 and parts[at].lower() in words.TEXTURES:
        at += 1
    return " ".join((*parts[:at], color, *parts[at:]))


def eyes_of(color: str) -> str:
    """Return the eyes: "dark brown eyes"."""
    text = plain(color).replace("-", " ") if color.lower() in _known("eye_color") else plain(color)
    if " with " in text:
        text, _, beside = text.partition(" with ")
        return f"{eyes_of(text)} with {beside}"
    before, _, last = text.rpartition(" ")
    if last.lower() == "eye":
        return text if before.lower().startswith("one") else f"{before} eyes"
    if last.lower() in _NOUNS["eye_color"] or last.lower() == "heterochromia":
        return f"{before} eyes" if last.lower() == "eyed" else text
    return f"{text.removesuffix('-eyed')} eyes"


def skin_of(tone: str) -> str:
    """Return the skin: "light-medium skin", "a fair complexion"."""
    text = words.SKIN_SPOKEN.get(tone.lower()) or plain(tone)
    main, _, beside = text.partition(" with ")
    last = main.rpartition(" ")[2].lower()
    if last in ("tone", "complexion"):
        main = f"{article(main)} {main}"
    elif last not in words.SKIN_NOUNS and last != "freckles":
        main = f"{main.removesuffix('-skinned').removesuffix(' skinned')} skin"
    return f"{main} with {beside}" if beside else main


def _known(name: str) -> tuple[str, ...]:
    return next(attribute.known for attribute in ATTRIBUTES if attribute.name == name)


FEATURES = {"eye_color": eyes_of, "skin_tone": skin_of}
# The attributes that have words of their own in natural prompts. Another is said by its phrase, as keywords are.
WORDED = {"gender", "age_range", "ethnicity", "body_type", "hair_style", "hair_color", "style", *FEATURES}


# -- dress


def dress_of(attributes: Attributes, *, is_named: bool) -> Appearance:
    """Return what is worn, and facial hair that is asked for as dress. ``is_named``: the prompt names garments."""
    if not attributes.style:
        return Appearance([], [])
    text = _WEARING.sub("", plain(attributes.style, brands=True))
    if seen := seen_instead(text):
        return Appearance([seen], [])
    main = text.lower().replace("-", " ")
    before, _, last = main.rpartition(" ")
    name = before if last in words.OUTFIT_NOUNS and before in words.OUTFITS else main
    outfit = words.OUTFITS.get(name)
    if outfit and is_named:
        return Appearance([], [f"{name} clothes".replace("workwear clothes", "workwear")])
    if outfit:
        culture = origin(attributes.ethnicity) if attributes.ethnicity else ""
        if culture.rpartition(" ")[2].lower() in words.DESCENT:
            culture = culture.rpartition(" ")[0]
        is_one = culture and culture not in words.NO_CULTURE and culture[0].isupper()
        return Appearance([], [outfit.format(f"{culture} " if is_one else "")])
    if text.rpartition(" ")[2].lower() in words.FACIAL_HAIR or text.lower() == "facial hair":
        return Appearance([one_of(text, words.MASS)], [])
    return Appearance([], [_worn(text)])


def _worn(text: str) -> str:
    """Return garments with their articles: "a navy blazer over a white shirt"."""
    pieces = _PARTS.split(text)
    garments = pieces[::2]
    styles = [each.lower().replace("-", " ") in words.OUTFITS for each in garments]
    if len(garments) > 1 and all(style or _is_garment(each) for style, each in zip(styles, garments, strict=True)):
        if pieces[-2] == ", ":
            pieces[-2] = " and "
        pieces[::2] = [
            f"{each} clothes" if style else one_of(each, words.MASS)
            for style, each in zip(styles, garments, strict=True)
        ]
        return "".join(pieces)
    if len(garments) > 1 and _is_garment(garments[0]):
        return one_of(garments[0], words.MASS) + "".join(pieces[1:])
    return one_of(text, words.MASS) if _is_garment(text) else f"{text} clothes"


def _is_garment(text: str) -> bool:
    last = text.rpartition(" ")[2].lower().strip(".,")
    return last in words.GARMENTS or last.rstrip("s") in words.GARMENTS or last in words.MASS or last.endswith("wear")
