"""The values that the rows of a batch are crossed with, as programs and command lines name them."""

from collections.abc import Mapping
from types import MappingProxyType

from avatar_creator.domain.fields import Field, Part
from avatar_creator.domain.persona_row import PersonaRows
from avatar_creator.domain.text import expect, fold
from avatar_creator.engines.fields import FIELDS
from avatar_creator.engines.table import OPTIONS
from avatar_creator.errors import InvalidInput
from avatar_creator.library.generations import listed
from avatar_creator.library.request_builder import RequestBuilder, given_twice
from avatar_creator.persona_files.crossing import CrossedRows, Crossing, Given

Crossed = Mapping[str, Given]  # values by field in any spelling: a list, "black,red", 30
NOTHING: Crossed = MappingProxyType({})
_LOCALE = "locale"
_NO_PICTURE = frozenset(["background", "count", "format", "embed", "commercial", "avatar_name", "project"])


def crossed(rows: PersonaRows, each: Crossed, pick: Crossed, *, seed: int, builder: RequestBuilder) -> PersonaRows:
    """Return rows with these values. Raises InvalidInput for what is no field, no value, or given for all rows."""
    check_values(each=each, pick=pick)
    for option, values in (("each", each), ("pick", pick)):
        if any(fold(str(name)).strip() == _LOCALE for name in values):
            raise InvalidInput(
                f"{option} names {_LOCALE}, which only people of a cast have.",
                hint=f"To make people: avatar cast 24 --{option} {_LOCALE}=de_DE,ja_JP",
            )
    axes = [field.name for field in FIELDS if _decides_pictures(field)]
    crossing = Crossing.read(each, pick, fields=FIELDS, axes=axes)
    for name in crossing.names:
        builder.check_free(FIELDS[name])
    return CrossedRows(rows, crossing, seed=seed, fields=FIELDS)


def check_values(**given: Crossed) -> None:
    """Raise InvalidInput for what is no dict of values by field."""
    for name, values in given.items():
        expect(name, values, Mapping, "a dict of values by field, such as {'hair_color': ['black', 'red']}")
        listed(values, "fields")


def check_given(given: Mapping[str, str], each: Crossed, pick: Crossed) -> None:
    """Raise InvalidInput for a field of these that is given for all rows."""
    check_values(each=each, pick=pick)
    fields = {FIELDS.normalised(name) for name in given}
    for name in (*each, *pick):
        if (field := FIELDS.normalised(name)) in fields and field is not None:
            raise given_twice(field)


def _decides_pictures(field: Field) -> bool:
    if field.part is Part.OPTIONS:
        return OPTIONS[field.name].decisive
    return field.part is not Part.ROW and field.name not in _NO_PICTURE
