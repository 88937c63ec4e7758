"""Presets that are named where pictures are asked for: what they say stands where nothing else is said."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from avatar_creator import domain
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.choices import check_names
from avatar_creator.domain.from_preset import PresetDefaults
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PRESET_OPTIONS, BadRow, PersonaRow, Problem
from avatar_creator.domain.text import expect
from avatar_creator.engines import OPTIONS
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library.request import is_blank

if TYPE_CHECKING:
    from avatar_creator.domain.preset import Preset

    FindPreset = Callable[[str], Preset]
    _Defaults = tuple[PresetDefaults, tuple[tuple[str, Any], ...]]

PRESET = "preset"  # the field that names one
# The fields that say whom a picture shows.
PERSON = (
    *("persona_name", "persona_age", "personality", "background"),
    *(attribute.name for attribute in ATTRIBUTES),
    "prompt",
)


class RowPresets:
    """Fills in the rows of one run. A preset is read once: one that is edited meanwhile is as it was.

    ``preset`` is that of all rows, whatever they say. The fields ``cleared`` are not taken from any. Rows that are
    ``is_whole`` say all of their pictures: their presets fill in nothing.
    """

    def __init__(
        self,
        find: "FindPreset",
        preset: str | None,
        cleared: Collection[str] = (),
        *,
        is_whole: bool = False,
        column: str = PRESET,
    ) -> None:
        """``column`` has the cells that name the preset of all rows.

        Raises what ``find`` does: NotFound, and InvalidInput for the beginning of several names.
        """
        self._preset = preset
        self._cleared = cleared
        self._is_whole = is_whole
        self._column = column
        self._find = find
        self._found: dict[str, Preset] = {}
        self._defaults: dict[str, _Defaults] = {}
        if preset is not None:
            self.find(preset)

    def apply(self, row: PersonaRow) -> PersonaRow:
        """Return a row with the values of its preset where it says nothing. Raises NotFound, InvalidInput."""
        name = row.choices.get("preset") if self._preset is None else self._preset
        if name is None or self._is_whole:
            return row
        defaults, offered = self._defaults.get(name) or self._defaults_of(name)
        filled = defaults.apply(row)
        options = tuple(pair for pair in offered if pair[0] not in row.choices)
        choices = {**filled.choices, PRESET_OPTIONS: options} if options else filled.choices
        cells = row.cells if self._preset is None else {**row.cells, self._column: filled.choices["preset"]}
        base = None if row.base is None else self.apply(row.base)
        return filled._replace(cells=cells, choices=choices, base=base)

    def _defaults_of(self, name: str) -> "_Defaults":
        """Return what fills in the values of a preset, and its options of engines, of which each takes its own."""
        preset = self.find(name)
        options = {option: value for option, value in preset.choices.items() if option in OPTIONS}
        offered = tuple(pair for pair in options.items() if pair[0] not in self._cleared)
        self._defaults[name] = PresetDefaults(preset, {*self._cleared, *options}), offered
        return self._defaults[name]

    def applied_or_bad(self, row: PersonaRow) -> PersonaRow | BadRow:
        """Return a row as `apply` does; one that names no preset is bad."""
        try:
            return self.apply(row)
        except (NotFound, InvalidInput) as error:
            why = " ".join(filter(None, (error.message, error.hint)))
            return BadRow(row.number, row.cells, (Problem("preset", row.choices.get("preset"), why),))

    def find(self, name: str) -> "Preset":
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]


def with_preset(
    find: "FindPreset",
    persona: Persona | None,
    attributes: Attributes | None,
    prompt: str | None,
    said: Mapping[str, Any],
    cleared: Collection[str],
) -> PersonaRow:
    """Return what is asked for with the values of the preset that it names; a blank text takes none from it.

    Raises InvalidInput, NotFound.
    """
    persona = Persona() if persona is None else persona
    attributes = Attributes() if attributes is None else attributes
    expect("persona", persona, Persona, "a Persona, such as Persona('Sarah')")
    expect("attributes", attributes, Attributes, "Attributes, such as Attributes(gender='female')")
    check_names(cleared, _clearable())
    texts = {"prompt": prompt, "negative_prompt": said.get("negative_prompt")}
    blank = [name for name, text in texts.items() if is_blank(text)]
    given = {name: value for name, value in said.items() if value is not None and name not in blank}
    row = PersonaRow(0, {}, persona, attributes, None if "prompt" in blank else prompt, given)
    return RowPresets(find, given["preset"], {*cleared, *blank}).apply(row)


def _clearable() -> list[str]:
    """Return the names of the fields that a preset may say."""
    return [*PERSON, *(name.removesuffix("_px") for name in domain.preset.CHOICES)]
