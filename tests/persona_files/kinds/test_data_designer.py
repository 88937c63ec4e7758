"""People of NeMo Data Designer, alone or as a struct."""

from known_files import opened

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.persona_files.kinds.data_designer import traits_of_factors


def test_people_are_read_from_a_struct() -> None:
    file, (mary, joel) = opened("data_designer.jsonl")
    assert file.kind == "NeMo Data Designer"
    assert mary.persona == Persona(
        "Mary Ann Alberti",
        34,
        ("curious", "reserved", "warm-hearted", "calm"),
        "Mary, practical and warm, blends careful planning with a dry sense of humor.",
    )
    assert mary.attributes == Attributes(gender="female", ethnicity="puerto rican")
    assert mary.persona_id == "d3adbeef-0000-4000-8000-000000000001"
    assert mary.cells["person.city"] == "Cleveland"
    assert mary.cells["product"] == "headphones"
    assert joel.persona == Persona("Joel Okafor", 67, background="not in workforce")


def test_people_of_faker_are_read_from_columns() -> None:
    file, (ruth,) = opened("data_designer_faker.csv")
    assert file.kind == "NeMo Data Designer"
    assert ruth.persona == Persona("Ruth Meyer", 47, background="Surveyor, land")
    assert ruth.attributes.gender == "female"


def test_traits_follow_from_scores_far_from_the_mean_and_from_labels() -> None:
    assert traits_of_factors(60, 40, 50, None, 41) == ("curious", "spontaneous")
    assert traits_of_factors("very high", "low", "average", "", None) == ("curious", "spontaneous")
