"""Free text: what is understood, what is negated, what is said to be unknown."""

from typing import Any

import pytest

from avatar_creator.engines.offline.palette import EYES, FABRIC, HAIR, SKIN, mix
from avatar_creator.engines.offline.words.colors import NAMED
from engines.offline.drawings import colored, drawn, mouths, notices


def top(**fields: Any) -> str:
    return drawn(gender="female", **fields)["top"]


@pytest.mark.parametrize(
    ("text", "tops"),
    [
        ("long straight", {"straight01", "straight02", "straightAndStrand"}),
        ("Long, straight hair", {"straight01", "straight02", "straightAndStrand"}),
        ("auburn bob", {"bob", "miaWallace"}),
        ("short modern", {"shortCurly", "shortRound", "shortWaved", "dreads01"}),
        ("shoulder-length curly", {"curly"}),
        ("short curly", {"shortCurly"}),
        ("an AFRO", {"fro"}),
        ("buzz cut", {"theCaesar", "theCaesarAndSidePart"}),
        ("side-swept bangs", {"longButNotTooLong", "miaWallace", "shortRound", "straightAndStrand"}),
        ("chin-length bob", {"bob", "miaWallace"}),
        ("ballerina bun", {"bun"}),
        ("wolf cut", {"shaggyMullet"}),
        ("beach waves", {"bigWaves", "curvy", "shortWaved"}),
        ("braids", {"plaits", "cornrows"}),
        ("cornrows", {"cornrows"}),
        ("high ponytail", {"ponytail"}),
        ("pigtails", {"bunches"}),
        ("space buns", {"spaceBuns"}),
        ("bantu knots", {"bantuKnots"}),
        ("flat top", {"flatTop"}),
        ("high skin fade", {"fade"}),
        ("two-strand twists", {"dreads01"}),
        ("long layered", {"bigWaves"}),
        ("messy", {"shaggy"}),
        ("salt and pepper bun", {"bun"}),
        ("hijab", {"hijab"}),
    ],
)
def test_hair_styles_are_understood(text: str, tops: set[str]) -> None:
    for seed in range(1, 9):
        assert top(hair_style=text, seed=seed) in tops
    assert notices(hair_style=text) == ()


def test_a_bald_head_has_no_hair() -> None:
    assert "top" not in drawn(hair_style="bald")


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("dark brown", HAIR["dark brown"]),
        ("dark-brown", HAIR["dark brown"]),
        ("Blond", HAIR["blonde"]),
        ("blonde", HAIR["blonde"]),
        ("strawberry blond", HAIR["strawberry blonde"]),
        ("salt-and-pepper", HAIR["salt and pepper"]),
        ("grey", HAIR["gray"]),
        ("#aa5522", "#aa5522"),
        ("#A52", "#aa5522"),
        ("jet black", HAIR["black"]),
    ],
)
def test_hair_colors_are_understood(text: str, color: str) -> None:
    assert colored(hair_color=text)["hair"] == color
    assert notices(hair_color=text, gender="female") == ()


def test_a_color_in_the_hair_style_counts_if_there_is_no_hair_color() -> None:
    assert colored(hair_style="auburn bob")["hair"] == HAIR["auburn"]
    assert colored(hair_style="auburn bob", hair_color="black")["hair"] == HAIR["black"]


def test_light_and_dark_shades_of_any_color_are_understood() -> None:
    darker, lighter = colored(hair_color="dark red")["hair"], colored(hair_color="light red")["hair"]
    assert darker < HAIR["red"] < lighter


@pytest.mark.parametrize(
    ("attribute", "text", "name", "color"),
    [
        ("eye_color", "Grey", "eyes", EYES["gray"]),
        ("eye_color", "dark-brown eyes", "eyes", EYES["dark brown"]),
        ("eye_color", "blue-green", "eyes", EYES["turquoise"]),
        ("eye_color", "amethyst", "eyes", EYES["violet"]),
        ("eye_color", "grayish blue", "eyes", mix(EYES["blue"], EYES["gray"], 0.3)),
        ("hair_color", "burgundy hair", "hair", NAMED["burgundy"]),
        ("hair_color", "champagne blonde", "hair", HAIR["platinum"]),
        ("hair_color", "ash brown", "hair", mix(HAIR["brown"], "#8a8a8a", 0.35)),
        ("hair_style", "reddish purple bob", "hair", mix(HAIR["purple"], HAIR["red"], 0.3)),
        ("skin_tone", "alabaster", "skin", SKIN["very light"]),
        ("skin_tone", "golden brown skin", "skin", SKIN["medium"]),
        ("skin_tone", "rich espresso", "skin", mix(SKIN["deep"], "#000000", 0.12)),
        ("style", "royal blue blazer", "clothes", NAMED["royal blue"]),
        ("style", "a pale mint sweater", "clothes", mix(NAMED["mint"], "#ffffff", 0.5)),
        ("style", "greenish-gray hoodie", "clothes", mix(FABRIC["gray"], FABRIC["green"], 0.3)),
        ("skin_tone", "light-medium", "skin", SKIN["medium light"]),
        ("skin_tone", "medium-light", "skin", SKIN["medium light"]),
        ("skin_tone", "#c08060", "skin", "#c08060"),
        ("style", "burgundy hoodie", "clothes", FABRIC["burgundy"]),
    ],
)
def test_other_colors_are_understood(attribute: str, text: str, name: str, color: str) -> None:
    assert colored(**{attribute: text})[name] == color


@pytest.mark.parametrize(
    ("text", "clothes"),
    [
        ("smart-casual", {"collarAndSweater", "shirtAndCollar"}),
        ("business-casual", {"blazerAndSweater", "blouse", "shirtAndCollar"}),
        ("business", {"blazerAndShirt", "blazerAndTie"}),
        ("formal", {"blazerAndTie", "blazerAndBowTie", "blazerAndBow", "blazerAndShirt"}),
        ("a navy suit", {"blazerAndShirt", "blazerAndTie"}),
        ("suit and tie", {"blazerAndTie", "shirtAndTie"}),
        ("tuxedo", {"blazerAndBowTie"}),
        ("navy blazer", {"blazerAndShirt", "blazerAndSweater"}),
        ("casual hoodie", {"hoodie"}),
        ("dungarees", {"overallAndShirt"}),
        ("Punk Dress", {"stripedShirt", "graphicShirt", "turtleneck"}),
        ("off-shoulder dress", {"dress"}),
        ("double-breasted suit", {"blazerAndShirt", "blazerAndTie"}),
        ("graduation gown", {"tunic"}),
        ("workwear", {"overallAndShirt", "checkeredShirt"}),
        ("red dress", {"dress"}),
        ("Business Professional Dress", {"blazerAndShirt", "blazerAndTie"}),
        ("professional", {"blazerAndShirt", "blazerAndSweater", "blouse", "shirtAndTie"}),
        ("sari", {"sari"}),
        ("kimono", {"kimono"}),
        ("traditional", {"tunic"}),
        ("scrubs", {"scrubs"}),
        ("lab coat", {"labCoat"}),
        ("uniform", {"uniform"}),
        ("black turtleneck", {"turtleneck"}),
        ("silk blouse", {"blouse"}),
        ("plaid shirt", {"checkeredShirt"}),
        ("an apron", {"apron"}),
    ],
)
def test_dress_is_understood(text: str, clothes: set[str]) -> None:
    assert drawn(style=text)["clothes"] in clothes


@pytest.mark.parametrize(
    ("base", "component", "drawing"),
    [
        ("portrait with round glasses", "accessories", "round"),
        ("she wears a hijab", "top", "hijab"),
        ("man in a turban", "top", "turban"),
        ("with a long beard", "facialHair", "beardMajestic"),
        ("a mustache", "facialHair", "moustacheMagnum"),
        ("hoop earrings", "earrings", "hoop"),
        ("a serious look", "eyebrows", "straight"),
        ("wearing a hoodie", "clothes", "hoodie"),
        ("bearded man with dreadlocks and a hat", "headwear", "hat"),
        ("man in a baseball cap", "headwear", "cap"),
        ("a woman in a red dress", "clothes", "dress"),
    ],
)
def test_things_in_the_prompt_are_drawn(base: str, component: str, drawing: str) -> None:
    assert drawn(base=base)[component] == drawing


def test_a_description_in_the_prompt_is_drawn() -> None:
    base = "a woman with long red hair, green eyes and dark skin on a teal background"
    colors = colored(base=base)
    assert (colors["hair"], colors["eyes"]) == (HAIR["red"], EYES["green"])
    assert (colors["skin"], colors["background"]) == (SKIN["dark"], FABRIC["teal"])
    assert drawn(base=base)["top"].startswith("straight")
    assert notices(base=base) == ()


@pytest.mark.parametrize("base", ["background #ff8800", "background: #f80", "a background of #ff8800"])
def test_a_background_may_stand_before_its_color(base: str) -> None:
    assert colored(base=base)["background"] == "#ff8800"
    assert notices(base=base) == ()


def test_people_in_the_prompt_have_their_age_and_gender() -> None:
    assert drawn(base="portrait of an elderly man")["ageLines"] == "seventies"
    assert "ageLines" not in drawn(base="portrait of an elderly man", age=29)
    assert drawn(base="f/1.8, senior engineer") == drawn()


def test_attributes_count_more_than_the_prompt() -> None:
    assert colored(base="red hair", hair_color="black")["hair"] == HAIR["black"]


@pytest.mark.parametrize(
    "refusal", ["no glasses", "without glasses", "doesn't wear glasses", "not wearing any glasses"]
)
def test_refused_things_are_never_drawn(refusal: str) -> None:
    for seed in range(1, 60):
        assert "accessories" not in drawn(base=refusal, seed=seed)


def test_a_refusal_ends_where_its_clause_ends() -> None:
    things = drawn(base="no glasses or beard, with a turban", gender="male")
    assert "accessories" not in things
    assert "facialHair" not in things
    assert things["top"] == "turban"
    assert "accessories" in drawn(base="no beard but glasses")
    assert "accessories" in drawn(base="no beard and a pair of glasses")


@pytest.mark.parametrize("base", ["clean-shaven", "without a beard", "no beard", "no facial hair"])
def test_a_shaven_face_stays_shaven(base: str) -> None:
    for seed in range(1, 60):
        assert "facialHair" not in drawn(base=base, gender="male", age=40, seed=seed)


def test_refused_expressions_turn_round() -> None:
    assert drawn(base="not smiling")["mouth"] in mouths("serious")
    assert drawn(base="never serious")["mouth"] in mouths("calm")


def test_what_is_refused_is_not_drawn_by_chance() -> None:
    for seed in range(1, 60):
        base = "not a woman, not bald, no red hair"
        assert drawn(base=base, seed=seed).get("top") is not None
        assert colored(base=base, seed=seed)["hair"] != HAIR["red"]
    assert notices(base="not a woman, not bald, no red hair") == ()
    assert drawn(style="no hoodie", seed=9)["clothes"] in {"shirtCrewNeck", "shirtScoopNeck"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Non-Hispanic White", "white"),
        ("White, not Hispanic", "white"),
        ("American Indian", "indigenous"),
        ("Native Hawaiian", "pacific islander"),
        ("West Indian", "black"),
        ("German", "caucasian"),
        ("Germans", "caucasian"),
        ("German-American", "caucasian"),
        ("from Sweden", "northern european"),
        ("Italian", "southern european"),
        ("person of Indian descent", "south asian"),
        ("Saudi Arabian", "middle eastern"),
        ("Egyptian", "north african"),
        ("Uzbekistani", "central asian"),
        ("Yoruba", "african"),
        ("Citizen of the Dominican Republic", "Dominican"),
        ("Papua New Guinean", "melanesian"),
        ("half Japanese, half Nigerian", "Chinese and Kenyan"),
        ("Bolivian", "indigenous and hispanic"),
        ("black Irish", "caucasian"),
    ],
)
def test_an_ethnicity_is_read_as_it_is_meant(said: str, meant: str) -> None:
    for seed in range(1, 40):
        assert colored(ethnicity=said, seed=seed) == colored(ethnicity=meant, seed=seed)
    assert notices(ethnicity=said) == ()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cis woman", "female"),
        ("trans woman", "female"),
        ("male to female", "female"),
        ("ftm", "male"),
        ("female to male", "male"),
        ("transmasculine", "male"),
        ("demigirl", "female"),
        ("two-spirit", "non-binary"),
        ("bigender", "non-binary"),
        ("gender nonconforming", "non-binary"),
    ],
)
def test_a_gender_is_read_as_people_say_it(said: str, meant: str) -> None:
    for seed in range(1, 20):
        assert drawn(gender=said, seed=seed) == drawn(gender=meant, seed=seed)
    assert notices(gender=said) == ()


@pytest.mark.parametrize(
    ("trait", "expression"),
    [
        ("Angry", "angry"),
        ("short-tempered", "angry"),
        ("Surprised", "surprised"),
        ("Serene", "calm"),
        ("self-assured", "calm"),
        ("good-natured", "smile"),
        ("Smiling", "smile"),
        ("heartbroken", "sad"),
        ("no-nonsense", "serious"),
    ],
)
def test_a_trait_is_drawn_as_the_expression_that_shows_it(trait: str, expression: str) -> None:
    for seed in range(1, 20):
        assert drawn(traits=(trait,), seed=seed) == drawn(base=f"{expression} expression", seed=seed)
    assert notices(traits=(trait,)) == ()


def test_the_negative_prompt_refuses() -> None:
    for seed in range(1, 60):
        assert "accessories" not in drawn(negative="blurry, glasses", seed=seed)


def test_only_whole_words_count() -> None:
    assert drawn(base="a chat about thatch, beardlessness and hatred") == drawn(base="a chat")


@pytest.mark.parametrize(("trait", "expression"), [("friendly", "smile"), ("Serious", "serious"), ("calm", "calm")])
def test_personality_shows_in_the_face(trait: str, expression: str) -> None:
    assert {drawn(traits=(trait,), seed=seed)["mouth"] for seed in range(1, 60)} == mouths(expression)


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"body_type": "jelly"}, "The offline engine does not know body type 'jelly': it was left to chance."),
        ({"body_type": "tall"}, "The avataaars art style draws body type 'tall' as 'average'."),
        (
            {"hair_style": "victory rolls"},
            "The offline engine does not know hair style 'victory rolls': it was left to chance.",
        ),
        (
            {"hair_style": "long mermaid"},
            "The offline engine does not draw 'mermaid' of hair style 'long mermaid'.",
        ),
        ({"ethnicity": "elvish"}, "The offline engine does not know ethnicity 'elvish': it was left to chance."),
        (
            {"ethnicity": "American"},
            "The offline engine does not learn from ethnicity 'American' how somebody looks: it was left to chance.",
        ),
        ({"ethnicity": "gypsy"}, "The offline engine does not know ethnicity 'gypsy': it was left to chance."),
        ({"age_range": "ageless"}, "The offline engine does not know age range 'ageless': it was left to chance."),
        ({"base": "an astronaut on Mars"}, "The offline engine does not draw 'astronaut', 'mars' of the prompt."),
        ({"base": "a woman \U0001f600"}, "The offline engine does not draw '\U0001f600' of the prompt."),
        ({"base": "#ff0000"}, "The offline engine does not draw '#ff0000' of the prompt."),
        ({"gender": "trans"}, "The offline engine does not know gender 'trans': it was left to chance."),
        ({"traits": ("hungry",)}, "The offline engine cannot draw the personality 'hungry'."),
        ({"traits": ("left-handed",)}, "The offline engine cannot draw the personality 'left-handed'."),
        ({"hair_style": "curly bob"}, "The avataaars art style cannot draw 'curly' of this hair style."),
        ({"hair_color": "blonde and pink"}, "The offline engine does not draw 'pink' of hair color 'blonde and pink'."),
        (
            {"age": 7, "options": {"art_style": "micah"}},
            "The micah art style cannot draw a child: it draws an adult.",
        ),
        (
            {"age_range": "teenager", "options": {"art_style": "lorelei"}},
            "The lorelei art style cannot draw a teenager: it draws an adult.",
        ),
        ({"hair_style": "slicked back"}, "The avataaars art style draws hair style 'slick back' as 'quiff'."),
        ({"style": "bikini"}, "The avataaars art style draws attire 'bikini' as 'blouse'."),
        ({"style": "a space suit"}, "The avataaars art style draws attire 'space suit' as 'overalls'."),
        ({"style": "chandelier earrings"}, "The avataaars art style draws earrings 'chandelier earrings' as 'hoop'."),
        ({"style": "mutton chops"}, "The avataaars art style draws facial hair 'mutton chops' as 'beard'."),
        ({"style": "shirtless"}, "The avataaars art style draws attire 'shirtless' as 't-shirt'."),
        ({"base": "a naked man"}, "The avataaars art style draws attire 'naked' as 't-shirt'."),
        ({"base": "no clothes"}, "The avataaars art style draws attire 'no clothes' as 't-shirt'."),
        ({"base": "a woman in an old town"}, "The offline engine does not draw 'old', 'town' of the prompt."),
        (
            {"hair_color": "not blonde"},
            "The offline engine leaves hair color 'not blonde' to chance, without what it refuses.",
        ),
        (
            {"ethnicity": "non-white"},
            "The offline engine leaves ethnicity 'non-white' to chance, without what it refuses.",
        ),
        (
            {"base": "no background"},
            "The offline engine does not know how to leave out 'background' of the prompt.",
        ),
        (
            {"hair_style": "mohawk"},
            "The avataaars art style draws hair style 'mohawk' as 'undercut'.",
        ),
        ({"hair_style": "bob", "base": "a hijab"}, "The avataaars art style hides the hair style under the hijab."),
        ({"base": "earrings and a hijab"}, "The avataaars art style hides the earrings under the hijab."),
        ({"hair_color": "red", "base": "a turban"}, "The avataaars art style shows no hair color in this drawing."),
        ({"hair_color": "red", "hair_style": "bald"}, "The avataaars art style shows no hair color in this drawing."),
        ({"eye_color": "blue", "base": "eyes closed"}, "The avataaars art style shows no eye color in this drawing."),
        ({"eye_color": "blue", "base": "sunglasses"}, "The avataaars art style shows no eye color in this drawing."),
    ],
)
def test_what_is_not_expressed_is_said(fields: dict[str, Any], notice: str) -> None:
    assert notices(**fields) == (notice,)


@pytest.mark.parametrize(
    ("base", "component", "drawing"),
    [
        ("a bearded man without a mustache", "facialHair", "beardLight"),
        ("not a hat but a turban", "headwear", "turban"),
    ],
)
def test_what_is_asked_for_counts_more_than_what_is_refused(base: str, component: str, drawing: str) -> None:
    assert drawing in drawn(base=base, seed=3).get(component, drawn(base=base, seed=3).get("top", ""))


def test_a_negative_prompt_refuses_whatever_a_prompt_asks_for() -> None:
    for seed in range(1, 40):
        fields = {"negative": "smile, beard, black hair, female", "gender": "male", "age": 30, "seed": seed}
        assert colored(**fields)["hair"] != HAIR["black"]
        assert "facialHair" not in drawn(**fields)
        assert drawn(**fields)["mouth"] not in {"smile", "twinkle"}
    assert notices(negative="smile, beard, black hair, ugly, blurry") == ()
    (notice,) = notices(negative="tattoos")
    assert notice == "The offline engine does not know how to leave out 'tattoos' of the negative prompt."


@pytest.mark.parametrize("base", ["!!!", "and the", "---"])
def test_a_prompt_that_says_nothing_is_not_dropped_in_silence(base: str) -> None:
    assert notices(base=base) == (f"The offline engine finds nothing to draw in the prompt '{base}'.",)


def test_a_garment_under_another_is_said() -> None:
    assert notices(base="a white blouse and a black blazer") == (
        "The offline engine does not draw 'white', 'blouse' of the prompt.",
    )


def test_none_alone_is_no_beard_refused() -> None:
    assert drawn(base="a man second to none, with a beard").get("facialHair")


@pytest.mark.parametrize(
    ("fields", "english"),
    [
        ({"gender": "Frau"}, {"gender": "female"}),
        ({"gender": "weiblich"}, {"gender": "female"}),
        ({"gender": "w"}, {"gender": "female"}),
        ({"gender": "d"}, {"gender": "non-binary"}),
        ({"gender": "Homme"}, {"gender": "male"}),
        ({"hair_color": "grau"}, {"hair_color": "gray"}),
        ({"hair_color": "schwarze Haare"}, {"hair_color": "black"}),
        ({"eye_color": "bleus"}, {"eye_color": "blue"}),
        ({"style": "rot"}, {"style": "red"}),
        ({"hair_style": "lockig"}, {"hair_style": "curly"}),
        ({"hair_style": "cheveux courts"}, {"hair_style": "short"}),
        ({"hair_style": "calvo"}, {"hair_style": "bald"}),
        ({"skin_tone": "dunkel"}, {"skin_tone": "dark"}),
        ({"skin_tone": "piel clara"}, {"skin_tone": "light"}),
    ],
)
def test_values_in_other_languages_are_drawn_as_in_english(fields: dict[str, str], english: dict[str, str]) -> None:
    assert drawn(**fields) == drawn(**english)
    assert notices(**fields) == notices(**english)
