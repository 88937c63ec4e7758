"""Words for genders and origins. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.nations import NATIONS

GENDER: Mapping[str, str] = {
    "female": "woman, women, girl, lady, f, feminine, she, trans woman",
    "male": "man, men, boy, guy, gentleman, m, masculine, he, trans man",
    "non-binary": "nonbinary, nb, enby, genderqueer, gender fluid, genderfluid, agender, androgynous, they",
}
# The names of the origins, beside what nations.py has.
_ORIGINS: Mapping[str, str] = {
    "asian": "",
    "east asian": "",
    "southeast asian": "south east asian",
    "south asian": "",
    "central asian": "",
    "black": "african american, afro american, black british",
    "african": "",
    "caucasian": "european, european american",
    "white": "",
    "northern european": "",
    "southern european": "",
    "hispanic": "hispanic or latino",
    "middle eastern": "",
    "north african": "",
    "indigenous": "",
    "pacific islander": "",
    "melanesian": "",
    "mixed": "mixed race, multiracial, biracial, multiethnic, multi ethnic, multicultural, mixed ethnicity",
}


_WITHOUT_PLURAL = ("s", "se", "sh", "ch", "x", "y")


def _with_nations() -> dict[str, str]:
    phrases = {origin: [others] if others else [] for origin, others in _ORIGINS.items()}
    for names, origin in NATIONS.items():
        plurals = [f"{name}s" for name in names.split(", ") if not name.endswith(_WITHOUT_PLURAL)]
        phrases.setdefault(origin, []).extend((names, *plurals))
    return {origin: ", ".join(names) for origin, names in phrases.items()}


ETHNICITY: Mapping[str, str] = _with_nations()
