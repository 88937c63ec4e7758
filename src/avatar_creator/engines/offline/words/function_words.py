"""Words that say how others are meant: what to pass over, what negates, where a clause ends."""


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
