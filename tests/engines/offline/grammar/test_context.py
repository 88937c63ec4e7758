"""Whether words of a prompt are about the person."""

import pytest

from avatar_creator.engines.offline.grammar.prompts import read_prompt
from avatar_creator.engines.offline.words.topics import Topic

ABOUT_THE_PERSON = {
    Topic.ETHNICITY: [
        "an Indian woman", "an African American man", "a woman of Japanese descent", "a young Nigerian doctor",
        "Middle Eastern business person", "a black woman", "a white man", "man, Japanese, 35", "she is Mexican",
        "a woman with Asian features", "an Indian software engineer", "a Korean", "a man from Japan",
        "Japanese and Brazilian woman", "a M\u0101ori man", "a beautiful young black woman", "Indian woman farmer",
    ],
    Topic.GARMENT: ["a man in a navy blazer", "wearing blue scrubs", "a polo", "wearing a polo", "in overalls",
                    "a man with a coat", "a woman in a jumper", "red coat", "in a polo and a hat"],
    Topic.HEADWEAR: ["a hat", "a man in a hat", "wearing a red hat", "a big hat", "hat, glasses"],
    Topic.GLASSES: ["wearing shades", "a man with shades"],
    Topic.EXPRESSION: ["a smiling man", "a friendly woman", "looks content", "a content man", "with a friendly smile",
                       "happy", "an angry bald man", "a happy young Indian woman", "laughing", "calm and friendly"],
    Topic.DRESS: ["in business attire", "a casual blue shirt", "formal wear", "streetwear", "dressed formal"],
    Topic.HAIR: ["long hair", "long straight black hair", "hair in a bun", "her hair is short", "an afro", "buzz cut",
                 "curly-haired woman", "long, straight hair", "a purple bob", "blonde curls", "a woman with a bun",
                 "a man with his undercut", "short bob", "her hair is long, wavy and auburn", "hair: short, curly"],
    Topic.GENDER: ["a woman", "a tall lady", "he"],
    Topic.BODY: ["a muscular man", "a slim young woman", "of slim build", "a man of average build", "plus-size woman",
                 "a petite Indian doctor", "with an athletic body"],
}  # fmt: skip
ABOUT_ANYTHING_ELSE = {
    Topic.ETHNICITY: [
        "Indian food", "a French window", "a Persian cat", "a china cup", "a woman with a French braid",
        "a native speaker", "black hair", "a black and white photo", "white teeth", "an American woman",
        "a fan of Japanese literature",
    ],
    Topic.GARMENT: ["water polo player", "overall a good man", "Overall, nice", "a ski jumper", "a coat of paint",
                    "a dress code consultant", "blue-collar worker"],
    Topic.HEADWEAR: ["a hat trick", "white-hat hacker", "a hat maker"],
    Topic.GLASSES: ["shades of gray"],
    Topic.EXPRESSION: ["user-friendly", "an eco-friendly brand", "content creator", "content marketing manager",
                       "a happy birthday cake", "sad story"],
    Topic.DRESS: ["a business person", "professional headshot", "casual conversation"],
    Topic.HAIR: ["medium shot, brown hair", "a short man", "a messy room", "long coat", "flat background",
                 "Bob the builder", "holding a bun", "a jacket with fringe", "blue eyes, short film", "fade to black"],
    Topic.GENDER: ["f/1.8"],
    Topic.BODY: ["a strong woman", "a trained nurse", "a big brother", "a thin line", "average income",
                 "a lean startup", "round glasses", "slim tie"],
}  # fmt: skip


def pairs(table: dict[Topic, list[str]]) -> list[tuple[Topic, str]]:
    return [(topic, text) for topic, texts in table.items() for text in texts]


@pytest.mark.parametrize(("topic", "text"), pairs(ABOUT_THE_PERSON))
def test_words_about_the_person_are_read(topic: Topic, text: str) -> None:
    assert topic in [one.topic for one in read_prompt(text).phrases]


@pytest.mark.parametrize(("topic", "text"), pairs(ABOUT_ANYTHING_ELSE))
def test_words_about_other_things_are_not_read(topic: Topic, text: str) -> None:
    assert topic not in [one.topic for one in read_prompt(text).phrases]
