# ruff: noqa: RUF001 - letters of other scripts are meant
"""Words that say the same value of an attribute: a filter finds each by any of them.

Only words that mean one thing: whoever is African may be Moroccan or Zulu, so no nation is among them.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.text import fold, joined

# In other languages, and as letters. Persona files have them read as the value.
_GENDERS = {
    "female": "female f w v k weiblich frau femme féminin fille mujer femenino femenina donna femmina femminile mulher "
    "feminino feminina vrouw vrouwelijk kobieta kvinna kvinde kvinne nainen žena kadın женщина женский жен ж 女 女性 "
    "여 여자 여성 महिला أنثى امرأة נקבה אישה nữ wanita perempuan",
    "male": "male m h männlich maennlich mann homme masculin hombre masculino uomo maschio maschile homem mannelijk "
    "mężczyzna mies muž erkek мужчина мужской муж м 男 男性 남 남자 남성 पुरुष ذكر رجل זכר גבר nam pria laki-laki",
    "non-binary": "non-binary nonbinary nb enby divers nichtbinär nicht-binär non-binaire no-binario não-binário x",
}
GENDERS: Mapping[str, str] = {fold(word): gender for gender, words in _GENDERS.items() for word in words.split()}
_GENDERS_TOO = {
    "female": "woman, women, girl, lady, ladies, feminine",
    "male": "man, men, boy, guy, gentleman, gentlemen, masculine",
    "non-binary": "enbies, non-binary person, non-binary people",
}
_LATINO = "latino, latina, latinx, latine"
# By attribute, the words of one value a line.
_SAME: Mapping[str, tuple[str, ...]] = {
    "gender": tuple(f"{', '.join(words.split())}, {_GENDERS_TOO[gender]}" for gender, words in _GENDERS.items()),
    "ethnicity": (
        f"hispanic, {_LATINO}, hispanic or latino, hispanic/latino, latino/hispanic",
        "black, african-american, afro-american, black or african american, black/african american",
        "mixed, mixed-race, multiracial, biracial, multiethnic",
    ),
    "hair_style": (
        "braids, braided",
        "dreadlocks, dreads, locs",
        "bob, bob cut",
        "pixie, pixie cut",
        "buzz, buzz cut",
    ),
    "hair_color": ("blonde, blond", "brown, brunette, brunet", "red, ginger, redhead"),
}
_SPELLINGS = (("gray", "grey"), ("blonde", "blond"), ("color", "colour"))
_WITHOUT_PLURAL = 2  # letters: "as" is no plural


@cache
def _meanings(attribute: str) -> Mapping[str, tuple[str, ...]]:
    """Return all words of the value that each says."""
    lines = [tuple(map(joined, line.split(", "))) for line in _SAME.get(attribute, ())]
    return {word: line for line in lines for word in line}


def spellings_of(attribute: str, text: str) -> list[str]:
    """Return whatever says the same as a value of an attribute: `joined`, the value itself first.

    Case and what stands between words are no difference, nor the end of a plural, nor the noun of the attribute:
    "brown hair" is brown.
    """
    phrase = next(each.phrase for each in ATTRIBUTES if each.name == attribute)
    noun = joined(phrase.rpartition("}")[2])
    given = joined(text)
    value = given.removesuffix(noun) or given
    found = dict.fromkeys([given, value])
    for word in _forms(value):
        found |= dict.fromkeys(word for same in _meanings(attribute).get(word, (word,)) for word in _forms(same))
    return list(found | dict.fromkeys(word + noun for word in found))


def _forms(word: str) -> Iterator[str]:
    """Yield a word in its spellings, each in the singular and in the plural."""
    spelt = {word: None}
    for one, other in _SPELLINGS:
        spelt |= dict.fromkeys([word.replace(one, other), word.replace(other, one)])
    for each in spelt:
        yield each
        if len(each) > _WITHOUT_PLURAL and each.isascii():
            yield each.removesuffix("s") if each.endswith("s") else f"{each}s"
