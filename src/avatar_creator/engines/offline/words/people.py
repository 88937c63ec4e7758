"""Words for genders and origins. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.nations import NATIONS

# "trans" alone says that somebody has another gender than was thought, and not which: it is unknown.
GENDER: Mapping[str, str] = {
    "female": "woman, women, girl, lady, ladies, f, feminine, she, shes, she her, mrs, ms, madam, gal, femme, womanly, "
    "female presenting, "
    "cis woman, cis female, cis girl, cisgender woman, cisgender female, cisgender girl, trans woman, trans female, "
    "trans girl, transwoman, transgender woman, transgender female, transgender girl, transfeminine, transfem, "
    "trans feminine, trans femme, transsexual woman, transsexual female, mtf, m2f, male to female, man to woman, "
    "demigirl, demi girl, demiwoman, businesswoman, actress, waitress, policewoman, saleswoman, schoolgirl, cowgirl, "
    "housewife, stewardess, congresswoman, sportswoman, firewoman, mother, mom, mum, grandmother, grandma, granny, "
    "daughter, sister, aunt, wife, niece, bride, queen, princess, nun, ballerina, young lady, 1girl, 1woman, miss, "
    "widow, masculine woman, masculine female, masculine girl, manly woman, butch woman, androgynous woman, tomboy",
    "male": "man, men, boy, guy, gentleman, gentlemen, m, masculine, he, hes, he him, mr, mister, sir, bloke, lad, "
    "dude, chap, masc, manly, "
    "male presenting, cis man, cis male, cis guy, cis boy, cisgender man, cisgender male, cisgender boy, trans man, "
    "trans male, trans guy, trans boy, transman, transgender man, transgender male, transgender boy, transmasculine, "
    "transmasc, trans masculine, trans masc, transsexual man, transsexual male, ftm, f2m, female to male, "
    "woman to man, "
    "demiboy, demi boy, demiman, businessman, policeman, salesman, schoolboy, cowboy, fireman, fisherman, congressman, "
    "sportsman, handyman, craftsman, father, dad, grandfather, grandpa, granddad, son, brother, uncle, husband, "
    "nephew, "
    "groom, king, prince, monk, 1boy, 1man, widower, "
    "feminine man, feminine male, feminine guy, feminine boy, effeminate man, androgynous man",
    "non-binary": "nonbinary, non binary person, nb, enby, genderqueer, gender queer, gender fluid, "
    "genderfluid, agender, "
    "androgynous, androgyne, they, they them, bigender, pangender, polygender, demigender, neutrois, two spirit, "
    "gender nonconforming, gender non conforming, gender variant, gender questioning, genderless, gender neutral, "
    "third gender, neither, other, intersex, xenogender, trigender, nonconforming, ungendered, gender diverse, "
    "transgender nonbinary, unisex, x gender",
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
