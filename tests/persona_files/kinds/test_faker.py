"""Profiles of Faker."""

from known_files import opened

from avatar_creator.domain.persona import Persona


def test_profiles_have_ages_by_their_dates_of_birth() -> None:
    file, (ruth, joel) = opened("faker_profile.csv")
    assert file.kind == "Faker profiles"
    assert ruth.persona == Persona("Ruth Meyer", 47, background="Nurse, adult")
    assert ruth.attributes.gender == "female"
    assert ruth.persona_id is None
    assert joel.persona.age is None
    assert (joel.attributes.gender, joel.attributes.age_range) == ("male", "baby")
