import pytest

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.synonyms import in_english, spellings_of, value_in_english, value_of
from avatar_creator.domain.text import joined


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("gender", "female, Women, woman, FEMME, f, W, Frau, Mujer, 女性, Женщина, girls, lady, Mädchen, niña, Frauen"),
        ("gender", "male, Men, man, m, Homme, 男, guys, Junge, Jungen, boys, garçon"),
        ("gender", "non-binary, nonbinary, Non Binary, non\u2011binary, NB, enby, enbies, divers, X"),
        ("ethnicity", "hispanic, Latina, latinos, Hispanic or Latino"),
        ("ethnicity", "black, African American, african-americans"),
        ("ethnicity", "east-asian, East Asian, EastAsian, east asians, East Asian ethnicity"),
        ("hair_color", "gray, Grey, gray hair"),
        ("hair_color", "blonde, blond, Blondes, blond hair"),
        ("hair_color", "dark-brown, Dark Brown, dark_brown, darkbrown hair"),
        ("hair_style", "dreadlocks, Dreads, locs"),
        ("hair_style", "braids, braid, braided"),
        ("eye_color", "gray, grey eyes"),
        ("body_type", "slim, Slim body type"),
        ("style", "smart-casual, Smart Casual attire"),
    ],
)
def test_words_that_say_the_same_find_each_other(attribute: str, words: str) -> None:
    each = words.split(", ")
    for word in each:
        assert {joined(other) for other in each} <= set(spellings_of(attribute, word)), word


def test_known_values_are_different_ones() -> None:
    for attribute in ATTRIBUTES:
        for value in attribute.known:
            others = {joined(known) for known in attribute.known if known != value}
            assert others.isdisjoint(spellings_of(attribute.name, value)), (attribute.name, value)


@pytest.mark.parametrize("text", ["hair", "s", "-", "as", "Ё" * 100, "a" * 100])
def test_any_text_says_at_least_itself(text: str) -> None:
    found = spellings_of("hair_color", text)
    assert found[0] == joined(text)
    assert len(found) <= 12


TABLE = """
    gender female: Frau weiblich mujer 女性
    gender male: Mann männlich hombre uomo
    gender non-binary: d divers x
    hair_color gray: grau gris grigio cinza
    hair_color brown: braun châtain castaño castano castanho
    hair_color black: schwarz noir negro nero preto
    hair_color red: rot rouge roux rojo rosso vermelho ruivo
    hair_color blonde: blonden rubia bionda loiro
    hair_color white: weiß WEISS blanc blanco bianco branco
    eye_color blue: blau bleu azul azzurro azuis
    eye_color green: grün vert verde verdi
    eye_color dark-brown: dunkelbraun
    style red: rot rouge rojo rosso vermelho
    hair_style short: kurz kurze courts corto corti
    hair_style long: lange longs largo lunghi
    hair_style straight: glatt lisses liso lacio lisci
    hair_style wavy: wellig ondulés ondulado
    hair_style curly: lockige bouclés frisés rizado ricci
    hair_style braids: Zöpfe tresses trenzas trecce
    hair_style bun: Dutt chignon moño
    hair_style ponytail: Pferdeschwanz coleta
    hair_style bald: kahl Glatze chauve calvo
    skin_tone light: hell claire clara chiara
    skin_tone dark: dunkle foncée oscura scura
    skin_tone medium: mittlere moyenne media
"""
WORDS = [
    (*said.split(), word)
    for said, words in (line.strip().split(": ") for line in TABLE.strip().splitlines())
    for word in words.split()
]


@pytest.mark.parametrize(("attribute", "value", "word"), WORDS)
def test_words_of_other_languages_say_a_value(attribute: str, value: str, word: str) -> None:
    assert value_in_english(attribute, word) == value_in_english(attribute, word.upper()) == value
    assert value_of(attribute, word) == value
    assert joined(word) in spellings_of(attribute, value)


@pytest.mark.parametrize("text", ["braune Haare", "Haare braun", "cheveux châtains", "pelo castaño", "capelli  bruni"])
def test_a_noun_of_another_language_changes_no_color(text: str) -> None:
    assert value_in_english("hair_color", text) == "brown"


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        ("hair_style", "lange Haare", "long"),
        ("hair_style", "queue de cheval", "ponytail"),
        ("skin_tone", "helle Haut", "light"),
        ("skin_tone", "peau très claire", "very-light"),
        ("skin_tone", "piel oscura", "dark"),
    ],
)
def test_phrases_of_other_languages_say_a_value(attribute: str, text: str, value: str) -> None:
    assert value_in_english(attribute, text) == value_of(attribute, text) == value


@pytest.mark.parametrize(
    ("words", "child", "gender"),
    [("Mädchen fillette niña bambina", "girl", "female"), ("Junge garçon niño bambino", "boy", "male")],
)
def test_a_child_stays_a_child_and_is_found_by_its_gender(words: str, child: str, gender: str) -> None:
    for word in words.split():
        assert (value_in_english("gender", word), value_of("gender", word)) == (child, gender)
        assert joined(word) in spellings_of("gender", gender)
    assert value_of("gender", "señora") == "female"


def test_what_is_said_in_english_or_unknown_stays() -> None:
    for attribute in ATTRIBUTES:
        for known in attribute.known:
            assert value_in_english(attribute.name, known) is None
            assert value_of(attribute.name, known) == known
    looks = Attributes(gender="woman", ethnicity="d", hair_color="grey", style="blue")
    assert in_english(looks) is looks
    assert in_english(Attributes(gender="frau", style="Rot", ethnicity="Rot")) == Attributes(
        gender="female", style="red", ethnicity="Rot"
    )


@pytest.mark.parametrize(
    ("attribute", "text", "value"), [("hair_color", "Blond", "blonde"), ("eye_color", "grey", "gray")]
)
def test_spellings_say_one_value(attribute: str, text: str, value: str) -> None:
    assert value_of(attribute, text) == value
