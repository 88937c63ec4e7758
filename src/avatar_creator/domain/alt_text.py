"""The sentence that stands for a picture where nobody sees it.

It says what is seen and matters, and no name. Age, skin, expression, glasses' color, earrings and background are said
where somebody asked for them: what chance chose of those is seldom worth a word. An ethnicity is never said, for nobody
sees it, nor a body type: a sentence that others hear should not judge one.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from avatar_creator.domain.picture import BY_CHANCE
from avatar_creator.domain.prompt import QUALITY_TERMS

LONGEST = 150  # characters: more is tiring to listen to
_SAID_IF_ASKED = frozenset({"age", "skin", "expression", "glasses_color", "earrings", "earrings_color", "background"})
_LEFT_OUT_FIRST = ("background", "earrings", "expression", "eyes", "glasses_color", "skin", "glasses", "facial_hair")
_ADULT = 18
_PEOPLE = {"female": ("woman", "girl"), "male": ("man", "boy")}
_ANYBODY = ("person", "child")
_BARE_HEADS = ("bald", "balding")
_EYES_CLOSED = "eyes closed"
_KINDS_OF_HAIR = frozenset(  # all other words for hair are cuts
    {"short", "medium-length", "long", "straight", "wavy", "curly", "coily", "shaggy", "spiky", "layered"}
)
_NATURAL = "A photograph of "  # begins a natural prompt
_UNCOUNTED = ("wear", "stubble", "hair", "skin")


def of_drawing(drawn: Mapping[str, str]) -> str:
    """Return the alt text of a drawing that shows this."""
    said = {
        name: words.removesuffix(BY_CHANCE)
        for name, words in drawn.items()
        if name not in _SAID_IF_ASKED or not words.endswith(BY_CHANCE)
    }
    text = _sentence(said)
    for name in _LEFT_OUT_FIRST:
        if len(text) > LONGEST:
            said.pop(name, None)
            text = _sentence(said)
    return text


def of_photograph(name: str | None, full_prompt: str) -> str:
    """Return the alt text of what a model made: as nobody has seen it, what it was asked for, and that it was asked."""
    wish = full_prompt.removesuffix(", ".join(QUALITY_TERMS)).removeprefix(_NATURAL).strip(", ")
    if name:
        wish = wish.removeprefix(name).strip(", ")
    text = f"AI-made photograph, asked for as: {wish}" if wish else "AI-made photograph"
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 1].rpartition(' ')[0].rstrip(',')}…"


def _sentence(said: Mapping[str, str]) -> str:
    age = int(said.get("age", _ADULT))
    grown, young = _PEOPLE.get(said.get("gender", ""), _ANYBODY)
    expression, hair = said.get("expression", ""), said.get("hair", "")
    adjectives = (expression if expression != _EYES_CLOSED else "", hair if hair in _BARE_HEADS else "")
    person = " ".join(filter(None, (*adjectives, young if age < _ADULT else grown)))
    shown = list(_shown(said))
    clothes = said.get("clothes", "clothes" if "clothes_color" in said else "")
    headwear = "" if _is_in_hair(said) else said.get("headwear", "")
    things = (("headwear", headwear), ("clothes", clothes))
    worn = [_counted(_colored(said.get(f"{name}_color"), thing)) for name, thing in things if thing]
    parts = [
        f"Drawing of {_counted(person)}",
        f" of about {age}" if "age" in said else "",
        f" with {_listed(shown)}" if shown else "",
        f", wearing {_listed(worn)}" if worn else "",
        f", on a {said['background']} background" if "background" in said else "",
    ]
    return "".join(parts)


def _shown(said: Mapping[str, str]) -> Iterator[str]:
    """Yield what the person has, in the order in which people describe a face."""
    hair_color, beard = said.get("hair_color"), said.get("facial_hair")
    if said.get("hair") not in _BARE_HEADS and ("hair" in said or hair_color):
        yield _hair(said.get("hair", ""), hair_color)
    if beard:
        color = said.get("facial_hair_color")
        is_said = color == hair_color and said.get("hair") not in _BARE_HEADS
        yield _counted(_colored(None if is_said else color, beard))
    if said.get("expression") == _EYES_CLOSED:
        yield "closed eyes"
    elif "eyes" in said:
        yield f"{said['eyes']} eyes"
    if "skin" in said:
        yield f"{said['skin']} skin"
    for name in ("glasses", "earrings", *(("headwear",) if _is_in_hair(said) else ())):
        if name in said:
            yield _counted(_colored(said.get(f"{name}_color"), said[name]))


def _is_in_hair(said: Mapping[str, str]) -> bool:
    """Return whether what is on the head is not worn, as flowers are not."""
    return said.get("headwear", "").endswith(" in the hair")


def _hair(hair: str, color: str | None) -> str:
    """Return "a black bob", "long straight black hair", "short black dreadlocks"."""
    style, with_, detail = hair.partition(" with ")
    words = style.split()
    kinds = list(takewhile(_KINDS_OF_HAIR.__contains__, words))
    cut = words[len(kinds) :] or ["hair"]
    return _counted(" ".join([*kinds, *([color] if color else []), *cut])) + with_ + detail


def _colored(color: str | None, thing: str) -> str:
    return f"{color} {thing}" if color else thing


def _counted(thing: str) -> str:
    """Return a thing with its article: "a bob", "an afro", "dreadlocks", "stubble"."""
    noun = thing.partition(" with ")[0].partition(" in ")[0]
    if noun.endswith(_UNCOUNTED) or (noun.endswith("s") and not noun.endswith("ss")):
        return thing
    return f"{'an' if thing[0] in 'aeiou' and not thing.startswith(('uni', 'eu', 'one')) else 'a'} {thing}"


def _listed(things: Sequence[str]) -> str:
    *others, last = things
    return f"{', '.join(others)} and {last}" if others else last
