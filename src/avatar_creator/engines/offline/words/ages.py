"""Words of age, and of the persons who have one."""

from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


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

_TO_NINETEEN = (
    "one two three four five six seven eight nine ten "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
ONES: Mapping[str, int] = {word: number for number, word in enumerate(_TO_NINETEEN.split(), 1)}
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS: Mapping[str, int] = {word: 10 * number for number, word in enumerate(_TO_NINETY.split(), 2)}
