"""Profiles of the Python package Faker: ``profile()`` and ``simple_profile()``."""

from collections.abc import Sequence

from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source
from avatar_creator.persona_files.words import BIRTH_DATE

_SIMPLE = ("username", "name", "sex", "address", "mail", "birthdate")
_MORE = ("job", "company", "ssn", "residence", "current_location", "blood_group", "website")


def _recognises(sample: Sample) -> bool:
    return set(_SIMPLE) <= set(sample.columns)


def _sources(_: Sample) -> Sequence[Source]:
    return (
        # No id: Faker's usernames repeat within a thousand.
        Source("persona_name", ("name",)),
        Source(BIRTH_DATE, ("birthdate",)),
        Source("gender", ("sex",)),
        Source("background", ("job",)),
    )


FAKER = Kind("Faker profiles", _recognises, _sources, (*_SIMPLE, *_MORE))
