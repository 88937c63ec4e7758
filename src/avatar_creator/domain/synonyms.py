# ruff: noqa: RUF001 - letters of other scripts are meant
"""Words that say the same value of an attribute, and those of other languages in English.

A filter finds each by any of them, coverage counts them as one. Engines read those of other languages as the English
value. What is stored stays as it was given: only letters and words of gender in persona files are read as the value.

Only words that mean one thing: whoever is African may be Moroccan or Zulu, so no nation is among them.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
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
# Persona files have these as they are typed: read as the value, their pictures would be made once more.
_GENDERS_AS_TYPED = {
    "female": "weibliche, frauen, dame, damen, junge frau, jeune femme, mujeres, señora, chica, muchacha, mujer joven, "
    "donne, ragazza, signora, mulheres, vrouwen, kobiety, kvinnor, ženy, kadınlar, женщины",
    "male": "männliche, männer, herr, herren, junger mann, jeune homme, hombres, señor, chico, muchacho, hombre joven, "
    "uomini, ragazzo, signore, homens, mannen, mężczyźni, muži, erkekler, мужчины",
    "non-binary": "d, nichtbinäre, no binario, no binaria, non binario, non binaria, não binário, não binária",
}
# They say an age, too, which "female" would lose: whoever is drawn by them is a child.
_CHILDREN = {
    "female": ("girl", "mädchen, fillette, petite fille, niña, bambina, menina, meisje, девочка, 女の子, 女孩"),
    "male": ("boy", "junge, jungen, bub, garçon, petit garçon, niño, bambino, menino, jongen, мальчик, 男の子, 男孩"),
}
_GENDERS_IN_ENGLISH = {
    "female": "woman, women, girl, lady, ladies, feminine",
    "male": "man, men, boy, guy, gentleman, gentlemen, masculine",
    "non-binary": "enbies, non-binary person, non-binary people",
}
# In German, French, Spanish, Italian and Portuguese, in the forms that follow the noun.
_COLORS = {
    "gray": "grau, graue, grauer, graues, grauen, gris, grise, grises, grigio, grigia, grigi, grigie, cinza, cinzas, "
    "cinzento, cinzenta, cinzentos, cinzentas",
    "brown": "braun, braune, brauner, braunes, braunen, marron, marrons, brun, brune, bruns, brunes, châtain, "
    "châtains, châtaine, châtaines, marrón, marrones, castaño, castaña, castaños, castañas, marrone, marroni, castano, "
    "castana, castani, castane, bruno, bruna, bruni, marrom, castanho, castanha, castanhos, castanhas",
    "dark-brown": "dunkelbraun, dunkelbraune, dunkelbraunes, dunkelbraunen, brun foncé, châtain foncé, marron foncé, "
    "castaño oscuro, marrón oscuro, castano scuro, marrone scuro, castanho escuro",
    "light-brown": "hellbraun, hellbraune, hellbraunes, hellbraunen, châtain clair, marron clair, castaño claro, "
    "marrón claro, castano chiaro, marrone chiaro, castanho claro",
    "black": "schwarz, schwarze, schwarzer, schwarzes, schwarzen, noir, noire, noirs, noires, negro, negra, negros, "
    "negras, nero, nera, neri, nere, preto, preta, pretos, pretas",
    "red": "rot, rote, roter, rotes, roten, rouge, rouges, rojo, roja, rojos, rojas, rosso, rossa, rossi, rosse, "
    "vermelho, vermelha, vermelhos, vermelhas",
    "blue": "blau, blaue, blauer, blaues, blauen, bleu, bleue, bleus, bleues, azul, azules, blu, azzurro, azzurra, "
    "azzurri, azzurre, azuis",
    "green": "grün, grüne, grüner, grünes, grünen, gruen, vert, verte, verts, vertes, verde, verdes, verdi",
    "white": "weiß, weiße, weißer, weißes, weißen, blanc, blanche, blancs, blanches, blanco, blanca, blancos, blancas, "
    "bianco, bianca, bianchi, bianche, branco, branca, brancos, brancas",
    "yellow": "gelb, gelbe, gelbes, gelben, jaune, jaunes, amarillo, amarilla, giallo, gialla, amarelo, amarela",
    "purple": "violett, lila, morado, morada, roxo, roxa",
    "pink": "rosa, rosado, rosada",
}
_HAIR_COLORS = {
    "blonde": "blonder, blonden, blondes, rubio, rubia, rubios, rubias, biondo, bionda, biondi, bionde, loiro, loira, "
    "loiros, loiras, louro, loura, louros, louras",
    "dark blonde": "dunkelblond, dunkelblonde, blond foncé, rubio oscuro, biondo scuro, loiro escuro",
    "light blonde": "hellblond, hellblonde, blond clair, rubio claro, biondo chiaro, loiro claro",
    "red": "roux, rousse, rousses, pelirrojo, pelirroja, rothaarig, ruivo, ruiva, ruivos, ruivas",
    "brown": "brünett, brünette",
}
_SKIN_TONES = {
    "very-light": "sehr hell, sehr helle, très clair, très claire, muy claro, muy clara, molto chiara, muito clara",
    "light": "hell, helle, heller, helles, hellen, clair, claire, claro, clara, chiaro, chiara",
    "pale": "blass, blasse, blasser, blasses, blassen, pâle, pálido, pálida, pallido, pallida",
    "medium": "mittel, mittlere, mittlerer, mittleren, moyen, moyenne, medio, media, médio, média",
    "olive": "oliv, olivfarben, olivfarbene, olivfarbenen, olivâtre, aceitunado, aceitunada, olivastra",
    "tan": "gebräunt, gebräunte, gebräunten, bronzé, bronzée, bronceado, bronceada, abbronzata, bronzeada",
    "dark": "dunkel, dunkle, dunkler, dunkles, dunklen, foncé, foncée, oscuro, oscura, scuro, scura, escuro, escura",
}
_HAIR_STYLES = {
    "short": "kurz, kurze, kurzes, kurzen, court, courts, courte, courtes, corto, corta, cortos, corti, curto, curtos",
    "medium": "mittellang, mittellange, mittellanges, mittellangen, mi-long, mi-longs",
    "long": "lang, lange, langes, langen, longs, longue, longues, largo, largos, larga, lungo, lunghi, longo, longos",
    "straight": "glatt, glatte, glattes, glatten, raide, raides, lisse, lisses, liso, lisos, lacio, lacios, liscio, "
    "lisci",
    "wavy": "wellig, wellige, welliges, welligen, gewellt, gewellte, ondulé, ondulés, ondulado, ondulados, ondulati",
    "curly": "lockig, lockige, lockiges, lockigen, locken, bouclé, bouclés, frisé, frisés, rizado, rizados, riccio, "
    "ricci, cacheado, cacheados",
    "braids": "zöpfe, geflochten, geflochtene, geflochtenen, tresses, nattes, tressé, tressés, trenzas, trecce, "
    "tranças",
    "bun": "dutt, haarknoten, chignon, moño",
    "ponytail": "pferdeschwanz, queue de cheval, cola de caballo, coleta, coda di cavallo, rabo de cavalo",
    "bald": "kahl, kahlköpfig, glatze, glatzköpfig, chauve, calvo, calva, careca",
}
_NOUNS = (
    "haar haare haaren augen auge cheveux yeux pelo cabello cabellos ojos capelli occhi cabelo cabelos olhos haut "
    "hautfarbe hautton teint peau piel tez pelle pele"
)
_BODY = frozenset(_NOUNS.split())
_LATINO = "latino, latina, latinx, latine"
# By attribute, the words of one value a line.
_SAME: Mapping[str, tuple[str, ...]] = {
    "gender": tuple(
        ", ".join((*words.split(), _GENDERS_IN_ENGLISH[gender], _GENDERS_AS_TYPED[gender], *_CHILDREN.get(gender, ())))
        for gender, words in _GENDERS.items()
    ),
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
_FOREIGN: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "gender": ({value: ", ".join(words.split()) for value, words in _GENDERS.items()}, _GENDERS_AS_TYPED),
    "hair_style": (_HAIR_STYLES,),
    "hair_color": (_COLORS, _HAIR_COLORS),
    "skin_tone": (_SKIN_TONES,),
    "eye_color": (_COLORS,),
    "style": (_COLORS,),
}
_ENGLISH = frozenset({"female", "f", "male", "m", "nonbinary", "nb", "enby"})  # among the words of gender
_SPELLINGS = (("gray", "grey"), ("blonde", "blond"), ("color", "colour"))
_WITHOUT_PLURAL = 2  # letters: "as" is no plural


@cache
def _meanings(attribute: str) -> Mapping[str, tuple[str, ...]]:
    """Return all words of the value that each says, the value first."""
    lines: dict[str, dict[str, None]] = {}
    for value, *words in (line.split(", ") for line in _SAME.get(attribute, ())):
        lines[value] = dict.fromkeys([value, *words])
    for table in _FOREIGN.get(attribute, ()):
        for value, line in table.items():
            lines.setdefault(value, {value: None}).update(dict.fromkeys(line.split(", ")))
    return {joined(word): tuple(line) for line in lines.values() for word in line}


@cache
def _values(attribute: str) -> Mapping[str, str]:
    """Return the value that each word says, in all spellings."""
    return {form: line[0] for word, line in _meanings(attribute).items() for form in _forms(word)}


@cache
def _in_english(attribute: str) -> Mapping[str, str]:
    """Return the values that words of other languages say."""
    lines = [item for table in _FOREIGN.get(attribute, ()) for item in table.items()]
    lines += _CHILDREN.values() if attribute == "gender" else ()
    words = {joined(word): value for value, line in lines for word in line.split(", ")}
    return {word: value for word, value in words.items() if word not in _ENGLISH}


def value_in_english(attribute: str, text: str) -> str | None:
    """Return the value that a text in another language says: "braune Haare" is brown. None where it is no such text."""
    known = _in_english(attribute)
    if not known:
        return None
    without_noun = " ".join(word for word in text.split() if fold(word) not in _BODY)
    return known.get(joined(text)) or known.get(joined(without_noun))


def in_english(attributes: Attributes) -> Attributes:
    """Return attributes with the values that are in other languages in English."""
    found = {each.name: value_in_english(each.name, value) for each, value in attributes.given()}
    translated = {name: value for name, value in found.items() if value is not None}
    return Attributes.from_json({**attributes.as_json(), **translated}) if translated else attributes


def value_of(attribute: str, text: str) -> str:
    """Return the one value that stands for a text and all that say the same; the text itself where no other does."""
    said = value_in_english(attribute, text) or text
    return _values(attribute).get(joined(said), said)


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
        found |= dict.fromkeys(
            form for same in _meanings(attribute).get(word, (word,)) for form in _forms(joined(same))
        )
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
