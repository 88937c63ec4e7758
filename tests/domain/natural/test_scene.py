import pytest

from avatar_creator.domain.natural.scene import gender_in, opening, read_scene


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("a barista at work", "A photograph of a barista at work"),
        ("An old sailor", "A photograph of an old sailor"),
        ("in a library", "A photograph of a person in a library"),
        ("smiling in a park", "A photograph of a person smiling in a park"),
        ("woman, age 39", "A photograph of a woman, age 39"),
        ("old woman", "A photograph of an old woman"),
        ("Professional woman in a suit", "A photograph of a professional woman in a suit"),
        ("Indian woman in a suit", "A photograph of an Indian woman in a suit"),
        ("Woman with brown hair", "A photograph of a woman with brown hair"),
        ("women in a park", "A photograph of women in a park"),
        ("headshot of a chief risk officer", "headshot of a chief risk officer"),
        ("headshot of a smiling software engineer", "headshot of a smiling software engineer"),
        ("moody street, rain", None),
        ("charming old town", None),
    ],
)
def test_a_prompt_that_says_who_is_shown_begins_the_caption(text: str, begun: str | None) -> None:
    assert opening(text) == begun


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("confident business woman in elegant attire", "woman"),
        ("headshot of a male doctor", "man"),
        ("man beside his mother", "man"),
        ("a man and a woman", "man"),
        ("a doctor with a woman", None),
        ("a human in a womanly dress", None),
        ("in a library", None),
    ],
)
def test_a_gender_is_read_where_the_prompt_begins_with_it(text: str, gender: str | None) -> None:
    assert gender_in(text) == gender


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("headshot", {"frame"}),
        ("profile", {"frame", "direction"}),
        ("golden hour", {"light"}),
        ("in an office", {"place"}),
        ("50 mm, f/1.4", {"lens"}),
        ("smiling", {"expression"}),
        ("in a navy blazer", {"dress"}),
        ("in business attire", set()),
        ("long hair", {"hair"}),
        ("delightful, barely", set()),
    ],
)
def test_what_a_prompt_names(text: str, named: set[str]) -> None:
    assert {part for part, is_named in read_scene(text)._asdict().items() if is_named} == named
