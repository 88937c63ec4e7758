"""The presets of a library, for programs: what is exported is imported again, and changes at the same time."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import CATEGORIES, Preset
from avatar_creator.errors import AvatarError, InvalidInput, NotFound
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from avatar_creator.presets import built_in_names

# Texts that YAML has other ideas about, and any others.
TRICKY = [
    *("NO", "yes", "null", "~", "1e3", "0x1F", "1_000", "1:30", "2024-01-01", ".inf", "=", "<<", "- a", "a: b", "#a"),
    *("'", '"', "*a", "&a", "!!str a", "%a", "@a", "`a`", "{a}", "[a]", "a\\nb", "\U0001f642", "é", "שלום", "a ,b"),
]


def _texts(most: int) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=["C", "Z"])
    return st.sampled_from(TRICKY) | st.text(letters, min_size=1, max_size=most)


@st.composite
def presets(draw: st.DrawFn) -> Preset:
    text = _texts(20)
    for _ in range(100):
        try:
            return Preset(
                name=draw(st.from_regex(r"[a-z0-9]{1,6}(-[a-z]{1,4})?", fullmatch=True)),
                title=draw(text),
                category=draw(st.sampled_from((*CATEGORIES, "no", "1e3", "null"))),
                description=draw(st.none() | text),
                persona=Persona(
                    draw(st.none() | text), draw(st.none() | st.integers(1, 120)), (*draw(st.lists(text, max_size=3)),)
                ),
                attributes=Attributes(gender=draw(st.none() | text), style=draw(st.none() | text)),
                prompt=draw(text),
                choices=draw(st.sampled_from([{}, {"quality_terms": False}, {"width_px": 64, "art_style": "micah"}])),
            )
        except InvalidInput:
            continue
    raise AssertionError


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    with open_library(home.root) as opened:
        yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(presets(), max_size=4, unique_by=lambda preset: preset.name))
def test_what_is_exported_is_imported_as_it_was(library: Library, some: list[Preset]) -> None:
    library.presets.delete(name for name in library.presets.names() if name not in built_in_names())
    for each in some:
        library.presets.create(each)
    names = [each.name for each in some]
    exported = library.presets.export(names) if names else ""
    library.presets.delete(names)
    if names:
        assert library.presets.import_(exported.encode()).presets == some
        assert library.presets.import_(exported.encode()) == ([], len(some))
    assert [library.presets.get(name) for name in names] == some


def test_one_of_many_at_once_gets_a_name(library: Library) -> None:
    refused: list[AvatarError] = []

    def create(number: int) -> None:
        try:
            library.presets.create(Preset(name="one", prompt=str(number)))
        except InvalidInput as error:
            refused.append(error)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    assert library.presets.names()[0] == "one"


def test_changes_at_once_are_both_there(library: Library) -> None:
    library.presets.create(Preset(name="one", prompt="a"))

    def edit(number: int) -> None:
        library.presets.edit("one", lambda preset: replace(preset, prompt=f"{preset.prompt} {number}"))

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((library.presets.get("one").prompt or "").split()) == [*"01234567", "a"]


def test_an_unknown_art_style_is_refused_wherever_it_comes_from(library: Library) -> None:
    oil = Preset(name="one", prompt="a", choices={"art_style": "oil"})
    with pytest.raises(InvalidInput, match="art style is 'oil'"):
        library.presets.create(oil)
    library.presets.create(Preset(name="one", prompt="a"))
    with pytest.raises(InvalidInput, match="art style is 'oil'"):
        library.presets.edit("one", lambda _preset: oil)
    with pytest.raises(InvalidInput, match="art style is 'oil'"):
        library.presets.import_(b"{name: one, prompt: a, options: {art_style: oil}}", replace=True)
    assert library.presets.get("one").choices == {}


@pytest.mark.parametrize("change", [5, lambda _: None])
def test_what_changes_no_preset_into_one_is_refused(library: Library, change: Any) -> None:
    made = library.presets.create(Preset(name="me", prompt="x"))
    with pytest.raises(InvalidInput, match=r"(change|preset) is of type"):
        library.presets.edit("me", change)
    assert library.presets.get("me") == made


def test_a_deletion_is_of_all_or_none(library: Library) -> None:
    library.presets.create(Preset(name="one", prompt="a"))
    with pytest.raises(NotFound):
        library.presets.delete(["one", "qqq"])
    assert library.presets.names()[0] == "one"
    library.presets.delete(["one", "ONE"])
    assert library.presets.names() == built_in_names()


def test_persona_examples_of_a_category(library: Library) -> None:
    assert {example.category for example in library.presets.examples("Business")} == {"business"}
    assert len(library.presets.examples()) == 15
