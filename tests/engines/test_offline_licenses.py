import pytest

from avatar_creator.engines.offline.licenses import LICENSES, licenses_of
from avatar_creator.engines.offline.styles import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.engines.offline.svg import definition_of


@pytest.mark.parametrize("name", ART_STYLES)
def test_the_licence_of_a_style_is_what_its_definition_says(name: str) -> None:
    stated = definition_of(ART_STYLES[name])["meta"]["license"]
    assert LICENSES[name][:3] == (f"dicebear/{name}", stated["name"], stated["url"])


def test_no_style_is_named_that_is_not_offered() -> None:
    assert list(LICENSES) == list(ART_STYLES)


def test_the_style_that_is_chosen_is_told_of() -> None:
    assert licenses_of({}) == (LICENSES[DEFAULT_ART_STYLE],)
    assert licenses_of({"art_style": "micah"}) == (LICENSES["micah"],)
