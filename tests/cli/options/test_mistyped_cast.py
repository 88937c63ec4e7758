"""A command line of `avatar cast` that does not fit leads to the option that was meant."""

import pytest

from cli.commandline import Avatar


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("5 women", "Did you mean: avatar cast 5 --gender female?"),
        ("women 5", "Did you mean: avatar cast 5 --gender female?"),
        ("women", "Such as: avatar cast 24 --gender female"),
        ("5 elderly men", "Did you mean: avatar cast 5 --age elderly --gender male?"),
        ("40 German users", "Did you mean: avatar cast 40 --locale de_DE?"),
        ("12 elves", "Did you mean: avatar cast 12 --prompt elves?"),
        ("12 nurses", "Did you mean: avatar cast 12 --preset nurse?"),
        ("5 25-34", "Did you mean: avatar cast 5 --age 25-34?"),
        ("24 people", "Did you mean: avatar cast 24?"),
        ("ten", "Such as: avatar cast 24"),
        ("3 4", "See: avatar cast --help"),
        ("-3", "Such as: avatar cast 24"),
    ],
)
def test_words_behind_the_number_lead_to_the_options_that_say_them(avatar: Avatar, line: str, hint: str) -> None:
    assert avatar.refused("cast", *line.split()).endswith(f"\nHint: {hint}")


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("--country India", "Where names are from: --locale en_IN; how people look: --ethnicity south-asian, for one."),
        ("--nationality=German", "Where names are from: --locale de_DE; how people look: "),
        ("--language Klingon", "Where names are from: --locale de_DE; how people look: "),
        ("--origin", "Where names are from: --locale de_DE; how people look: "),
        ("--race asian", "Did you mean --ethnicity asian?"),
        ("--sex", "Did you mean --gender VALUE?"),
        ("--ages 18-25", "Did you mean --age 18-25?"),
        ("--persona-age=40", "Did you mean --age 40?"),
        ("--women", "Did you mean --gender female?"),
        ("--nurse", "Did you mean --preset nurse?"),
        ("--persona-name Bob", "People of a cast have names and lives of their own. For one: avatar generate "),
        ("--weights 3", "See: avatar cast --help"),
    ],
)
def test_an_option_that_there_is_not_leads_to_the_one_that_says_it(avatar: Avatar, option: str, hint: str) -> None:
    assert f"\nHint: {hint}" in avatar.refused("cast", "3", *option.split())
