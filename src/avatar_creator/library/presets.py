"""The presets of a library: those that come with avatar, and the user's own."""

import json
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from avatar_creator import documents
from avatar_creator import presets as built_in
from avatar_creator.app import App
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.preset import PersonaExample, Preset, PresetEntry
from avatar_creator.domain.prompt import USUAL_NEGATIVE
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import expect, fold, nearest, shown, trimmed, visible
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library.generations import listed
from avatar_creator.library.new_files import path_to_write, write_file
from avatar_creator.library.row_presets import with_preset
from avatar_creator.presets.parsing import HINT, WHAT, check_art_style, presets_of, written

_SUFFIXES = (".yaml", ".yml", ".json")
_NAMED_MOST = 5  # presets that an error names


class Imported(NamedTuple):
    """The presets that were added or replaced, and how many of the file were there already."""

    presets: list[Preset]
    unchanged: int


class Presets:
    """Each is given by its name, in any case and with spaces as hyphens, or by a unique prefix of it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def get(self, name: str) -> Preset:
        """Return one. Raises NotFound, and InvalidInput for the beginning of several names."""
        expect("preset", name, str, "a preset's name as a text")
        word = _word(name)
        own = self._app.presets.find(word) if self._has_home else None
        found = own or built_in.find_built_in(word)
        return found or self._by_prefix(word, name)

    def get_entry(self, name: str) -> PresetEntry:
        """Return one as `find` does. Raises as `get` does."""
        return self._entry(self.get(name), self._app.presets.uses(), self._app.presets.names())

    def own(self, names: Iterable[str]) -> list[Preset]:
        """Return those of your own of these names. Raises NotFound, and InvalidInput for one that comes with avatar."""
        hint = "Only those of your own are; for one like it: avatar preset create NAME --from PRESET"
        return [self._own(each, "deleted", hint) for each in listed(names, "names")]

    def find(self, category: str | None = None, *, examples: bool = False) -> list[PresetEntry]:
        """Return all, or those of a category: those most used first, then those used last, then your own.

        With ``examples`` they are the persona examples, which are presets that say nothing but whom a picture shows.
        """
        uses, own = self._app.presets.uses(), self._app.presets.find_all()
        names = {each.name for each in own}
        if examples:
            listed = [each.preset for each in built_in.find_persona_examples()]
        else:
            listed = [*own, *(each for each in built_in.read_built_in() if each.name not in names)]
        entries = [self._entry(each, uses, names) for each in listed]
        if category is not None:
            entries = [each for each in entries if each.preset.category == _category(category)] or _no_category(
                category, {each.preset.category for each in entries}
            )
        by_time = sorted(entries, key=lambda each: each.last_used_at or "", reverse=True)
        return sorted(by_time, key=lambda each: each.uses, reverse=True)

    def filled(
        self,
        persona: Persona | None,
        attributes: Attributes | None,
        prompt: str | None,
        said: Mapping[str, Any],
        cleared: Collection[str] = (),
    ) -> PersonaRow:
        """Return what is asked for with the values of the preset that it names. Raises as `get` does."""
        return with_preset(self.get, persona, attributes, prompt, said, cleared)

    def names(self) -> list[str]:
        """Return the names of all, your own first."""
        own = self._app.presets.names() if self._has_home else []
        return [*own, *built_in.built_in_names()]

    @property
    def _has_home(self) -> bool:
        """Whether there are any of your own; to name one makes no home."""
        return self._app.home.database.exists()

    def examples(self, category: str | None = None) -> list[PersonaExample]:
        """Return the persona examples of a category, or all."""
        return built_in.find_persona_examples(None if category is None else _category(category))

    def create(self, preset: Preset) -> Preset:
        """Add one of your own. Raises InvalidInput for a name that is taken."""
        expect("preset", preset, Preset, "a Preset, such as Preset(name='me', prompt='round glasses')")
        check_art_style(preset)
        _refuse_built_in(preset.name)
        self._app.presets.add([preset])
        return preset

    def edit(self, name: str, change: Callable[[Preset], Preset]) -> Preset:
        """Replace one of your own by what ``change`` makes of it as it is by then; return that.

        Raises NotFound, and InvalidInput for one that comes with avatar.
        """
        preset = self._own(name, "changed", f"Make one of your own from it: avatar preset create NAME --from {name}")

        expect("change", change, Callable, "a function of a Preset that returns one")  # type: ignore[arg-type]

        def changed(before: Preset) -> Preset:
            after = change(before)
            expect("preset", after, Preset, "a function that returns a Preset")
            check_art_style(after)
            return after

        return self._app.presets.edit(preset.name, changed, built_in.built_in_names())

    def delete(self, names: Iterable[str]) -> None:
        """Delete your own, all or none. Generations and avatars that were made from them stay as they are."""
        self._app.presets.remove(dict.fromkeys(each.name for each in self.own(names)))

    def export(self, names: Sequence[str] | None = None, *, all_: bool = False) -> str:
        """Return presets as YAML that `import_` reads: those named, ``all_``, or all of your own. Raises NotFound."""
        return _yaml(self._chosen(names, all_=all_))

    def _chosen(self, names: Sequence[str] | None, *, all_: bool) -> list[Preset]:
        if names:
            return list({each.name: each for each in map(self.get, listed(names, "names"))}.values())
        return [each.preset for each in self.find() if all_ or not each.is_built_in]

    def check_path(self, path: Path | str, *, force: bool = False) -> Path:
        """Return where presets can be written, as YAML or JSON by the suffix. Raises InvalidInput."""
        suffix = path_of("output", path).suffix
        if suffix.lower() not in _SUFFIXES:
            raise InvalidInput(
                f"output is {shown(str(path))}, which says no format.",
                hint=f"Give it one of these suffixes: {', '.join(_SUFFIXES)}; or - for stdout.",
            )
        return path_to_write("output", path, force=force)

    def write(self, path: Path, names: Sequence[str] | None = None, *, all_: bool = False) -> int:
        """Write presets as `export` returns them, and return how many there are. Raises NotFound, StorageError."""
        found = self._chosen(names, all_=all_)
        as_json = path.suffix.lower() == ".json"
        write_file(path, _json(found).encode() if as_json else _yaml(found).encode())
        return len(found)

    def import_(self, file: Path | str | bytes, *, replace: bool = False) -> Imported:
        """Add the presets of a file, or of the bytes of one in YAML or JSON; all or none.

        Those that are there already, with the same content, stay as they are. Raises InvalidInput for what is no such
        file, for a name of one that comes with avatar, and unless it is to ``replace`` them, for one that is taken.
        """
        if isinstance(file, bytes):
            named = "Standard input"
            document = documents.reading.read_bytes(file, named, what=WHAT, hint=HINT)
        else:
            named = f"'{visible(str(file))}'"
            document = documents.reading.read_document(path_of("file", file), what=WHAT, hint=HINT)
        try:
            presets = presets_of(document)
        except InvalidInput as error:
            raise InvalidInput(f"{named}: {error.message}", hint=error.hint) from error
        own = {each.name: each for each in self._app.presets.find_all()}
        new = [each for each in presets if each != (own.get(each.name) or built_in.find_built_in(each.name))]
        for each in new:
            _refuse_built_in(each.name, hint=f"Rename it in the file, such as: name: my-{each.name}")
        self._app.presets.add(new, replace=replace)
        return Imported(new, len(presets) - len(new))

    def preset_of(self, avatar: Avatar, name: str) -> Preset:
        """Return a preset of whom an avatar shows, and of how it was asked for. It is not added."""
        expect("avatar", avatar, Avatar, "an Avatar, as show and find return it")
        options = avatar.recipe.get("options", {})
        choices = {option: options[option] for option in ("art_style",) if isinstance(options.get(option), str)}
        if avatar.negative_prompt and avatar.negative_prompt != USUAL_NEGATIVE:
            choices["negative_prompt"] = avatar.negative_prompt
        return Preset(
            name=name, persona=avatar.persona, attributes=avatar.attributes, prompt=avatar.prompt, choices=choices
        )

    def _entry(self, preset: Preset, uses: Mapping[str, tuple[int, str]], own: Collection[str]) -> PresetEntry:
        count, last = uses.get(preset.name, (0, None))
        return PresetEntry(preset, preset.name not in own, count, last)

    def _by_prefix(self, word: str, typed: str) -> Preset:
        names = sorted(set(self.names()))
        begun = [each for each in names if word and each.startswith(word)]
        if len(begun) == 1:
            return self.get(begun[0])
        if begun:
            raise InvalidInput(
                f"Several presets begin with {shown(typed)}: {', '.join(begun[:_NAMED_MOST])}"
                + (" and more." if len(begun) > _NAMED_MOST else "."),
                hint="Give the whole name.",
            )
        near = nearest(word, names)
        hint = f"Did you mean {near}?" if near else "See: avatar preset list"
        several = [each.strip() for each in re.split("[,;]", typed) if each.strip()]
        if len(several) > 1:
            hint = f"One at a time; to make everybody with each of them: --each {shlex.quote(f'preset={typed}')}"
        raise NotFound(f"There is no preset {shown(typed)}.", hint=hint)

    def _own(self, name: str, verb: str, hint: str) -> Preset:
        """Return one of the user's own. Raises NotFound, and InvalidInput for one that comes with avatar."""
        preset = self.get(name)
        if self._app.presets.find(preset.name) is None:
            raise InvalidInput(f"The preset {preset.name} comes with avatar, and is not {verb}.", hint=hint)
        return preset


def _yaml(presets: Sequence[Preset]) -> str:
    return documents.yaml_values.yaml_text([written(each) for each in presets]) if presets else ""


def _json(presets: Sequence[Preset]) -> str:
    return json.dumps([written(each) for each in presets], ensure_ascii=False, indent=2) + "\n"


def _word(name: str) -> str:
    """Return a name as presets have it: "Business Woman" is business-woman."""
    return "-".join(fold(trimmed(name)).replace("_", " ").replace("-", " ").split())


def _category(given: str) -> str:
    expect("category", given, str, "a category as a text")
    return _word(given)


def _no_category(category: str, known: Collection[str]) -> NoReturn:
    near = nearest(_word(category), sorted(known))
    hint = f"Did you mean {near}?" if near else f"Categories: {', '.join(sorted(known))}."
    raise NotFound(f"No preset is in the category {shown(category)}.", hint=hint)


def _refuse_built_in(name: str, hint: str | None = None) -> None:
    if built_in.find_built_in(name) is not None:
        raise InvalidInput(
            f"A preset named {name} comes with avatar, and is not replaced.",
            hint=hint or f"Choose another name: avatar preset create NAME --from {name}",
        )
