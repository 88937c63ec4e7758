"""The words the offline engine knows, and how it finds them in free text."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from avatar_creator.engines.offline import palette


class Topic(StrEnum):
    """What a word can be about; spelled as messages say it."""

    GENDER = "gender"
    AGE = "age range"
    ORIGIN = "ethnicity"
    HAIR = "hair style"
    HAIR_COLOR = "hair color"
    EYE_COLOR = "eye color"
    SKIN = "skin tone"
    DRESS = "style"
    GARMENT = "garment"
    FABRIC = "color of dress"
    BEARD = "facial hair"
    GLASSES = "glasses"
    HEADWEAR = "headwear"
    EARRINGS = "earrings"
    EXPRESSION = "expression"
    TRAIT = "personality"


class Found(NamedTuple):
    """A known word of a text (``meaning`` is what it stands for), or an unknown one without topic."""

    text: str
    topic: Topic | None
    meaning: str
    refused: bool


_SPELLINGS = (("grey", "gray"), ("colour", "color"), ("'", ""), ("\u2019", ""))
_TOKEN = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|[^\W_]+|[,.;:!?]")


def tokens_of(text: str) -> list[str]:
    """Return the words and stops of a text, lower-case, British spellings and apostrophes made one."""
    text = text.casefold()
    for spelling, meant in _SPELLINGS:
        text = text.replace(spelling, meant)
    return _TOKEN.findall(text)


# meaning: the phrases that say it, beside the meaning itself.
_PHRASES: Mapping[Topic, Mapping[str, str]] = {
    Topic.GENDER: {
        "female": "woman, women, girl, lady, f, feminine, she, trans woman",
        "male": "man, men, boy, guy, gentleman, m, masculine, he, trans man",
        "non-binary": "nonbinary, nb, enby, genderqueer, gender fluid, genderfluid, agender, androgynous, they",
    },
    Topic.AGE: {
        "6": "child, kid, kids",
        "3": "toddler, baby, infant",
        "11": "preteen, tween",
        "16": "teen, teens, teenager, teenage, adolescent",
        "25": "young, young adult, youthful, student",
        "40": "adult, grown up",
        "47": "middle aged, middle age, midlife",
        "60": "mature, older, older adult",
        "72": "senior, retired, pensioner",
        "78": "elderly, old, aged, very old",
    },
    Topic.ORIGIN: {
        "asian": "",
        "east asian": "chinese, japanese, korean, taiwanese, mongolian",
        "southeast asian": "south east asian, vietnamese, thai, filipino, indonesian, malay",
        "south asian": "indian, pakistani, bangladeshi, sri lankan, desi, tamil",
        "black": "african american, afro american, caribbean, afro caribbean, jamaican",
        "african": "nigerian, ethiopian, kenyan, ghanaian, somali",
        "caucasian": "european, nordic, scandinavian, slavic",
        "white": "",
        "hispanic": "latino, latina, latinx, latin, latin american, mexican, brazilian",
        "middle eastern": "arab, arabic, persian, iranian, turkish, north african, mediterranean, kurdish",
        "indigenous": "native american, native, first nations, aboriginal",
        "pacific islander": "polynesian, maori, samoan, hawaiian",
        "mixed": "mixed race, multiracial, biracial",
    },
    Topic.HAIR: {
        "short": "cropped, ear length, crop",
        "medium": "medium length, shoulder length, chin length, mid length",
        "long": "waist length, flowing, very long",
        "straight": "sleek, flat",
        "wavy": "waves, waved, beach waves",
        "curly": "curls, curled, ringlets, perm, permed",
        "coily": "kinky, natural coils, twists, coils",
        "afro": "fro",
        "braids": "braid, braided, cornrows, box braids, plaits, plait",
        "dreadlocks": "dreads, locs, dreadlock",
        "bun": "top knot, topknot, man bun, chignon, updo",
        "buns": "space buns, double buns",
        "ponytail": "pony tail, pony",
        "pigtails": "bunches",
        "bob": "lob, bobbed",
        "pixie": "pixie cut",
        "buzz": "buzz cut, buzzcut, crew cut, crewcut, shaved head",
        "side-part": "side parted, parted, comb over, combover, ivy league",
        "quiff": "pompadour, slicked back, swept back",
        "spiky": "spiked, spikes",
        "shaggy": "messy, tousled, shag, layered",
        "undercut": "fade, fade cut, shaved sides, high top",
        "mohawk": "mohican",
        "mullet": "",
        "fringe": "bangs",
        "balding": "receding, receding hairline, thinning, half bald",
        "bald": "hairless, shaven, no hair, bald head",
    },
    Topic.DRESS: {
        "casual": "casual dress, everyday, relaxed, street, streetwear",
        "smart-casual": "smart casual, business casual, business-casual, preppy, smart, academic",
        "formal": "business, business dress, formal dress, business formal, professional, elegant, black tie, "
        "corporate, executive",
        "sporty": "sport, sports, athletic, athleisure, gym, sportswear",
        "workwear": "work wear, manual work, farmer, mechanic",
        "creative": "artistic, artsy, bohemian, hipster, alternative, geek",
    },
    Topic.GARMENT: {
        "t-shirt": "t shirt, tshirt, tee, crew neck, shirt top",
        "v-neck": "v neck",
        "hoodie": "hoody, hooded sweatshirt, sweatshirt",
        "sweater": "jumper, pullover, cardigan, knitwear",
        "shirt": "collared shirt, button down, polo, polo shirt, dress shirt, collar",
        "suit": "blazer, suit jacket, sport coat, tuxedo",
        "jacket": "coat, leather jacket, denim jacket, bomber",
        "turtleneck": "turtle neck, roll neck, polo neck",
        "overalls": "overall, dungarees, bib overalls",
        "graphic shirt": "graphic t shirt, graphic tee, printed shirt, band shirt",
        "checkered shirt": "checked shirt, plaid shirt, flannel, flannel shirt, plaid",
        "gown": "dress, sundress, evening dress",
    },
    Topic.BEARD: {
        "none": "clean shaven, clean shaved, beardless, smooth shaven, shaven face",
        "stubble": "scruff, five o clock shadow, unshaven, designer stubble, light beard, short beard",
        "beard": "bearded, trimmed beard",
        "full beard": "thick beard, bushy beard, heavy beard",
        "long beard": "big beard, huge beard",
        "moustache": "mustache, moustached, mustached, tache",
        "handlebar": "handlebar moustache, handlebar mustache, curled moustache, curly moustache",
        "goatee": "van dyke, soul patch, chin beard",
    },
    Topic.GLASSES: {
        "glasses": "spectacles, eyeglasses, specs, reading glasses, bespectacled, eyewear",
        "round glasses": "",
        "rectangular glasses": "square glasses",
        "thick glasses": "thick rimmed glasses, horn rimmed glasses, black rimmed glasses",
        "sunglasses": "shades, sun glasses, aviators, wayfarers, dark glasses",
        "eyepatch": "eye patch",
    },
    Topic.HEADWEAR: {
        "hat": "fedora, sun hat, sunhat, wide brimmed hat",
        "beanie": "winter hat, woolly hat, wool hat, knit cap, woolen hat, bobble hat",
        "cap": "baseball cap",
        "hijab": "headscarf, head scarf, veil",
        "turban": "dastar",
        "headband": "hair band, hairband",
        "flowers": "flower crown, flowers in her hair, flower in her hair",
    },
    Topic.EARRINGS: {
        "stud": "earrings, earring, stud earrings, studs, ear studs",
        "hoop": "hoop earrings, hoops, hoop earring",
    },
    Topic.EXPRESSION: {
        "smile": "smiling, smiles, grin, grinning, happy, cheerful, joyful, friendly",
        "laugh": "laughing, laughs, big smile, broad smile, beaming",
        "calm": "relaxed, soft smile, gentle smile, slight smile, serene, content",
        "serious": "neutral expression, stern, solemn, unsmiling, straight face, frown, frowning",
        "sad": "unhappy, crying, tearful, melancholic",
        "angry": "furious, scowling, mad",
        "surprised": "amazed, astonished, shocked",
        "wink": "winking, winks",
        "asleep": "eyes closed, closed eyes, sleeping",
    },
    Topic.TRAIT: {
        "smile": "friendly, warm, cheerful, happy, kind, outgoing, optimistic, joyful, welcoming, approachable, "
        "energetic, enthusiastic, helpful, sociable, playful, charming, positive",
        "laugh": "funny, humorous, witty, exuberant",
        "calm": "gentle, thoughtful, relaxed, patient, shy, quiet, introverted, caring, empathetic, confident, wise",
        "serious": "stern, stoic, strict, focused, reserved, determined, grumpy, disciplined, analytical, pragmatic, "
        "professional, authoritative, cautious",
        "sad": "melancholic, gloomy, pessimistic",
    },
}
_COLORS: Mapping[Topic, Mapping[str, str]] = {
    Topic.HAIR_COLOR: palette.HAIR,
    Topic.EYE_COLOR: palette.EYES,
    Topic.SKIN: palette.SKIN,
    Topic.FABRIC: palette.FABRIC,
}
_COLOR_SYNONYMS: Mapping[Topic, Mapping[str, str]] = {
    Topic.HAIR_COLOR: {
        "black": "jet black, raven",
        "dark brown": "brunette, dark, espresso",
        "light brown": "caramel, honey brown",
        "chestnut": "chestnut brown",
        "red": "redhead, red haired",
        "ginger": "orange red",
        "blonde": "blond, golden, honey blonde, fair, honey",
        "dark blonde": "dirty blonde, dark blond, dirty blond, sandy, ash blonde",
        "strawberry blonde": "strawberry blond",
        "platinum": "platinum blonde, platinum blond, light blonde, light blond, bleached",
        "salt and pepper": "graying, salt pepper, gray streaked",
        "silver": "silver gray",
        "white": "snow white",
    },
    Topic.EYE_COLOR: {
        "gray": "silver",
        "turquoise": "teal, blue green",
        "amber": "golden",
        "hazel": "hazel green",
    },
    Topic.SKIN: {
        "very light": "fair, pale, porcelain, ivory, very fair",
        "light": "white, beige, peach",
        "medium light": "light medium",
        "medium": "tan, tanned, caramel, golden",
        "medium dark": "brown, light brown, bronze, dark medium",
        "dark": "dark brown",
        "deep": "black, ebony, very dark",
    },
    Topic.FABRIC: {
        "navy": "navy blue, dark blue",
        "burgundy": "maroon, wine",
        "beige": "tan, khaki",
        "charcoal": "dark gray",
    },
}
_FILLERS = frozenset(
    tokens_of(
        "a an and the of or to with in on at has have having wearing wears who is looking very some style styled "
        "hair haired color colored coloured tone toned skin eyes eyed eye look looks cut hairstyle natural "
        "naturally modern classic classy neat simple years year attire outfit clothes clothing dressed wear shade "
        "range age ethnicity race descent person identifying people personality expression face faced his her "
        "their portrait headshot photo photograph picture avatar image professional background him she he was "
        "being as by from for into front "
    )
)
_REFUSALS = frozenset(
    ["no", "not", "without", "never", "nor", "neither", "minus", "dont", "doesnt", "isnt", "arent", "wont", "cannot"]
)
_REFUSAL_ENDS = frozenset({",", ".", ";", ":", "!", "?", "but", "with", "wearing", "wears", "has"})
_LONGEST = 4  # words in a phrase

_Index = Mapping[tuple[str, ...], str]


def read(text: str, *topics: Topic) -> Iterator[Found]:
    """Yield what a text says about some topics, and its words that say nothing about them.

    The longest phrase wins; of two topics that know a phrase, the first. Colors are given as #rrggbb.
    """
    tokens = tokens_of(text)
    at, refused = 0, False
    while at < len(tokens):
        word = tokens[at]
        match = _match(tokens[at : at + _LONGEST], topics)
        if match:
            words, topic, meaning = match
            yield Found(" ".join(words), topic, meaning, refused)
            at += len(words)
            continue
        if word in _REFUSALS:
            refused = True
        elif tokens[at - 1] in _REFUSALS:
            pass  # "not wearing", "without any": still refused
        elif word in _REFUSAL_ENDS or (word == "and" and tokens[at + 1 : at + 2] in (["a"], ["an"])):
            refused = False
        elif word not in _FILLERS and word[0].isalnum():
            yield Found(word, None, "", refused)
        at += 1


def _match(tokens: list[str], topics: tuple[Topic, ...]) -> tuple[tuple[str, ...], Topic, str] | None:
    for length in range(len(tokens), 0, -1):
        words = tuple(tokens[:length])
        for topic in topics:
            meaning = _index_of(topic).get(words)
            if meaning is None and topic in _COLORS and words[0].startswith("#") and length == 1:
                meaning = _hex(words[0])
            if meaning is not None:
                return words, topic, meaning
    return None


def _hex(color: str) -> str:
    return color if len(color) == len("#rrggbb") else "#" + "".join(2 * digit for digit in color[1:])


def _index(meanings: Mapping[str, str], phrases: Mapping[str, str]) -> _Index:
    index = {}
    for name, meaning in meanings.items():
        said = (name, *phrases.get(name, "").split(","))
        index.update({tuple(tokens_of(phrase)): meaning for phrase in said})
    return {words: meaning for words, meaning in index.items() if words}


@cache
def _index_of(topic: Topic) -> _Index:
    """Return the phrases about a topic, made when it is first asked for: a request is about few of them."""
    if topic in _COLORS:
        return _index(palette.shades(_COLORS[topic]), _COLOR_SYNONYMS[topic])
    return _index({name: name for name in _PHRASES[topic]}, _PHRASES[topic])
