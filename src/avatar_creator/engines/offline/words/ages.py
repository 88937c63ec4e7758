"""Words of age, and of the persons who have one."""

from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words of age, by the years they are drawn with. These may be said of anything, and count before a person.
AGES_OF_PERSONS: Mapping[int, str] = {
    60: "mature, older, aging, ageing",
    72: "retired",
    78: "old, very old, aged",
}
# These count when they are the subject, not a part of another word's meaning ("child psychologist", "kid gloves").
CHILDREN: Mapping[int, str] = {
    1: "newborn, newborn baby",
    3: "toddler, baby, infant, baby boy, baby girl, toddler boy, toddler girl",
    4: "preschooler, pre schooler",
    6: "child, kid, kids, small child, young child, kindergartner, kindergartener, little one",
    7: "little boy, little girl, small boy, small girl, little kid, little child",
    9: "young boy, young girl",
    10: "boy, girl, schoolboy, schoolgirl, school boy, school girl, schoolkid",
    11: "preteen, tween, pre teen, pre adolescent, youngster",
    16: "teen, teens, teenager, adolescent, teen boy, teen girl, juvenile",
}
# These are about the person wherever the person is not another one's.
AGES: Mapping[int, str] = {
    8: "primary school student, elementary school student, primary schooler",
    12: "middle school student, middle schooler",
    16: "teenage, teenaged, teenage boy, teenage girl, adolescent boy, adolescent girl, high schooler, "
    "high school student",
    20: "college student, university student, undergraduate",
    25: "young, young adult, youthful, student",
    47: "middle aged, middle age, midlife",
    60: "older adult",
    65: "sexagenarian",
    70: "grandmother, grandfather, grandma, grandpa, granny, grandad, granddad, grandparent",
    72: "senior citizen, senior man, senior woman, senior lady, senior gentleman, senior person, pensioner, retiree",
    75: "septuagenarian",
    78: "elderly",
    85: "octogenarian",
    95: "nonagenarian",
    100: "centenarian",
}
# These are ages in an age range only: in a prompt they are rather about something else ("senior engineer").
AGES_OF_RANGES: Mapping[int, str] = {
    16: "minor, underage, youth, high school",
    20: "college, university, college age",
    40: "adult, grown up, prime",
    72: "senior, seniors, retirement, retirement age, pension age",
}
# The first and last years of birth of a generation (Pew Research Center); how old its middle is in `YEAR`.
# The year is written here, so that the same request gives the same drawing next year.
YEAR = 2026
GENERATIONS: Mapping[tuple[int, int], str] = {
    (2013, 2024): "gen alpha, generation alpha",
    (1997, 2012): "gen z, generation z, zoomer, zoomers, gen zer, genz",
    (1981, 1996): "millennial, millennials, gen y, generation y, millenial, millenials",
    (1965, 1980): "gen x, generation x, gen xer, genx",
    (1946, 1964): "baby boomer, baby boomers, boomer, boomers, boomer generation",
    (1928, 1945): "silent generation",
}
# What is of an age, and no person: "a five-year-old company".
AGED_THINGS = _set(
    "company companys companies startup business brand firm whisky whiskey wine scotch rum brandy cheese bottle house "
    "building car truck tree oak castle church bridge temple ruin town city tradition recipe jacket coat shirt dress "
    "photo photograph painting piano violin guitar book dog cat horse puppy kitten parrot project website"
)
PERSONS = _set(
    "woman women girl lady ladies girls boys guys gentlemen man men boy guy gentleman male female person people human "
    "adult individual mother father mom dad mum parent grandmother grandfather grandma grandpa granny sister brother "
    "wife husband couple"
)
# A number behind these and "of" counts their children: "a mother of two".
PARENTS = _set(
    "mother father mom dad mum mommy daddy parent grandmother grandfather grandma grandpa granny grandparent couple"
)
# What people are by what they do; "an old professor" is old, of "an old piano" the piano is.
ROLES = _set(
    "actor actress artist author barber builder businessman businesswoman carpenter chef clerk coach cook dancer "
    "designer detective developer doctor driver employee engineer entrepreneur executive expert farmer fisherman "
    "gardener judge king lawyer leader librarian manager mechanic monk musician nanny nurse nun officer painter "
    "pediatrician philosopher photographer pilot plumber poet policeman priest professor psychologist queen sailor "
    "scientist singer soldier student surgeon tailor teacher therapist veteran waiter waitress witch wizard worker "
    "writer"
)
# "an old-fashioned man" and "an old-school barber" may be young.
COMPOUNDS = _set("at fashioned school world time timey timer money hollywood")

_TO_NINETEEN = (
    "one two three four five six seven eight nine ten "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
ONES: Mapping[str, int] = {word: number for number, word in enumerate(_TO_NINETEEN.split(), 1)}
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS: Mapping[str, int] = {word: 10 * number for number, word in enumerate(_TO_NINETY.split(), 2)}
