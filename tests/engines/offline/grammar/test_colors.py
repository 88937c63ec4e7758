"""What each color of a text is of."""

from collections.abc import Mapping

import pytest

from avatar_creator.engines.offline.grammar.colors import TABLES
from avatar_creator.engines.offline.grammar.phrases import Phrase, meaning_of
from avatar_creator.engines.offline.grammar.prompts import read_prompt
from avatar_creator.engines.offline.grammar.reading import read_value
from avatar_creator.engines.offline.words.topics import Topic

PROMPTS: Mapping[str, dict[str, str]] = {
    "teal hijab": {"headwear": "teal"},
    "red glasses": {"frames": "red"},
    "gray beard": {"beard": "gray"},
    "grey-bearded man": {"beard": "gray"},
    "a long gray beard": {"beard": "gray"},
    "red hat": {"headwear": "red"},
    "black turban": {"headwear": "black"},
    "black beanie and navy sweater": {"headwear": "black", "clothes": "navy"},
    "a navy sweater and a black beanie": {"headwear": "black", "clothes": "navy"},
    "red beanie, blue scarf and green coat": {"headwear": "red", "clothes": "green"},
    "green dress": {"clothes": "green"},
    "blue scrubs": {"clothes": "blue"},
    "white lab coat": {"clothes": "white"},
    "black woman with short hair": {},
    "a black man in a white shirt": {"clothes": "white"},
    "navy blazer over white shirt": {"clothes": "navy"},
    "a red and white striped shirt": {"clothes": "red"},
    "glasses with blue frames": {"frames": "blue"},
    "blue-framed glasses": {"frames": "blue"},
    "round red glasses": {"frames": "red"},
    "black-rimmed glasses": {"frames": "black"},
    "his beard is gray": {"beard": "gray"},
    "man with black hair and a blue tie": {"hair": "black"},
    "a black suit and a red tie": {"clothes": "black"},
    "hair dyed blonde, brown eyes": {"eyes": "brown", "hair": "blonde"},
    "a blue-eyed blonde": {"eyes": "blue", "hair": "blonde"},
    "her eyes are green, brunette": {"eyes": "green", "hair": "brunette"},
    "a blonde bob": {"hair": "blonde"},
    "with dark, curly hair": {"hair": "dark"},
    "a blue hat, curly hair": {"headwear": "blue"},
    "her hair is long, wavy and auburn": {"hair": "auburn"},
    "Hair: short, black. Eyes: green.": {"hair": "black", "eyes": "green"},
    "her hair is long, in black": {"clothes": "black"},
    "brown-eyed, brown-skinned": {"eyes": "brown", "skin": "brown skinned"},
    "hair dyed pink": {"hair": "pink"},
    "her hair is long and red": {"hair": "red"},
    "hair: red": {"hair": "red"},
    "blue eyes": {"eyes": "blue"},
    "a blue-eyed man": {"eyes": "blue"},
    "his eyes are green": {"eyes": "green"},
    "sweater in navy": {"clothes": "navy"},
    "a sweater in the color navy": {"clothes": "navy"},
    "a woman in red": {"clothes": "red"},
    "a man dressed all in black": {"clothes": "black"},
    "wearing navy": {"clothes": "navy"},
    "a blonde woman": {"hair": "blonde"},
    "a brunette in a hat": {"hair": "dark brown"},
    "a pale woman": {"skin": "very light"},
    "dark-skinned woman": {"skin": "dark"},
    "on a teal background": {"background": "teal"},
    "red hair, green eyes, dark skin, blue hat, white shirt": {
        "hair": "red", "eyes": "green", "skin": "dark", "headwear": "blue", "clothes": "white",
    },
    "gray hair and a red beard": {"hair": "gray", "beard": "red"},
    "a red car": {},
    "a woman with a red rose": {},
    "a woman on a red carpet in a white shirt": {"clothes": "white"},
    "a black and white photo": {},
    "white smile": {},
    "a black cat": {},
    "a crisp white medical coat over a light blue shirt": {"clothes": "white"},
    "#ff8800 hat": {"headwear": "#ff8800"},
}  # fmt: skip
VALUES: Mapping[tuple[Topic, str], dict[str, str]] = {
    (Topic.DRESS, "in red"): {"clothes": "red"},
    (Topic.DRESS, "red"): {"clothes": "red"},
    (Topic.DRESS, "black beanie and navy sweater"): {"headwear": "black", "clothes": "navy"},
    (Topic.DRESS, "red lipstick"): {},
    (Topic.HAIR, "auburn bob"): {"hair": "auburn"},
    (Topic.HAIR, "bald with a gray beard"): {"beard": "gray"},
    (Topic.HAIR, "black hair, red beard"): {"hair": "black", "beard": "red"},
    (Topic.HAIR_COLOR, "dark brown"): {"hair": "dark brown"},
}


def colors_of(phrases: list[Phrase]) -> dict[str, str]:
    return {one.role: one.meaning for one in reversed(phrases) if one.role and one.meaning}


def as_known(colors: Mapping[str, str]) -> dict[str, str | None]:
    return {role: meaning_of(color, TABLES[role]) for role, color in colors.items()}


@pytest.mark.parametrize(("text", "colors"), PROMPTS.items())
def test_a_color_belongs_to_the_thing_beside_it(text: str, colors: dict[str, str]) -> None:
    covered = {"white", "light blue"} if "over" in text else set()
    said = [one for one in read_prompt(text).phrases if one.text not in covered or colors.get(one.role) == one.text]
    assert colors_of(said) == as_known(colors)


@pytest.mark.parametrize(("value", "colors"), VALUES.items())
def test_a_color_beside_nothing_is_of_what_the_value_is_about(value: tuple[Topic, str], colors: dict[str, str]) -> None:
    topic, text = value
    topics = (topic, Topic.BEARD, Topic.HEADWEAR, Topic.GARMENT)
    default = "clothes" if topic is Topic.DRESS else "hair"
    assert colors_of(read_value(text, topics, default)) == as_known(colors)
