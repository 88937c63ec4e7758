"""Words for genders and origins. The meaning, then the other words that say it."""

from collections.abc import Mapping

GENDER: Mapping[str, str] = {
    "female": "woman, women, girl, lady, f, feminine, she, trans woman",
    "male": "man, men, boy, guy, gentleman, m, masculine, he, trans man",
    "non-binary": "nonbinary, nb, enby, genderqueer, gender fluid, genderfluid, agender, androgynous, they",
}
ETHNICITY: Mapping[str, str] = {
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
}
