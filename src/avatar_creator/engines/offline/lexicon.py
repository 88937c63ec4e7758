"""The words the offline engine knows: data, one line a word. phrases.py and ages.py find them in texts."""

from collections.abc import Mapping
from enum import StrEnum

from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.garments import GARMENTS


class Topic(StrEnum):
    """What a word can be about; spelled as messages say it."""

    GENDER = "gender"
    ETHNICITY = "ethnicity"
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


# meaning: the phrases that say it, beside the meaning itself.
PHRASES: Mapping[Topic, Mapping[str, str]] = {
    Topic.GENDER: {
        "female": "woman, women, girl, lady, f, feminine, she, trans woman",
        "male": "man, men, boy, guy, gentleman, m, masculine, he, trans man",
        "non-binary": "nonbinary, nb, enby, genderqueer, gender fluid, genderfluid, agender, androgynous, they",
    },
    Topic.ETHNICITY: {
        "asian": "",
        "east asian": "chinese, japanese, korean, taiwanese, mongolian",
        "southeast asian": "south east asian, vietnamese, thai, filipino, indonesian, malay",
        "south asian": "indian, pakistani, bangladeshi, sri lankan, desi, tamil",
        "black": "african american, afro american, caribbean, afro caribbean, west indian, jamaican",
        "african": "nigerian, ethiopian, kenyan, ghanaian, somali",
        "caucasian": "european, nordic, scandinavian, slavic",
        "white": "",
        "hispanic": "latino, latina, latinx, latin, latin american, mexican, brazilian",
        "middle eastern": "arab, arabic, persian, iranian, turkish, north african, mediterranean, kurdish",
        "indigenous": "native american, american indian, alaska native, native, first nations, aboriginal",
        "pacific islander": "polynesian, maori, samoan, hawaiian, native hawaiian",
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
        "smart-casual": "smart casual, business casual, business casual dress, smart casual dress, preppy, "
        "smart, academic",
        "formal": "business, business dress, formal dress, business formal, professional, professional dress, elegant, "
        "black tie, corporate, executive",
        "sporty": "sport, sports, athletic, athleisure, gym, sportswear",
        "workwear": "work wear, manual work, farmer, mechanic",
        "creative": "artistic, artsy, bohemian, hipster, alternative, geek",
        "traditional": "ethnic, folk",
    },
    Topic.GARMENT: {name: garment.phrases for name, garment in GARMENTS.items()},
    Topic.BEARD: {
        "none": "clean shaven, clean shaved, beardless, smooth shaven, shaven face",
        "stubble": "scruff, five o clock shadow, unshaven, designer stubble, light beard, short beard",
        "beard": "bearded, trimmed beard, facial hair",
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
        "cap": "baseball cap, flat cap, golf cap, peaked cap",
        "hard hat": "safety helmet, construction helmet, helmet",
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
COLORS: Mapping[Topic, Mapping[str, str]] = {
    Topic.HAIR_COLOR: palette.HAIR,
    Topic.EYE_COLOR: palette.EYES,
    Topic.SKIN: palette.SKIN,
    Topic.FABRIC: palette.FABRIC,
}
COLOR_SYNONYMS: Mapping[Topic, Mapping[str, str]] = {
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


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _set(
    "a an and the of or to with in on at has have having wearing wears who is looking very some style styled "
    "hair haired color colored tone toned skin eyes eyed eye look looks cut hairstyle natural "
    "naturally modern classic classy neat simple years year attire outfit clothes clothing dressed wear shade "
    "range age ethnicity race descent person identifying people personality expression face faced his her "
    "their portrait headshot photo photograph picture avatar image professional background him she he was "
    "being as by from for into front"
)
NEGATIONS = _set("no not without never nor neither minus dont doesnt isnt arent wont cannot")
NEGATING_PREFIXES = frozenset(["non"])  # negates the word behind it, and no more
CLAUSE_BOUNDARIES = frozenset({",", ".", ";", ":", "!", "?", "but", "with", "wearing", "wears", "has"})

# Words of age, by the years they are drawn with. These may be said of anything, and count before a person.
AGES_OF_PERSONS: Mapping[int, str] = {
    60: "mature, older",
    72: "retired",
    78: "old, very old, aged",
}
# These count when they are the subject, not a part of another word's meaning ("child psychologist", "kid gloves").
CHILDREN: Mapping[int, str] = {
    3: "toddler, baby, infant, baby boy, baby girl",
    6: "child, kid, kids",
    11: "preteen, tween",
    16: "teen, teens, teenager, adolescent, teen boy, teen girl",
}
# These are about the person wherever the person is not another one's.
AGES: Mapping[int, str] = {
    16: "teenage, teenage boy, teenage girl",
    25: "young, young adult, youthful, student",
    47: "middle aged, middle age, midlife",
    60: "older adult",
    72: "senior citizen, senior man, senior woman, senior lady, senior gentleman, senior person, pensioner",
    78: "elderly",
}
# These are ages in an age range only: in a prompt they are rather about something else ("senior engineer").
AGES_OF_RANGES: Mapping[int, str] = {40: "adult, grown up", 72: "senior"}
PERSONS = _set(
    "woman women girl lady man men boy guy gentleman male female person people human adult individual "
    "mother father mom dad mum parent grandmother grandfather grandma grandpa sister brother wife husband couple"
)
# What people are by what they do; "an old professor" is old, of "an old piano" the piano is.
ROLES = _set(
    "actor actress artist author barber builder businessman businesswoman carpenter chef clerk coach cook dancer "
    "designer detective developer doctor driver employee engineer entrepreneur executive expert farmer "
    "fisherman gardener judge king lawyer leader librarian manager mechanic monk musician nanny nurse nun officer "
    "painter pediatrician philosopher photographer pilot plumber poet policeman priest professor psychologist "
    " queen sailor scientist singer soldier student surgeon tailor teacher therapist veteran waiter "
    "waitress witch wizard worker writer"
)
# "an old-fashioned man" and "an old-school barber" may be young.
COMPOUNDS = _set("fashioned school world time timey timer money hollywood")
DETERMINERS = _set("a an the one two three his her their my your our")
PREPOSITIONS = _set("in on at of from by near for to who that")
# What stands before somebody who is not the one that is shown: "a mother with her baby".
LINKS = _set("with of for to and without by like as than holding carrying hugging feeding teaching about")
# "portrait of a child" shows the child.
PICTURES = _set(
    "portrait headshot photo photograph picture image avatar view shot closeup up drawing painting illustration"
)
# What may stand behind a child without making the child a part of another word's meaning.
BEHIND_CHILDREN = PICTURES | CLAUSE_BOUNDARIES | _set("in on at of and or who that is was from by looking near")

_TO_NINETEEN = (
    "one two three four five six seven eight nine ten "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
ONES: Mapping[str, int] = {word: number for number, word in enumerate(_TO_NINETEEN.split(), 1)}
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS: Mapping[str, int] = {word: 10 * number for number, word in enumerate(_TO_NINETY.split(), 2)}
