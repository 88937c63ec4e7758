"""Says in words what a drawing shows. What is hidden is not said: eyes under sunglasses, hair under a hijab."""

from collections.abc import Iterator, Mapping
from itertools import chain

from avatar_creator.domain.picture import BY_CHANCE
from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.appearance import Appearance
from avatar_creator.engines.offline.art.style import COVERED, ArtStyle
from avatar_creator.engines.offline.grammar.color_names import color_named
from avatar_creator.engines.offline.requested import Requested
from avatar_creator.engines.offline.variants import SHOWN_UNDER_HEADWEAR, nearest_words, weighted
from avatar_creator.engines.offline.words.colors import NAMED
from avatar_creator.engines.offline.words.garments import GARMENTS

# Hair by its cut, if it has one that people have a word for; of several the first one that was asked for.
_CUTS = {
    "bald": "bald",
    "balding": "balding",
    "afro": "afro",
    "dreadlocks": "dreadlocks",
    "twists": "twists",
    "cornrows": "cornrows",
    "braids": "braids",
    "bantu-knots": "bantu knots",
    "pigtails": "pigtails",
    "ponytail": "ponytail",
    "buns": "buns",
    "bun": "bun",
    "mohawk": "mohawk",
    "flat-top": "flat top",
    "mullet": "mullet",
    "bob": "bob",
    "pixie": "pixie cut",
    "buzz": "buzz cut",
    "undercut": "undercut",
}
# Without that word they are short hair, a buzz cut, an undercut or a bun.
_CUTS_IF_ASKED = {
    "quiff": "quiff",
    "bowl": "bowl cut",
    "caesar": "caesar cut",
    "fade": "fade",
    "faux-hawk": "faux hawk",
    "beehive": "beehive",
}
_MEASURED_CUTS = frozenset({"dreadlocks", "braids", "twists"})  # said with their length
_LENGTHS = {"short": "short", "medium": "medium-length", "long": "long"}
_TEXTURES = ("straight", "wavy", "curly", "coily", "shaggy", "spiky", "layered")
_DETAILS = {"fringe": "with a fringe", "side-part": "with a side parting"}  # said if they were asked for
_ADULT = 18  # who is younger has an adult's face in most art styles

_PLAIN_EXPRESSIONS = frozenset({"smile", "laugh", "calm", "serious", "neutral"})  # of who was not asked for one
# What is said of a word for a part, where that is not the word itself.
_SAID = {
    "smile": "smiling",
    "laugh": "laughing",
    "wink": "winking",
    "asleep": "eyes closed",
    "handlebar": "handlebar moustache",
    "stud": "stud earrings",
    "hoop": "hoop earrings",
    "flowers": "flowers in the hair",
    "v-neck": "V-neck top",
}
_SHADES = ("dark", "light", "pale")
# The names of colors of a role; those of a palette first, and of another color the nearest of these.
_PALETTES: Mapping[str, Mapping[str, str]] = {
    "skin": palette.SKIN,
    "hair": palette.HAIR,
    "beard": palette.HAIR,
    "eyes": palette.EYES,
    "frames": palette.FABRIC | palette.FRAMES,
    "jewellery": palette.FABRIC | palette.JEWELLERY,
    "background": palette.FABRIC | palette.PASTELS | palette.DUSTY,
}


# Parts of an appearance, each with its name in a description and the role of its color.
_THINGS = (
    ("facial hair", "facial_hair", "beard"),
    ("expression", "expression", None),
    ("glasses", "glasses", "frames"),
    ("headwear", "headwear", "headwear"),
    ("earrings", "earrings", "jewellery"),
    ("attire", "clothes", "clothes"),
)


def describe(
    style: ArtStyle,
    requested: Requested,
    appearance: Appearance,
    drawings: Mapping[str, str],
    colors: frozenset[str],
) -> dict[str, str]:
    """Return what is seen, by part. ``drawings`` and ``colors`` are those of the style that are in the picture."""
    said = _Description(style, requested, appearance, drawings, colors).said()
    return {name: f"{words}{BY_CHANCE}" if by_chance else words for name, words, by_chance in said}


class _Description:
    def __init__(
        self,
        style: ArtStyle,
        requested: Requested,
        appearance: Appearance,
        drawings: Mapping[str, str],
        colors: frozenset[str],
    ) -> None:
        self._style = style
        self._requested = requested
        self._appearance = appearance
        self._drawings = drawings
        self._roles = {style.shows(name) for name in colors & style.colors.keys()}

    def said(self) -> Iterator[tuple[str, str, bool]]:
        """Yield each part with its words, and whether nobody asked for it."""
        appearance, left_open = self._appearance, self._appearance.by_chance
        yield "gender", appearance.gender, "gender" in left_open
        if appearance.age >= _ADULT or any(part.name == "age" for part in self._style.parts):
            yield "age", str(appearance.age), "age" in left_open
        body = self._words("body type") if "body type" in appearance.requested else None
        if body:
            yield "body_type", body, False
        yield from self._color("skin", "skin")
        hair = self._hair()
        if hair:
            yield "hair", hair, "hair style" in left_open
        yield from self._color("hair_color", "hair")
        yield from self._color("eyes", "eyes")
        for part, name, role in _THINGS:
            words = self._words(part)
            if words:
                yield name, words, part in left_open
            if role and (words or role == "clothes"):
                yield from self._color(f"{name}_color", role)
        yield from self._color("background", "background")

    def _color(self, name: str, role: str) -> Iterator[tuple[str, str, bool]]:
        if role in self._roles or role == "background":
            asked = self._requested.colors.keys() & ({"beard", "hair"} if role == "beard" else {role})
            yield name, color_name(self._appearance.colors[role], role), not asked

    def _hair(self) -> str | None:
        """Return what the hair is like; None where something hides it."""
        drawing = self._drawing(self._style.hair_component)
        features = frozenset(self._style.hair.get(drawing.removesuffix(COVERED), "").split())
        is_covered = drawing.endswith(COVERED) or self._words("headwear") in self._style.covering
        if is_covered and not features & SHOWN_UNDER_HEADWEAR:
            return None
        return hair_words(features, self._appearance.hair)

    def _drawing(self, component: str) -> str:
        """Return the drawing of a component as art styles write it, "-" for none."""
        return "/".join(self._drawings.get(one, "-") for one in component.split("/"))

    def _words(self, name: str) -> str | None:
        """Return what is seen of a part: what was asked for, or is nearest to it, else the word that fits best."""
        shown = list(self._shown(name))
        asked = nearest_words(self._appearance.parts[name])
        word = next((word for word in asked if any(word in words for _, words in shown)), None)
        if name == "attire":
            return self._garment(word, shown)
        if word is None:
            # The first part says most, as a mouth does of an expression, and so does a word for few drawings.
            drawing, words = next(((drawing, words) for drawing, words in shown if words), ("", {}))
            fits = [one for one in words if name != "expression" or one in _PLAIN_EXPRESSIONS]
            word = drawing if drawing in fits else min(fits, key=lambda one: words[one], default=None)
        return None if word is None else _SAID.get(word, word)

    def _garment(self, asked: str | None, shown: list[tuple[str, Mapping[str, int]]]) -> str | None:
        """Return what is worn: a garment, where one of the words for the drawing is one."""
        for drawing, words in shown:
            if drawing in self._style.garments:
                return self._style.garments[drawing]
            word = next((one for one in (asked, drawing, *words) if one in words and one in GARMENTS), None)
            if word is not None:
                return _SAID.get(word, word)
            if words:
                return f"{asked if asked in words else next(iter(words))} clothes"
        return None

    def _shown(self, name: str) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield the drawings of a part that are seen, and the words that each is drawn for.

        With each word stands for how many drawings it is.
        """
        for part in self._style.parts:
            drawing = self._drawing(part.component)
            if part.name == name and set(drawing) - set("-/"):
                near = {word: named for word, named in part.drawings.items() if word and drawing in named}
                drawings = {word: weighted(named, self._appearance.gender) for word, named in near.items()}
                yield drawing, {word: len(named) for word, named in drawings.items() if drawing in named}


def hair_words(features: frozenset[str], asked: tuple[str, ...]) -> str | None:
    """Return in words what hair with these features is like: "long straight", "bob", "short dreadlocks"."""
    cuts = _CUTS | {name: cut for name, cut in _CUTS_IF_ASKED.items() if name in asked}
    cut = next((one for one in (*asked, *cuts) if one in cuts and one in features), None)
    length = next((words for one, words in _LENGTHS.items() if one in features), None)
    texture = next((one for one in (*asked, *_TEXTURES) if one in _TEXTURES and one in features), None)
    details = [words for one, words in _DETAILS.items() if one in asked and one in features]
    if cut is None:
        shape = [length, texture, *(["hair"] if details else [])]
    else:
        shape = [length if cut in _MEASURED_CUTS else None, cuts[cut]]
    return " ".join(filter(None, (*shape, *details))) or None


def color_name(color: str, role: str) -> str:
    """Return the name of a color, or of the one that looks most like it."""
    names = _PALETTES.get(role, palette.FABRIC)
    exact = (name for known in (names, NAMED) for name, value in known.items() if value == color)
    shades = (f"{shade} {name}" for shade in _SHADES for name in names if color_named((shade, name), names) == color)
    return next(chain(exact, shades), None) or min(names, key=lambda name: palette.distance(names[name], color))
