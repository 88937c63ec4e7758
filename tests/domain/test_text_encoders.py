import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural import build_natural_prompt
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import Prompt, build_prompt
from avatar_creator.domain.text_encoders import foreign_syntax, unread_by_clip, unreadable

LOOKS = Attributes(
    gender="female",
    age_range="adult",
    ethnicity="southeast-asian",
    body_type="athletic",
    hair_style="shoulder length wavy",
    hair_color="dark-brown",
    eye_color="hazel",
    skin_tone="light-medium",
    style="business-casual",
)
PLACE = "sitting at a desk in a bright modern office, natural window light, holding a mug of coffee"


def prompt(base: str) -> Prompt:
    return build_prompt(Persona(), Attributes(), base)


@pytest.mark.parametrize(
    ("base", "named"),
    [
        ("\u9ed2\u9aea woman", "'\u9ed2\u9aea'"),
        ("\u041c\u0430\u0440\u0438\u044f, a woman", "'\u041c\u0430\u0440\u0438\u044f'"),
        ("a \u03b3\u03c5\u03bd\u03b1\u03af\u03ba\u03b1", "'\u03b3\u03c5\u03bd\u03b1\u03af\u03ba\u03b1'"),
        ("\u0627\u0645\u0631\u0623\u0629", "'\u0627\u0645\u0631\u0623\u0629'"),
        ("woman \U0001f600", "'\U0001f600'"),
        (
            "\u0430 \u0431 \u0432 \u0433 \u0434 \u0435 \u0436",
            "'\u0430', '\u0431', '\u0432', '\u0433', '\u0434' and 2 more",
        ),
    ],
)
def test_scripts_that_flux_cannot_read_are_named(base: str, named: str) -> None:
    (said,) = unreadable(prompt(base))
    assert said == f"FLUX reads English, and hardly {named} of the prompt: say it in English."


@pytest.mark.parametrize(
    "base",
    ["Zo\u00eb \u00d6zt\u00fcrk", "Nguy\u1ec5n", "\u0141ukasz", "\ufb01ne",
     "\u00bd turn, 5 \u00b5m, 20\u00b0", "\u2122 \u2192 \u201cwoman\u201d \u2026", "Hawai\u02bbi"],
)  # fmt: skip
def test_latin_letters_and_signs_are_read(base: str) -> None:
    assert list(unreadable(prompt(base))) == []


def test_a_name_in_another_script_is_named_where_it_is_sent() -> None:
    maria = Persona("\u041c\u0430\u0440\u0438\u044f", 30)
    assert len(list(unreadable(build_prompt(maria, Attributes())))) == 1
    assert list(unreadable(build_natural_prompt(maria, Attributes()))) == []


@pytest.mark.parametrize(
    ("base", "named"),
    [
        ("a woman (red hair:1.3), smiling", "'(red hair:1.3)'"),
        ("((masterpiece)), [[bad]]", "'((masterpiece))', '[[bad]]'"),
        ("[red:blond:0.5] hair", "'[red:blond:0.5]'"),
        ("<lora:foo:0.8> man", "'<lora:foo:0.8>'"),
        ("embedding:easyneg", "'embedding:easyneg'"),
        ("man --ar 16:9 --v 6", "'--ar 16:9', '--v 6'"),
        ("woman --no glasses", "'--no glasses'"),
        ("man BREAK office", "'BREAK'"),
        ("red::2 blue", "'red::2'"),
        ("__hair__ woman", "'__hair__'"),
        ("{red|blue} dress", "'{red|blue}'"),
        ("(woman)++", "'(woman)++'"),
    ],
)
def test_what_other_tools_understand_is_named(base: str, named: str) -> None:
    (said,) = foreign_syntax(prompt(base))
    assert said == f"Weights and commands of other tools are read as words here: {named}. Leave them out."


@pytest.mark.parametrize(
    "base",
    [
        "(very long hair)", "3/4 view (2024)",
        "time 12:30 (noon)", "a man -- tired", "aspect ratio 16:9",
        "(ratio 3:2)",
        "man [smiling]", "woman :) :D", "C++ developer", "(by: me)",
        "a--b", "f/1.8, ISO 100, (50mm)", "a break", "a::b",
        "snake_case __", "{curly}",
    ],
)  # fmt: skip
def test_plain_text_is_no_syntax(base: str) -> None:
    assert list(foreign_syntax(prompt(base))) == []


def test_what_clip_does_not_read_is_named_where_it_is_the_users() -> None:
    (said,) = unread_by_clip(build_prompt(Persona("Wilhelmina Featherstonehaugh", 32), LOOKS, PLACE))
    assert said == (
        "CLIP, one of the two encoders of FLUX, reads about the first 77 tokens, up to before 'coffee'; T5 reads all. "
        "What matters most should come first."
    )


@pytest.mark.parametrize("build", [build_prompt, build_natural_prompt])
def test_the_usual_words_at_the_end_need_not_be_read_by_clip(build: object) -> None:
    assert callable(build)
    assert list(unread_by_clip(build(Persona("Sarah", 32), Attributes(gender="female"), "in a library"))) == []
