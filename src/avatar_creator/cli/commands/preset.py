"""avatar preset list|show|create|edit|delete|export|import."""

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.persona import with_persona
from avatar_creator.cli.options.picture import picture_option, with_prompt
from avatar_creator.cli.options.shared import (
    FileText,
    JsonLinesOption,
    JsonOption,
    QuietOption,
    YesOption,
    nothing_to_change,
    with_options,
)
from avatar_creator.cli.render import preset_views as views
from avatar_creator.cli.render.output import Output
from avatar_creator.documents.reading import BYTES_MOST
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import CATEGORIES, CHOICES, OWN, Preset, PresetEntry, changed
from avatar_creator.domain.request import says_who
from avatar_creator.domain.text import nearest, shown, visible
from avatar_creator.engines.table import OPTIONS
from avatar_creator.errors import InvalidInput
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.library import Library

app = typer.Typer(add_completion=False, help="Keep presets: a persona, looks and a prompt under one name.")
APPS = {"preset": app}

_TEXTS = ("title", "category", "description")
# What --clear takes, as options are named, and the part of a preset that each stands for.
_CLEARABLE = {
    "persona_name": "name",
    "persona_age": "age",
    **{name: name for name in ("personality", "background", *(each.name for each in ATTRIBUTES), "prompt")},
    **{name.removesuffix("_px"): name for name in CHOICES},
    **{name: name for name in _TEXTS},
}
_PICTURE_OPTIONS: dict[str, Any] = {
    "art_style": Annotated[
        str | None,
        picture_option(
            help=OPTIONS["art_style"].help,
            show_default=False,
            autocompletion=completion.known_values(OPTIONS["art_style"].known),
        ),
    ],
    "width": Annotated[int | None, picture_option(help="64 to 2048 px.", show_default=False)],
    "height": Annotated[int | None, picture_option(help="64 to 2048 px.", show_default=False)],
}
PresetArgument = Annotated[
    str,
    typer.Argument(metavar="NAME", help="Preset, by name or unique prefix.", autocompletion=completion.presets),
]
PresetsArgument = Annotated[
    list[str],
    typer.Argument(metavar="NAME...", help="Presets, by name or unique prefix.", autocompletion=completion.presets),
]
TitleOption = Annotated[str | None, typer.Option(help="What it is called in lists.", show_default=False)]
DescriptionOption = Annotated[str | None, typer.Option(help="What it is for.", show_default=False)]
CategoryOption = Annotated[
    str | None,
    typer.Option(
        help=f"{', '.join(CATEGORIES)}, {OWN} or another word.",
        show_default=False,
        autocompletion=completion.known_values((*CATEGORIES, OWN)),
    ),
]


class _Said(NamedTuple):
    """What the options of a preset say."""

    persona: Persona
    attributes: Attributes
    prompt: str | None
    choices: dict[str, Any]

    @property
    def is_nothing(self) -> bool:
        return self == _Said(Persona(), Attributes(), None, {})

    def new(self, name: str, texts: Mapping[str, Any]) -> Preset:
        """Return a preset that says this. Raises InvalidInput."""
        return Preset(
            name=name,
            persona=self.persona,
            attributes=self.attributes,
            prompt=self.prompt,
            choices=self.choices,
            **texts,
        )

    def over(self, preset: Preset, texts: Mapping[str, str], cleared: Sequence[str] = ()) -> Preset:
        """Return a preset with what is said in place of what it says."""
        return changed(preset, **self._asdict(), texts=texts, cleared=cleared)


def _with_content(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of what a preset says; it gets them as ``said``."""

    @functools.wraps(command)
    def said_so(
        *,
        persona: Persona,
        attributes: Attributes,
        prompt: str | None,
        wording: dict[str, Any],
        picture: dict[str, Any],
        **given: Any,
    ) -> None:
        choices = {name: value for name, value in {**wording, **picture}.items() if value is not None}
        command(said=_Said(persona, attributes, prompt, choices), **given)

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        width, height = given.pop("width"), given.pop("height")
        return {"picture": {"art_style": given.pop("art_style"), "width_px": width, "height_px": height}}

    own = [each for each in inspect.signature(command).parameters.values() if each.name != "said"]
    said_so.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    return with_persona(with_prompt(with_options(said_so, _PICTURE_OPTIONS, parse)))


@app.command("list")
def list_(
    *,
    category: CategoryOption = None,
    examples: Annotated[
        bool, typer.Option("--examples", help="Those that are persona examples: whom a picture shows, and no more.")
    ] = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """List presets, those most used first."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        out.records(library.presets.find(category, examples=examples), views.preset_line, views.preset_table)


@app.command()
def show(name: PresetArgument, *, json_: JsonOption = False) -> None:
    """Show a preset, and what would be made of it."""
    with open_library() as library:
        entry = library.presets.get_entry(name)
        request = library.request(preset=entry.preset.name)
        shown_ = views.ShownPreset(entry, library.plan(request))
        Output(as_json=json_).record(shown_, views.shown_line, views.shown_card)


@app.command()
@_with_content
def create(
    name: Annotated[str, typer.Argument(help="Words with hyphens between them, such as team-lead.")],
    *,
    said: _Said,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            help="A preset to begin with; other options change it.",
            show_default=False,
            autocompletion=completion.presets,
        ),
    ] = None,
    from_avatar: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="An avatar to begin with.", show_default=False, autocompletion=completion.avatars
        ),
    ] = None,
    title: TitleOption = None,
    category: CategoryOption = None,
    description: DescriptionOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make a preset of your own: from options, from another preset or from an avatar."""
    texts = _given({"title": title, "category": category, "description": description})
    if from_ is not None and from_avatar is not None:
        raise InvalidInput("--from and --from-avatar are both given.", hint="Leave out one of them.")
    if from_ is not None and from_.startswith("av_"):
        raise InvalidInput(f"{shown(from_)} is an avatar and no preset.", hint=f"Begin with it: --from-avatar {from_}")
    with open_library() as library:
        if from_ is not None:
            preset = said.over(
                library.presets.get(from_), {"title": "", "category": OWN} | _given({"name": name, **texts})
            )
        elif from_avatar is not None:
            preset = _of_avatar(library, from_avatar, said, name, texts)
        else:
            preset = said.new(name, texts)
        made = library.presets.create(preset)
        out = Output(as_json=json_, quiet=quiet)
        out.record(PresetEntry(made, is_built_in=False), views.preset_line, views.preset_card)
        if out.drawn:
            out.note(f"Use it: avatar generate --preset {made.name}")


@app.command()
@_with_content
def edit(
    name: PresetArgument,
    *,
    said: _Said,
    new_name: Annotated[str | None, typer.Option("--name", help="New name.", show_default=False)] = None,
    title: TitleOption = None,
    category: CategoryOption = None,
    description: DescriptionOption = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(
            help="Remove a value, for example hair_color; may be repeated.",
            show_default=False,
            autocompletion=lambda incomplete: [each for each in _CLEARABLE if each.startswith(incomplete)],
        ),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Change a preset of your own. What was made from it stays as it is."""
    texts = _given({"name": new_name, "title": title, "category": category, "description": description})
    cleared = [_part(each) for each in clear or ()]
    _refuse_both(cleared, said, texts)
    if said.is_nothing and not texts and not cleared:
        fields = ("no_quality_terms" if each == "quality_terms" else each for each in _CLEARABLE)
        raise nothing_to_change(["name", *fields])
    with open_library() as library:
        edited = library.presets.edit(name, lambda preset: said.over(preset, texts, cleared))
        entry = library.presets.get_entry(edited.name)
        Output(as_json=json_).record(entry, views.preset_line, views.preset_card)


@app.command()
def delete(names: PresetsArgument, *, yes: YesOption = False) -> None:
    """Delete presets of your own. What was made from them, and what is queued, stays as it is."""
    with open_library() as library:
        found = [each.name for each in library.presets.own(names)]
        confirm(f"Delete {'preset' if len(found) == 1 else f'{len(found)} presets:'} {', '.join(found)}?", yes=yes)
        library.presets.delete(found)
        Output().note(f"Deleted {', '.join(found)}.")


@app.command()
def export(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Presets, by name or unique prefix; without any, all of your own.",
            show_default=False,
            autocompletion=completion.presets,
        ),
    ] = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="All, those that come with avatar too.")] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            click_type=FileText(),
            metavar="FILE",
            help="Write them there, .yaml or .json.",
            show_default="stdout",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Print presets as YAML that import reads, or write them into a file."""
    if all_ and names:
        raise InvalidInput("--all and names are both given.", hint="Leave out one of them.")
    with open_library() as library:
        out = Output()
        path = None if output in {None, "-"} else library.presets.check_path(str(output), force=force)
        found = library.presets.export(names, all_=all_)
        if not found:
            out.note("You have no presets of your own. All that come with avatar: avatar preset export --all")
        elif path is None:
            out.data(found.encode())
        else:
            count = library.presets.write(path, names, all_=all_)
            out.note(f"{'One preset is' if count == 1 else f'{count:,} presets are'} in {visible(str(output))}.")


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(click_type=FileText(), metavar="FILE", help="Presets in YAML or JSON, or - for stdin.")
    ],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Replace those of your own with the same names.")] = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Add the presets of a file, all or none."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    source = sys.stdin.buffer.read(BYTES_MOST + 1) if file == "-" else path_of("file", file)
    with open_library() as library:
        added, unchanged = library.presets.import_(source, replace=replace)
        out.records((PresetEntry(each, is_built_in=False) for each in added), views.preset_line, views.preset_table)
        if unchanged:
            out.note(f"{unchanged} {'was' if unchanged == 1 else 'were'} there already, with the same content.")


def _of_avatar(library: "Library", id_: str, said: _Said, name: str, texts: Mapping[str, str]) -> Preset:
    """Return a preset of an avatar; one that says nothing, as an upload may, leaves all to what is ``said``."""
    avatar = library.show(id_)
    if not says_who(avatar.persona, avatar.attributes, avatar.prompt):
        return said.new(name, texts)
    return said.over(library.presets.preset_of(avatar, name), texts)


def _given(texts: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text is not None}


def _part(typed: str) -> str:
    """Return the part of a preset that --clear names. Raises InvalidInput."""
    field = typed.lower().replace("-", "_")
    if field not in _CLEARABLE:
        near = nearest(field, list(_CLEARABLE))
        raise InvalidInput(
            f"clear is {shown(typed)}, which is no field.",
            hint=f"Did you mean {near}?" if near else f"Fields: {', '.join(_CLEARABLE)}.",
        )
    return _CLEARABLE[field]


def _refuse_both(cleared: Sequence[str], said: _Said, texts: Mapping[str, str]) -> None:
    """Refuse a part that is both given and cleared."""
    given = {**said.persona.as_json(), **said.attributes.as_json(), **said.choices}
    given |= {"prompt": said.prompt, **{name: text for name, text in texts.items() if name != "name"}}
    for field, part in _CLEARABLE.items():
        if part in cleared and given.get(part) not in (None, []):
            raise InvalidInput(f"{field} is both given and cleared.", hint=f"Leave out --clear {field}.")
