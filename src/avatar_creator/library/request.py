"""A checked request from what a program or a command line says, the rest taken from the settings."""

import os
from collections.abc import Collection, Mapping
from typing import Any, TypedDict

from avatar_creator import domain
from avatar_creator.app import App
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.check import Check
from avatar_creator.domain.choices import check_names, member
from avatar_creator.domain.persona import NAME_LONGEST, Persona
from avatar_creator.domain.persona_row import PRESET_OPTIONS
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, Embed, PictureFormat
from avatar_creator.domain.prompt import PromptStyle, build_prompt
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.text import clean_line, expect
from avatar_creator.engines import AUTO_ENGINE, ENGINES, OPTIONS
from avatar_creator.engines.table import EngineOptions, engine_names, sharing

_WHO = ("persona", "attributes", "prompt")
WORDING = ("negative_prompt", "quality_terms", "name_in_prompt", "prompt_style")


class PictureChoices(EngineOptions, total=False):
    """What decides pictures beside whom they show; None counts as not given."""

    project: str | None
    engine: str | None
    width_px: int | None
    height_px: int | None
    format: PictureFormat | str | None
    jpeg_quality: int | None
    embed: Embed | str | None
    commercial: bool | None
    preset: str | None
    check: Check | str | None
    rerolls: int | None
    options: Mapping[str, Any] | None  # of engines, by name; each of them is an argument, too


class Choices(PictureChoices, total=False):
    """What decides one of them."""

    name: str | None
    seed: int | None


class _Wording(TypedDict, total=False):
    negative_prompt: str | None
    quality_terms: bool | None
    name_in_prompt: bool | None
    prompt_style: PromptStyle | str | None


class GenerateChoices(Choices, _Wording, total=False):
    """What `generate` takes too."""


class RequestChoices(GenerateChoices, total=False):
    """What `request` takes too."""

    count: int | None


class BatchChoices(PictureChoices, _Wording, total=False):
    """What is the same for all rows of a batch that do not say it themselves."""


def wording_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of how a prompt is worded. A blank negative prompt counts as not given."""
    negative = said.get("negative_prompt")
    return {
        "negative_prompt": None if is_blank(negative) else negative,
        "quality_terms": said.get("quality_terms") is not False,
        "name_in_prompt": said.get("name_in_prompt"),
        "prompt_style": said.get("prompt_style"),
    }


def is_blank(text: object) -> bool:
    """Return whether a text says nothing; None is no text."""
    return isinstance(text, str) and not text.strip()


def choices_of(said: Mapping[str, Any]) -> Any:
    """Return what else is said, as `build_request` takes it."""
    return {name: value for name, value in said.items() if name not in WORDING}


def request_of(
    app: App, persona: Persona | None, attributes: Attributes | None, prompt: str | None, said: Mapping[str, Any]
) -> GenerationRequest:
    """Return a request; None counts as not given. Raises InvalidInput."""
    return build_request(app, persona, attributes, prompt, **wording_of(said), choices=choices_of(said))


def build_request(
    app: App,
    persona: Persona | None,
    attributes: Attributes | None,
    prompt: str | None,
    *,
    negative_prompt: str | None,
    quality_terms: bool,
    name_in_prompt: bool | None,
    prompt_style: PromptStyle | str | None,
    choices: RequestChoices,
) -> GenerationRequest:
    """Return a request; None counts as not given. Raises InvalidInput.

    The values of a preset that ``choices`` name are among what is given, but for the options of engines: of those each
    engine has its own.
    """
    given: dict[str, Any] = {name: value for name, value in choices.items() if value is not None}
    of_preset = dict(given.pop(PRESET_OPTIONS, ()))
    check_names(choices.keys() - {PRESET_OPTIONS}, (*_WHO, *RequestChoices.__annotations__))
    persona = Persona() if persona is None else persona
    attributes = Attributes() if attributes is None else attributes
    expect("persona", persona, Persona, "a Persona, such as Persona('Sarah')")
    expect("attributes", attributes, Attributes, "Attributes, such as Attributes(gender='female')")
    expect("options", choices.get("options") or {}, Mapping, "a dict of options by name")
    style = app.settings.prompt_style if prompt_style is None else member(PromptStyle, "prompt style", prompt_style)
    natural = style is PromptStyle.NATURAL
    build = domain.natural.build_natural_prompt if natural else build_prompt  # a name is among keywords unless refused
    built = build(
        persona,
        attributes,
        prompt,
        negative=negative_prompt,
        quality_terms=quality_terms,
        name_in_prompt=not natural if name_in_prompt is None else name_in_prompt,
    )
    if "name" in given:  # an empty one is a mistake, where none at all is a default
        given["name"] = clean_line("name", given["name"], longest=NAME_LONGEST)
    engine, why_engine, options, fallback = _choose_engines(app, given, of_preset)
    settings = app.settings
    defaults: dict[str, Any] = {
        "project": settings.project,
        "seed": given.get("seed") or int.from_bytes(os.urandom(8)) % SEED_MOST + SEED_LEAST,
        "width_px": settings.width,
        "height_px": settings.height,
        "format": settings.format,
        "jpeg_quality": settings.jpeg_quality,
        "embed": settings.embed,
        "commercial": settings.commercial,
        "check": settings.check,
        "rerolls": settings.rerolls,
    }
    return GenerationRequest(
        persona=persona,
        attributes=attributes,
        prompt=built,
        engine=engine,
        why_engine=why_engine,
        options=options,
        fallback=fallback,
        **(defaults | given),
    )


_Chosen = tuple[str, str | None, dict[str, Any], tuple[tuple[str, Mapping[str, Any]], ...]]


def _choose_engines(app: App, given: dict[str, Any], of_preset: Mapping[str, Any]) -> _Chosen:
    """Take the engines and their options out of what is given.

    Return the first, why it if the user did not choose it, and all its options: those given, else those of the preset,
    else those set; and the others, each with its own. Options of none of them are left for the first to refuse.
    """
    options = dict(given.pop("options", {})) | {name: given.pop(name) for name in OPTIONS if name in given}
    names, why = engine_names(str(given.pop("engine", app.settings.engine))), None
    if names == (AUTO_ENGINE,):
        engine, why = app.engines.automatic(options)
        names = (engine,)
    shared = sharing(names)
    first, *others = (*shared, *(name for name in names if name not in shared))
    own = {name for each in others for name in ENGINES[each].options} - {*_options_of(first)}
    fallback = tuple((each, _options(app, each, options, of_preset)) for each in others)
    return first, why, _options(app, first, options, of_preset, but=own), fallback


def _options(
    app: App, engine: str, given: Mapping[str, Any], of_preset: Mapping[str, Any], *, but: Collection[str] | None = None
) -> dict[str, Any]:
    """Return the options of an engine; with ``but`` all that are given but these, for it to refuse."""
    taken = _options_of(engine)
    settings = app.engines.options(engine)
    if "model" in given:
        by_model = ENGINES[engine].by_model if engine in ENGINES else ()
        settings = {name: value for name, value in settings.items() if name not in by_model}
    preset = {name: value for name, value in of_preset.items() if name in taken}
    said = {name: value for name, value in given.items() if (name in taken if but is None else name not in but)}
    return settings | preset | said


def _options_of(engine: str) -> tuple[str, ...]:
    return ENGINES[engine].options if engine in ENGINES else ()
