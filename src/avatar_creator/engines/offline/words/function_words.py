"""Words that say how others are meant: what to pass over, what refuses, where a clause ends, what carries a color."""

from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _set(
    "a an and or the of to with in on at has have having wearing wears who is are was be looking very some style "
    "styled hair haired color colored tone toned skin skinned eyes eyed eye look looks cut hairstyle natural "
    "naturally modern classic classy neat simple years year attire outfit clothes clothing dressed wear shade range "
    "age ethnicity race descent heritage origin ancestry person identifying people personality expression face faced "
    "his her their portrait headshot photo photograph picture avatar image professional background backdrop him she "
    "he being as by from for into front it its this that there complexion frames frame rims rimmed framed facial "
    "features any garment garments but only just merely over under beneath dyed anything everything free instead "
    "rather than hers himself herself wear worn too around least approx approximately roughly always actually my our "
    "your whose like anyone everyone"
)

# -- refusals

NEGATIONS = _set(
    "no not without never nor neither minus dont doesnt didnt isnt arent wasnt wont cant cannot hasnt havent aint "
    "lacks lacking lack remove removing hates hate dislikes avoid avoids avoiding except excluding exclude omit"
)
REFUSING_PHRASES = _set(
    "instead_of rather_than free_of free_from other_than apart_from anything_but anyone_but everything_but "
    "everyone_but all_but nothing_like"
)
NEGATING_PREFIXES = frozenset(["non"])  # negates the word behind it, and no more
# "not only smiling" smiles; "never without a hat" wears one.
AFFIRMING_PHRASES = _set(
    "not_only not_just not_merely not_without never_without nothing_but no_doubt no_wonder no_less cant_stop "
    "cannot_stop never_stops dont_stop no_other_than none_other_than"
)
# What a negative prompt refuses of pictures, beside the usual terms: no drawing has it.
FAULTS_OF_PICTURES = _set(
    "illustration drawing sketch worst jpeg artifacts extra fingers limbs hands mutated cropped out frame nsfw lowres "
    "error text watermark signature logo noisy grainy duplicate oversaturated render photo"
)
CLAUSE_BOUNDARIES = frozenset({",", ".", ";", ":", "!", "?", "but", "with", "wearing", "wears", "has"})
# What begins something else where the refused words are over: "no beard in a suit".
REFUSAL_ENDS = CLAUSE_BOUNDARIES | _set(
    "in on at against under over behind by who that which while because his her their its he she they just only "
    "instead then is are"
)
DETERMINERS = _set("a an the one two three his her their my your our")
PREPOSITIONS = _set("in on at of from by near for to who that")

# -- whom a word is about

# What stands before somebody who is not the one that is shown: "a mother with her baby".
LINKS = _set(
    "with of for to and or without by like as than holding carrying hugging feeding teaching about beside behind near"
)
# "portrait of a child" shows the child.
PICTURES = _set(
    "portrait headshot photo photograph picture image avatar view shot closeup up drawing painting illustration selfie"
)
# What may stand behind a child without making the child a part of another word's meaning.
BEHIND_CHILDREN = (
    PICTURES | CLAUSE_BOUNDARIES | _set("in on at of and or who that is was from by looking near aged under over")
)
# They say a gender where no other word does.
PRONOUNS: Mapping[str, str] = {
    **dict.fromkeys(["her", "hers", "herself"], "female"),
    **dict.fromkeys(["him", "his", "himself"], "male"),
}
# These have ages, hair and colors of their own.
OTHERS = _set(
    "son sons daughter daughters kid kids child children baby babies toddler toddlers wife husband girlfriend "
    "boyfriend grandson grandsons granddaughter grandchild grandchildren friend friends colleague colleagues boss "
    "twins twin family student students pupil pupils patient patients client clients customer customers team audience "
    "crowd"
)
ANIMALS = _set(
    "dog dogs puppy cat cats kitten horse horses pony bird parrot rabbit bunny hamster wolf fox lion tiger bear cow "
    "pig goat sheep monkey dragon unicorn owl fish snake turtle"
)

# -- what a color, or a word that may be about anything, is said of

# The nouns that carry a color, by role. Other things are of the topics of `words`.
COLORED: Mapping[str, str] = {
    **dict.fromkeys(["hair", "haired", "locks", "tresses", "hairstyle", "haircut", "highlights"], "hair"),
    **dict.fromkeys(["eyes", "eyed", "eye", "irises", "iris"], "eyes"),
    **dict.fromkeys(["skin", "skinned", "complexion", "complexioned"], "skin"),
    **dict.fromkeys(["background", "backdrop", "wall"], "background"),
    **dict.fromkeys(["frames", "frame", "framed", "rims", "rim", "rimmed", "lenses"], "frames"),
    **dict.fromkeys(
        ["clothes", "clothing", "outfit", "attire", "garb", "garment", "ensemble", "wear", "top"], "clothes"
    ),
    **dict.fromkeys(["headwear", "headgear"], "headwear"),
    **dict.fromkeys(["jewelry"], "jewellery"),
    **dict.fromkeys(["bearded", "facial"], "beard"),
}
# Between a color and the thing it is said of nothing of these stands.
PHRASE_ENDS = (
    CLAUSE_BOUNDARIES
    | PREPOSITIONS
    | DETERMINERS
    | _set(
        "and or against under over behind is are was while without no not nor holding standing sitting smiling looking"
    )
)
# "hair dyed pink", "a sweater in navy", "his beard is gray".
COLOR_LINKS = _set("is are was isnt arent wasnt in of dyed colored tinted painted turned turning going color :")
COLOR_FILLERS = _set("a an the his her very all bright rich deep pale color shade shades tone tones completely mostly")
WEARING = _set("wearing wears wear in with dressed clad has have sporting donning under over and plus")
ATTIRE = _set("attire outfit clothes clothing wear garb dress dressed look style ensemble")
FACES = _set("smile smiling face expression look looks eyes demeanor gaze grin mood")
MATERIALS = _set(
    "cotton wool woolen leather denim silk linen lace velvet satin striped stripes pinstripe pinstriped plaid floral "
    "checked checkered polka dotted tweed knit knitted silky plain colored crisp fitted tailored formal business "
    "casual"
)
# What hair is called behind a word of hair, a color or "with": "a purple bob", "with a bun".
HAIR_NOUNS = _set(
    "afro bangs bob braids bun buns buzzcut cornrows curls dreadlocks dreads fade fringe lob locs mohawk mullet "
    "pigtails pixie pompadour ponytail quiff ringlets topknot twists undercut updo"
)
# Worn with a suit or a shirt; their color is not that of the clothes.
NECKWEAR = frozenset(["tie", "necktie", "neck tie", "bow tie", "bowtie", "ascot", "cravat"])
# Words of things to wear that may be about anything: they count behind "wearing", "with", "in" or an article.
UNSURE = _set(
    "overall polo jumper coat shades hat cap collar tee vest flat flannel bomber studs hoops top suits aviators veil "
    "helmet suit robe apron"
)
ADVERBS = _set("overall content")  # "Overall, a calm man"
# "a dress code", "a coat of paint": nothing that is worn.
COMPOUND_TAILS = _set(
    "code maker makers designer designers shop store rack trick of rehearsal factory model label stand seller"
)
# What an origin is said of, without being said of the person.
ORIGIN_THINGS = _set(
    "food cuisine restaurant window door press cat cats dog dogs shepherd bulldog kiss fries toast market car cars "
    "language literature film cinema poetry culture philosophy wine tea coffee rug carpet cup vase lantern temple "
    "garden street city town village flag national history art music furniture braid braids bob twist dress suit "
    "clothes bun beard attire outfit garment clothing"
)
FACE_PARTS = _set(
    "hair eyes skin face features descent heritage origin ancestry ethnicity background roots looking complexion"
)
# The words by which a color says by itself that it is of hair.
HAIR_COLORED = _set("blonde blond brunette redhead redheaded blondes ginger")
# Origins that are colors, or that are said of anything: they count right before a person.
WEAK_ORIGINS = _set("black white brown native mixed latin polish aboriginal indigenous")
# What may stand between an origin and a person.
PERSON_MODIFIERS = _set(
    "young old elderly senior junior middle aged mature teenage adult business professional corporate beautiful "
    "handsome confident friendly smiling transgender trans male female non binary slim tall curvy athletic bearded "
    "pregnant retired and"
)
# In a prompt these say a body beside a noun alone: of "a strong build", not of "a strong woman" or "a trained nurse".
UNSURE_BODIES = _set(
    "medium normal regular standard ordinary typical healthy balanced proportionate average slight delicate small "
    "narrow strong sporty powerful sturdy trained rugged soft rounded round large big thick bulky full wide solid "
    "broad tall short expecting"
)
COMPOUNDS_OF_THINGS = _set(
    "water_polo ski_jumper bungee_jumper show_jumper base_jumper high_jumper long_jumper lamp_shades window_shades "
    "bottle_cap ice_cap market_cap salary_cap knee_cap snow_cap white_hat black_hat blue_collar white_collar "
    "pink_collar dog_collar top_coat base_coat undercoat hair_studs wall_studs"
)
