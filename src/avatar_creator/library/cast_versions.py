"""Values that the people of a cast have one after the other, and others follow from: a life from an age, say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from avatar_creator.casts.axes import LOCALE
from avatar_creator.casts.people import CastSpec, people
from avatar_creator.domain.from_preset import of_many
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.quotas import AGE
from avatar_creator.domain.row_key import crossed_id, drawn_of
from avatar_creator.domain.text import fold, shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.library.cast_options import fields_of, read_value
from avatar_creator.library.crossing import Crossed
from avatar_creator.library.request_builder import given_twice
from avatar_creator.library.row_presets import PRESET
from avatar_creator.persona_files.crossing import PICTURES_MOST, texts_of

if TYPE_CHECKING:
    from avatar_creator.library.row_presets import FindPreset

_STYLE = "style"
_AGES = fields_of(AGE)
_SUCH_AS = {
    PRESET: "preset=nurse,surgeon",
    LOCALE: "locale=de_DE,ja_JP",
    "gender": "gender=female,male",
    "ethnicity": "ethnicity=black,white",
    **dict.fromkeys(_AGES, "age=25,60"),
}
FOLLOWED = tuple(_SUCH_AS)  # the fields that other values of a person follow from


class Version(NamedTuple):
    """The cast as it is with some values: a person of it is the same one, of another age, say, or dressed otherwise."""

    said: Mapping[str, str]
    spec: CastSpec


class Versions(NamedTuple):
    """Each person is made once for every line, in the version that the person draws of those in it."""

    lines: Sequence[Sequence[Version]] = ()
    drawn: Sequence[str] = ()  # the names of presets

    @classmethod
    def of(
        cls, spec: CastSpec, each: Mapping[str, Sequence[str]], drawn: Sequence[str], find_preset: "FindPreset"
    ) -> "Versions":
        """Raises InvalidInput for more pictures than a batch may have."""
        combinations = [dict(zip(each, values, strict=True)) for values in product(*each.values())]
        if len(combinations) * spec.people > PICTURES_MOST:
            raise InvalidInput(
                f"each asks for more than {PICTURES_MOST:,} pictures: {len(combinations):,} for each person.",
                hint="Name fewer values, or fewer people.",
            )
        lines = []
        for said in combinations:
            values = {_axis(name): value for name, value in said.items() if name != PRESET}
            called = spec._replace(fixed={**spec.fixed, **values})
            presets = (said[PRESET],) if PRESET in said else drawn
            line = [Version(said | {PRESET: name}, dressed(called, name, find_preset)) for name in presets]
            lines.append(line or [Version(said, called)])
        return cls(lines, drawn)

    @property
    def said(self) -> str | None:
        """What is to be said of them, as a sentence."""
        if self.drawn:
            return f"Drawn for each: preset {', '.join(self.drawn)}."
        if not self.lines:
            return None
        values = {name: dict.fromkeys(line[0].said[name] for line in self.lines) for name in self.lines[0][0].said}
        crossed = ", ".join(f"{name} {', '.join(texts)}" for name, texts in values.items())
        return f"Each {'once' if len(self.lines) == 1 else f'{len(self.lines):,} times'}: {crossed}."

    def rows(self, spec: CastSpec) -> Iterator[PersonaRow]:
        """Yield each person in all versions."""
        specs = [version.spec for line in self.lines for version in line]
        for base, *others in zip(people(spec), *map(people, specs), strict=True):
            found = iter(others)
            place = drawn_of(self.drawn, seed=spec.seed, axis=PRESET, row_id=str(base.persona_id)) if self.drawn else 0
            for copy, line in enumerate(self.lines):
                rows = [next(found) for _ in line]
                yield self._version(rows[place], line[place].said, base, copy)

    def _version(self, row: PersonaRow, said: Mapping[str, str], base: PersonaRow, copy: int) -> PersonaRow:
        preset = {PRESET: said[PRESET]} if PRESET in said else {}
        crossed = {name: value for name, value in said.items() if name != PRESET or not self.drawn}
        id_ = crossed_id(str(base.persona_id), crossed)
        return row._replace(
            cells={**row.cells, "id": id_, **preset},
            choices={**row.choices, **preset},
            persona_id=id_,
            base=base if crossed else None,
            copy=copy,
        )


NO_VERSIONS = Versions()


def dressed(spec: CastSpec, preset: str, find_preset: "FindPreset") -> CastSpec:
    """Return a cast with the dress and the prompt of a preset, as far as it says none. Raises NotFound."""
    style, prompt = of_many(find_preset(preset), spec.fixed.get("gender"))
    is_free = style and _STYLE not in (*spec.fixed, *spec.picked, *spec.quotas.axes)
    fixed = {**spec.fixed, _STYLE: style} if style and is_free else spec.fixed
    return spec._replace(fixed=fixed, prompt=prompt if spec.prompt is None else spec.prompt.strip() or None)


def taken_out(
    option: str, crossed: Crossed, names: Sequence[str], find_preset: "FindPreset"
) -> tuple[dict[str, tuple[str, ...]], Crossed]:
    """Return the values of these names, and what else is crossed. Raises InvalidInput, NotFound."""
    found: dict[str, tuple[str, ...]] = {}
    rest = dict(crossed)
    for typed, values in crossed.items():
        name = FIELDS.normalised(typed) or fold(typed).strip()
        if name not in names:
            continue
        if _axis(name) in map(_axis, found):
            raise given_twice(_axis(name))
        texts = [text.strip() for text in texts_of(name, values)]
        if not all(texts):
            raise InvalidInput(
                f"{option} {name} is {shown(values)}, which has an empty value.",
                hint=f"Such as: --{option} {_SUCH_AS[name]}",
            )
        spelled: Callable[[str], str] = partial(read_value, _axis(name))
        if name == PRESET:
            spelled = lambda text: find_preset(text).name  # noqa: E731
        found[name] = tuple(dict.fromkeys(map(spelled, texts)))
        del rest[typed]
    return found, rest


def _axis(field: str) -> str:
    return AGE if field in _AGES else field
