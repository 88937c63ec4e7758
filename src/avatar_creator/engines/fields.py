"""All fields: those of `domain.fields`, and the options of engines."""

from collections.abc import Iterator

from avatar_creator.domain.fields import FIELDS as _FIELDS
from avatar_creator.domain.fields import Field, Part
from avatar_creator.engines.table import AUTO_ENGINE, ENGINES, OPTIONS, option_of_any


def _fields() -> Iterator[Field]:
    yield _FIELDS["engine"]._replace(known=(AUTO_ENGINE, *ENGINES), only_known=True)
    for name in OPTIONS:
        option = option_of_any(name)
        yield Field(
            name,
            f"No: {option.meaning[0].lower()}{option.meaning[1:]}." if option.default is True else f"{option.meaning}.",
            Part.OPTIONS,
            option.kind,
            option.flag,
            argument=name,
            json_path=f"recipe.options.{name}",
            known=option.known,
            only_known=option.only_known,
            limits=option.limits,
            is_negated=option.default is True,
        )


FIELDS = _FIELDS.extended(_fields())
