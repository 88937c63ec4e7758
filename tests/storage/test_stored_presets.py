"""The user's own presets, and how often each preset was used."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from avatar_rows import new_generation

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import Preset
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library import Library, open_library
from avatar_creator.storage.presets import Presets

BAKER = Preset(
    name="baker",
    title="Équipe 田中",
    category="lifestyle",
    description="Bakes at night.",
    persona=Persona("Zoë", 34, ("warm",), "Owns a bakery."),
    attributes=Attributes(gender="female"),
    prompt="in a bakery",
    choices={"width_px": 512},
)
CARVER = Preset(name="carver", attributes=Attributes(gender="male"))


@pytest.fixture
def presets(library: Library) -> Presets:
    return library.app.presets


def renamed(name: str) -> Callable[[Preset], Preset]:
    return lambda preset: replace(preset, name=name)


def use(library: Library, *names: str) -> None:
    project_id = library.app.generations.ensure_project("default")
    for name in names:
        library.app.generations.add(new_generation(project_id, preset=name))


def test_a_preset_is_found_as_it_was_added_by_its_name_in_any_case(presets: Presets) -> None:
    presets.add([CARVER, BAKER])
    assert presets.find("baker") == presets.find("BAKER") == BAKER
    assert presets.find("bake") is None
    assert (presets.names(), presets.find_all()) == (["baker", "carver"], [BAKER, CARVER])


def test_none_of_several_is_added_if_the_name_of_one_is_taken(presets: Presets) -> None:
    presets.add([BAKER])
    with pytest.raises(InvalidInput, match="A preset named baker exists already") as refused:
        presets.add([CARVER, replace(BAKER, title="Another")])
    assert "avatar preset edit baker" in str(refused.value.hint)
    assert presets.find_all() == [BAKER]
    with pytest.raises(InvalidInput):
        presets.add([CARVER, CARVER])
    assert presets.names() == ["baker"]


def test_a_preset_is_replaced_where_that_is_asked_for(presets: Presets, library: Library) -> None:
    presets.add([BAKER])
    use(library, "baker")
    another = replace(BAKER, title="Another", category="own")
    presets.add([another, CARVER], replace=True)
    assert presets.find_all() == [another, CARVER]
    assert presets.uses()["baker"][0] == 1, "it is the same preset, changed"


def test_an_edit_changes_what_another_shell_left(presets: Presets, library: Library) -> None:
    presets.add([BAKER])
    with open_library(library.home.root) as other:
        other.app.presets.edit("baker", lambda preset: replace(preset, title="Theirs"), ())
    edited = presets.edit("Baker", lambda preset: replace(preset, category="own"), ())
    assert edited == presets.find("baker") == replace(BAKER, title="Theirs", category="own")


def test_uses_follow_a_preset_to_its_new_name(presets: Presets, library: Library) -> None:
    presets.add([BAKER])
    use(library, "baker", "BAKER")
    use(library, "bread")  # as one of that name that was deleted by another program leaves them
    presets.edit("baker", renamed("bread"), ())
    assert presets.names() == ["bread"]
    assert {name: uses for name, (uses, _) in presets.uses().items()} == {"bread": 2}


@pytest.mark.parametrize("name", ["carver", "built-in"])
def test_no_preset_gets_the_name_of_another(presets: Presets, library: Library, name: str) -> None:
    presets.add([BAKER, CARVER])
    use(library, "baker", "carver")
    with pytest.raises(InvalidInput, match=f"A preset named {name} exists already"):
        presets.edit("baker", renamed(name), {"built-in"})
    assert presets.find_all() == [BAKER, CARVER]
    assert {name: uses for name, (uses, _) in presets.uses().items()} == {"baker": 1, "carver": 1}


def test_an_edit_that_is_refused_changes_nothing(presets: Presets) -> None:
    presets.add([BAKER])
    with pytest.raises(InvalidInput):
        presets.edit("baker", lambda preset: replace(preset, choices={"width_px": 10**9}), ())
    assert presets.find_all() == [BAKER]


def test_presets_are_removed_with_their_counts_all_or_none(presets: Presets, library: Library) -> None:
    presets.add([BAKER, CARVER])
    use(library, "baker", "of-avatar")
    with pytest.raises(NotFound, match="no preset gone of yours"):
        presets.remove(["baker", "gone"])
    assert presets.names() == ["baker", "carver"]
    presets.remove(["BAKER"])
    assert presets.names() == ["carver"]
    assert list(presets.uses()) == ["of-avatar"]


def test_what_is_not_there_is_not_edited(presets: Presets) -> None:
    with pytest.raises(NotFound, match="no preset baker of yours"):
        presets.edit("baker", renamed("bread"), ())


def test_each_use_is_counted_of_presets_that_come_with_avatar_too(presets: Presets, library: Library) -> None:
    assert presets.uses() == {}
    use(library, "nurse", "nurse", "chef")
    uses = presets.uses()
    assert {name: count for name, (count, _) in uses.items()} == {"nurse": 2, "chef": 1}
    assert uses["nurse"][1] <= uses["chef"][1], "the time of the last use"
