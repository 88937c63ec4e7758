"""The people of a cast, as rows of a persona file that is computed.

Everything of a person follows from the cast's seed and the person's number. What a quota decides is allocated; each
other value has a draw of its own, so that one axis more, or another quota, changes nobody's other values.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from avatar_creator import casts
from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.appearance import age_range_of, ages_of, draw_attributes, side_of, years_of
from avatar_creator.casts.axes import AXES, LOCALE
from avatar_creator.casts.coloring import Coloring
from avatar_creator.casts.draws import Draws
from avatar_creator.casts.lives import draw_background, draw_personality
from avatar_creator.casts.tables.ages import AGES
from avatar_creator.casts.tables.appearance import GENDERS
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.exclusions import EXCLUDED_BY, excluded
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.prompt import clean_prompt
from avatar_creator.domain.quotas import AGE, Quotas
from avatar_creator.domain.text import clean_number, shown
from avatar_creator.errors import InvalidInput

PEOPLE_MOST = 100_000
_Value = TypeVar("_Value")
_AGE_RANGE = "age_range"
_NO_VALUES: Mapping[str, str] = MappingProxyType({})
_NO_PICKS: Mapping[str, Sequence[str]] = MappingProxyType({})


class CastSpec(NamedTuple):
    """Which people a cast has.

    ``fixed`` are values that all people have, by axis; ``picked`` are the values that chance takes, each as likely, of
    an axis that has no quota. ``crossed`` are axes of which the rows get other values afterwards. Names are of en_US
    where none of these decides the locale. ``prompt`` is what the user says of every picture.
    """

    seed: int
    people: int
    quotas: Quotas = Quotas()
    fixed: Mapping[str, str] = _NO_VALUES
    picked: Mapping[str, Sequence[str]] = _NO_PICKS
    crossed: frozenset[str] = frozenset()
    prompt: str | None = None


def people(spec: CastSpec) -> Iterator[PersonaRow]:
    """Return the people of a cast, one after another: each is the same, however many there are.

    Raises InvalidInput for what cannot be cast.
    """
    clean_number("number of people", spec.people, least=1, most=PEOPLE_MOST)
    clean_prompt("prompt", spec.prompt)
    fixed, picked = _by_axis(spec.fixed), _by_axis(spec.picked)
    if LOCALE not in (*spec.quotas.axes, *fixed, *picked):
        fixed[LOCALE] = casts.names.DEFAULT_LOCALE
    _check_values(spec.quotas, fixed, picked)
    return _rows(spec._replace(fixed=fixed, picked=picked))


def _rows(spec: CastSpec) -> Iterator[PersonaRow]:
    parts = [(part.axes.index(AGE), part.cells) for part in spec.quotas.parts if AGE in part.axes]
    ranges = tuple(dict.fromkeys(cell[place] for place, cells in parts for cell in cells))
    naming, coloring = casts.naming.Naming(spec.seed), Coloring(spec.seed, spec.prompt)
    for number, allocated in enumerate(islice(allocate(spec.quotas, spec.seed), spec.people), start=1):
        draws = Draws(spec.seed, number)
        decided = {axis: draws.pick(axis, values) for axis, values in spec.picked.items()} | {**allocated, **spec.fixed}
        locale = casts.names.locale_called(decided.pop(LOCALE))
        decided.setdefault("gender", draws.weighted("gender", GENDERS))
        decided.setdefault("ethnicity", draws.pick("ethnicity", AXES["ethnicity"].values))
        asked = decided.pop(AGE, None) or draws.pick(AGE, tuple(AGES))
        age = draws.pick("years", ages_of(asked, ranges))
        attributes = Attributes(
            **draw_attributes(decided, age, draws, spec.crossed), age_range=age_range_of(asked, age)
        )
        persona = Persona(
            naming.name(number, locale, side_of(decided["gender"])),
            age,
            draw_personality(draws),
            draw_background(age, attributes.style or "", draws),
        )
        prompt = coloring.prompt(number, persona, attributes)
        persona_id = f"cast-{spec.seed}-{number}"
        cells = _cells(persona_id, locale, persona, attributes, prompt)
        yield PersonaRow(number, cells, persona, attributes, prompt, persona_id=persona_id)


def _cells(persona_id: str, locale: str, persona: Persona, attributes: Attributes, prompt: str) -> Mapping[str, str]:
    """Return a person as the row of a persona file that says the same."""
    return {
        "id": persona_id,
        "name": persona.name or "",
        "locale": locale,
        "age": str(persona.age),
        **{attribute.name: getattr(attributes, attribute.name) or "" for attribute in ATTRIBUTES},
        "personality": "; ".join(persona.personality),
        "background": persona.background or "",
        "prompt": prompt,
    }


def _by_axis(given: Mapping[str, _Value]) -> dict[str, _Value]:
    return {AGE if name == _AGE_RANGE else name: value for name, value in given.items()}


def _check_values(quotas: Quotas, fixed: Mapping[str, str], picked: Mapping[str, Sequence[str]]) -> None:
    """Raise InvalidInput for a value that no person can have, before the first is made."""
    allocated = [pair for part in quotas.parts for cell in part.cells for pair in zip(part.axes, cell, strict=True)]
    chosen = [(axis, value) for axis, values in picked.items() for value in values]
    for axis, value in dict.fromkeys((*allocated, *fixed.items(), *chosen)):
        if axis == LOCALE:
            casts.names.locale_called(value)
        elif axis == AGE:
            years_of(value)
        elif axis not in AXES:
            raise InvalidInput(f"{axis} is no attribute of a person.", hint=f"Known: {', '.join(AXES)}.")
        elif getattr(Attributes(**{axis: value}), axis) is None:
            raise InvalidInput(f"{axis} {shown(value)} says nothing.", hint=f"Leave {axis} out to have it drawn.")
    _check_possible(quotas, fixed, picked)
    empty = [axis for axis, values in picked.items() if not values]
    if empty:
        raise InvalidInput(f"No values are given for {empty[0]}.", hint="Name at least one.")


def _check_possible(quotas: Quotas, fixed: Mapping[str, str], picked: Mapping[str, Sequence[str]]) -> None:
    """Raise InvalidInput for a value that only people who cannot have it would have: a color of hair of bald people."""
    decided: dict[str, Sequence[str]] = dict(picked)
    for part in quotas.parts:
        decided |= dict(zip(part.axes, zip(*part.cells, strict=True), strict=True))
    decided |= {axis: (value,) for axis, value in fixed.items()}
    for axis, by in EXCLUDED_BY.items():
        values = decided.get(by)
        if axis in decided and values and all(axis in excluded({by: value}) for value in values):
            given = [fixed[axis]] if axis in fixed else [] if axis in quotas.axes else picked[axis]
            what = f"of {_spoken(axis)} {', '.join(given)}" if given else f"balanced over {_spoken(axis)}"
            raise InvalidInput(f"All people are {values[0]}, and {what}.", hint="Leave out one of the two.")
    for part in quotas.parts:
        for cell in part.cells:
            person = dict(zip(part.axes, cell, strict=True))
            for axis in excluded(person):
                if axis in person:
                    by = EXCLUDED_BY[axis]
                    raise InvalidInput(
                        f"A joint table has people who are {person[by]} with {_spoken(axis)} {shown(person[axis])}.",
                        hint=f"Write {person[by]} into a quota of {by}, and the others into one of {axis}.",
                    )


def _spoken(axis: str) -> str:
    return axis.replace("_", " ")
