"""The people of a cast, as rows of a persona file that is computed."""

from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.names import names_of
from avatar_creator.casts.quotas import Quotas
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.text import clean_number

PEOPLE_MOST = 100_000
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_PICKS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class CastSpec(NamedTuple):
    """Which people a cast has.

    ``fixed`` are values that all of them have, by axis; ``picked`` are the values that chance draws from for an axis
    that has no quota. ``prompt`` is what the user says of every picture.
    """

    seed: int
    people: int
    quotas: Quotas = Quotas()
    locales: tuple[str, ...] = ("en_US",)
    fixed: Mapping[str, str] = _NOTHING
    picked: Mapping[str, tuple[str, ...]] = _NO_PICKS
    prompt: str | None = None


def people(spec: CastSpec) -> Iterator[PersonaRow]:
    """Return the people of a cast, one after another: person i is the same however many there are.

    Raises InvalidInput for what cannot be cast.
    """
    clean_number("number of people", spec.people, least=1, most=PEOPLE_MOST)
    for locale in spec.locales:
        names_of(locale)
    return map(
        _person, range(1, spec.people + 1), islice(allocate(spec.quotas, spec.seed), spec.people), [spec] * spec.people
    )


def _person(number: int, dealt: Mapping[str, str], spec: CastSpec) -> PersonaRow:
    values = {**dealt, **spec.fixed}
    attributes = Attributes(**{a.name: values.get(a.name) for a in ATTRIBUTES})
    return PersonaRow(number, values, Persona(), attributes, spec.prompt, persona_id=f"cast-{spec.seed}-{number}")
