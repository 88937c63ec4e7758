"""The sentence for who cannot see a picture."""

import pytest

from avatar_creator.domain import alt_text
from avatar_creator.domain.prompt import QUALITY_TERMS
from avatar_creator.domain.records import ALT_TEXT_LONGEST

WOMAN = {"gender": "female", "age": "32", "hair": "bob", "hair_color": "black", "eyes": "brown"}
BLAZER = {"clothes": "blazer", "clothes_color": "navy"}


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        (
            WOMAN | BLAZER,
            "Drawing of a woman of about 32 with a black bob and brown eyes, wearing a navy blazer",
        ),
        (
            {"gender": "male", "age": "60", "hair": "bald", "facial_hair": "beard", "facial_hair_color": "gray"}
            | {"glasses": "round glasses", "glasses_color": "black (by chance)"},
            "Drawing of a bald man of about 60 with a gray beard and round glasses",
        ),
        (
            {"gender": "female (by chance)", "age": "28 (by chance)", "skin": "light (by chance)"}
            | {"hair": "long straight (by chance)", "hair_color": "auburn (by chance)", "eyes": "hazel (by chance)"}
            | {"expression": "smiling (by chance)", "earrings": "hoop earrings (by chance)"}
            | {"clothes": "t-shirt (by chance)", "clothes_color": "olive (by chance)"}
            | {"background": "pale blue (by chance)"},
            "Drawing of a woman with long straight auburn hair and hazel eyes, wearing an olive t-shirt",
        ),
        ({"gender": "female", "age": "9"}, "Drawing of a girl of about 9"),
        ({"gender": "male", "age": "17"}, "Drawing of a boy of about 17"),
        ({"gender": "male", "age": "18"}, "Drawing of a man of about 18"),
        ({"gender": "non-binary", "age": "40"}, "Drawing of a person of about 40"),
        ({"gender": "non-binary", "age": "12"}, "Drawing of a child of about 12"),
        (
            {"gender": "female", "headwear": "hijab", "headwear_color": "teal", "clothes": "overalls"},
            "Drawing of a woman, wearing a teal hijab and overalls",
        ),
        (
            {"gender": "male", "expression": "eyes closed", "eyes": "blue", "skin": "medium dark"},
            "Drawing of a man with closed eyes and medium dark skin",
        ),
        ({"gender": "male", "expression": "angry"}, "Drawing of an angry man"),
        ({"gender": "male", "hair": "afro"}, "Drawing of a man with an afro"),
        ({"gender": "male", "hair": "flat top", "hair_color": "black"}, "Drawing of a man with a black flat top"),
        ({"gender": "female", "hair": "bantu knots"}, "Drawing of a woman with bantu knots"),
        (
            {"gender": "female", "hair": "short twists", "hair_color": "brown"},
            "Drawing of a woman with short brown twists",
        ),
        ({"gender": "female", "hair": "long layered"}, "Drawing of a woman with long layered hair"),
        ({"gender": "female", "age": "40", "body_type": "heavy"}, "Drawing of a woman of about 40"),
        ({"gender": "male", "hair": "undercut", "hair_color": "auburn"}, "Drawing of a man with an auburn undercut"),
        ({"gender": "female", "hair": "pixie cut", "hair_color": "red"}, "Drawing of a woman with a red pixie cut"),
        (
            {"gender": "female", "hair": "short dreadlocks", "hair_color": "black"},
            "Drawing of a woman with short black dreadlocks",
        ),
        (
            {"gender": "female", "hair": "straight hair with a fringe", "hair_color": "black"},
            "Drawing of a woman with straight black hair with a fringe",
        ),
        (
            {"gender": "female", "hair": "bob with a fringe", "hair_color": "orange"},
            "Drawing of a woman with an orange bob with a fringe",
        ),
        (
            {"gender": "male", "hair": "short wavy", "hair_color": "gray"}
            | {"facial_hair": "stubble", "facial_hair_color": "gray"},
            "Drawing of a man with short wavy gray hair and stubble",
        ),
        (
            {"gender": "male", "hair_color": "red", "headwear": "cap", "facial_hair": "handlebar moustache"},
            "Drawing of a man with red hair and a handlebar moustache, wearing a cap",
        ),
        ({"gender": "female", "clothes_color": "charcoal"}, "Drawing of a woman, wearing charcoal clothes"),
        ({"gender": "female", "clothes": "uniform"}, "Drawing of a woman, wearing a uniform"),
        ({"gender": "female", "clothes": "red dress"}, "Drawing of a woman, wearing a red dress"),
        ({"gender": "female", "background": "teal"}, "Drawing of a woman, on a teal background"),
        (
            {"gender": "female", "headwear": "flowers in the hair", "headwear_color": "pink"},
            "Drawing of a woman with pink flowers in the hair",
        ),
        (
            {"gender": "male", "glasses": "glasses", "glasses_color": "red", "earrings": "stud earrings"},
            "Drawing of a man with red glasses and stud earrings",
        ),
    ],
)
def test_a_drawing(drawn: dict[str, str], sentence: str) -> None:
    assert alt_text.of_drawing(drawn) == sentence


def test_what_is_seen_least_is_left_out_of_a_long_one() -> None:
    everything = (
        WOMAN
        | BLAZER
        | {"skin": "medium light", "expression": "surprised", "facial_hair": "handlebar moustache"}
        | {"facial_hair_color": "strawberry blonde", "glasses": "rectangular glasses", "glasses_color": "burgundy"}
        | {"headwear": "headband", "headwear_color": "turquoise", "earrings": "hoop earrings", "background": "lavender"}
    )
    sentence = alt_text.of_drawing(everything)
    assert len(sentence) <= alt_text.LONGEST
    assert sentence.startswith("Drawing of a woman of about 32 with a black bob")
    assert sentence.endswith("wearing a turquoise headband and a navy blazer")


@pytest.mark.parametrize(
    ("name", "full", "sentence"),
    [
        (
            "Sarah Johnson",
            "Sarah Johnson, 32 years old, female, black hair, in an office, " + ", ".join(QUALITY_TERMS),
            "AI-made photograph, asked for as: 32 years old, female, black hair, in an office",
        ),
        (
            "Sarah Johnson",
            "A photograph of Sarah Johnson, a 32-year-old woman. In an office.",
            "AI-made photograph, asked for as: a 32-year-old woman. In an office.",
        ),
        (None, "an old fisherman", "AI-made photograph, asked for as: an old fisherman"),
        ("Ann", "Ann", "AI-made photograph"),
        (None, ", ".join(QUALITY_TERMS), "AI-made photograph"),
    ],
)
def test_a_photograph_says_what_it_was_asked_for(name: str | None, full: str, sentence: str) -> None:
    assert alt_text.of_photograph(name, full) == sentence


@pytest.mark.parametrize("word", ["word", "word,", "x" * 400])
def test_a_long_wish_is_cut_between_words_and_can_be_stored(word: str) -> None:
    sentence = alt_text.of_photograph(None, " ".join([word] * 300))
    assert len(sentence) <= min(alt_text.LONGEST, ALT_TEXT_LONGEST)
    assert sentence.endswith("…")
    assert not sentence.endswith(",…")
