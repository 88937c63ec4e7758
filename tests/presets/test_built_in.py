"""The presets and persona examples that come with avatar: whom they show, all together and each."""

import itertools
from collections import Counter
from collections.abc import Callable

import pytest

from avatar_creator.casts.axes import AXES
from avatar_creator.domain.age_ranges import KNOWN
from avatar_creator.domain.lint import lint
from avatar_creator.domain.preset import CATEGORIES, Preset
from avatar_creator.home import Home
from avatar_creator.library import open_library
from avatar_creator.presets import built_in_names, find_built_in, find_persona_examples, read_built_in

PRESETS = read_built_in()
EXAMPLES = find_persona_examples()
MARGINS: dict[str, Callable[[Preset], str | None]] = {
    "gender": lambda preset: preset.attributes.gender,
    "age": lambda preset: preset.attributes.age_range,
    "ethnicity": lambda preset: preset.attributes.ethnicity,
}
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)


def test_there_are_four_in_each_category() -> None:
    assert Counter(preset.category for preset in PRESETS) == dict.fromkeys(CATEGORIES, 4)


@pytest.mark.parametrize("axis", MARGINS)
def test_each_value_is_as_frequent_as_the_others(axis: str) -> None:
    values = AXES[axis].values
    found = Counter(MARGINS[axis](preset) for preset in PRESETS)
    assert found.keys() == set(values)
    assert all(abs(count - len(PRESETS) / len(values)) < 1.5 for count in found.values()), found


@pytest.mark.parametrize(("axis", "other"), list(itertools.combinations(MARGINS, 2)))
def test_no_value_goes_with_another(axis: str, other: str) -> None:
    pairs = Counter((MARGINS[axis](preset), MARGINS[other](preset)) for preset in PRESETS)
    expected = len(PRESETS) / len(AXES[axis].values) / len(AXES[other].values)
    assert all(abs(pairs[pair] - expected) < 2 for pair in itertools.product(AXES[axis].values, AXES[other].values))


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_category_has_all_genders_and_age_ranges_and_four_ethnicities(category: str) -> None:
    within = [preset for preset in PRESETS if preset.category == category]
    assert [len({value(preset) for preset in within}) for value in MARGINS.values()] == [3, 3, 4]


def test_no_name_of_a_preset_or_of_a_person_stands_twice() -> None:
    assert len(set(built_in_names())) == len(PRESETS) + len(EXAMPLES) == len(built_in_names())
    people = [preset.persona.name for preset in PRESETS] + [example.persona.name for example in EXAMPLES]
    assert len(set(people)) == len(people)


@each_preset
def test_a_preset_is_whole(preset: Preset) -> None:
    persona = preset.persona
    assert all((preset.title, preset.description, preset.prompt, persona.name, persona.age, persona.background))
    assert len(persona.personality) == 3
    least, most = KNOWN[preset.attributes.age_range or ""]
    assert persona.age is not None
    assert least <= persona.age <= most
    assert persona.age >= 18
    assert (persona.background or "").count(". ") <= 1  # one or two sentences
    assert lint(persona, preset.attributes, preset.prompt) == []


@each_preset
def test_the_offline_engine_draws_all_of_a_preset(preset: Preset, home: Home) -> None:
    with open_library(home.root) as library:
        for seed in (1, 7, 42):
            request = library.request(preset=preset.name, engine="offline", seed=seed)
            assert library.plan(request).warnings == ()


def test_one_is_found_as_among_all() -> None:
    everybody = [*PRESETS, *(example.preset for example in EXAMPLES)]
    assert [find_built_in(name) for name in built_in_names()] == everybody
    assert find_built_in("nurs") is find_built_in("nurse\n") is None


def test_persona_examples_are_in_their_order_and_in_five_categories() -> None:
    categories = ["business", "creative", "lifestyle", "healthcare", "education"]
    assert list(dict.fromkeys(example.category for example in EXAMPLES)) == categories
    assert [example.display_order for example in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))
    assert [len(find_persona_examples(category)) for category in categories] == [3] * 5
    genders = Counter(example.attributes.gender for example in EXAMPLES)
    assert abs(genders["female"] - genders["male"]) <= 1
    for example in EXAMPLES:
        assert all((example.persona.age, example.persona.background))
        assert len(example.persona.personality) == 3
