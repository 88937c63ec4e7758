"""The tables of engines and of their options. Flags, settings, checks, completion and documentation follow from them.

Every command loads it, so it loads nothing heavy.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import takewhile
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypedDict

from avatar_creator.domain.text import shown
from avatar_creator.engines.hub_models import NO_LORA
from avatar_creator.engines.huggingface.models import (
    AUTO,
    DEFAULT_MODEL,
    GUIDANCE,
    LORA_SCALE,
    MODELS,
    PROVIDERS,
    STEPS,
    TIMEOUT_S,
)
from avatar_creator.engines.local import models as local
from avatar_creator.engines.offline.art import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.engines.offline.rules import RULES
from avatar_creator.engines.option import Option
from avatar_creator.errors import InvalidInput


class EngineOptions(TypedDict, total=False):
    """The options of all engines, in the order of help and settings; None counts as not given."""

    art_style: Annotated[
        str | None,
        Option(
            f"Style the offline engine draws in: {', '.join(ART_STYLES)}",
            DEFAULT_ART_STYLE,
            known=tuple(ART_STYLES),
            only_known=True,
            preset=DEFAULT_ART_STYLE,
        ),
    ]
    drawing_rules: Annotated[
        int | None,
        Option(
            "Rules the offline engine draws by, as the recipe of a drawing names them", f"{RULES}", is_setting=False
        ),
    ]
    model: Annotated[
        str | None,
        Option(
            f"Model of photographs: {', '.join(MODELS)}, an id of the Hub, or the URL of an endpoint of yours; for the "
            "local engine see: avatar models list",
            DEFAULT_MODEL,
            known=tuple(MODELS),
        ),
    ]
    provider: Annotated[
        str | None,
        Option(f"Who runs the model: {', '.join(PROVIDERS)} or another", AUTO, known=PROVIDERS, decisive=False),
    ]
    lora: Annotated[
        str | None, Option(f"LoRA over the model, by its id of the Hub, or {NO_LORA}", "the model's", known=(NO_LORA,))
    ]
    lora_scale: Annotated[
        float | None, Option("How much the LoRA shows", f"{LORA_SCALE.default:g}", limits=LORA_SCALE[1:])
    ]
    steps: Annotated[int | None, Option("Steps of inference", f"{STEPS.default:g}", limits=STEPS[1:])]
    guidance: Annotated[
        float | None, Option("How closely the prompt is followed", f"{GUIDANCE.default:g}", limits=GUIDANCE[1:])
    ]
    precision: Annotated[
        str | None,
        Option(
            f"Numbers a model on your card calculates with: {', '.join(local.PRECISIONS)}",
            local.AUTO,
            known=local.PRECISIONS,
            only_known=True,
        ),
    ]
    quantize: Annotated[
        str | None,
        Option(
            f"How its weights are made smaller: {', '.join(local.QUANTIZED)}, or the .gguf file of its transformer",
            "what fits the card",
            known=local.QUANTIZED,
        ),
    ]
    offload: Annotated[
        str | None,
        Option(
            f"What of it is kept off the card until it is used: {', '.join(local.OFFLOADED)}",
            "what fits the card",
            known=local.OFFLOADED,
            only_known=True,
            decisive=False,
        ),
    ]
    device: Annotated[
        str | None,
        Option(
            f"What it runs on: {', '.join(local.DEVICES)}, or a card by number as cuda:1",
            "the card",
            known=local.DEVICES,
            decisive=False,
        ),
    ]
    compile: Annotated[
        bool | None,
        Option("Compile it first: minutes for the first picture, and faster ones then", default=False, decisive=False),
    ]
    timeout_s: Annotated[
        float | None,
        Option(
            "Seconds to wait for one picture",
            f"{TIMEOUT_S.default:g}",
            flag="--timeout",
            limits=TIMEOUT_S[1:],
            decisive=False,
        ),
    ]
    bill_to: Annotated[str | None, Option("Organization on Hugging Face that pays", "you", decisive=False)]
    require_lora: Annotated[
        bool | None,
        Option("Rather fail than make a picture without the LoRA", default=False, is_setting=False, decisive=False),
    ]
    reroll: Annotated[
        bool | None,
        Option(
            "Do not pay again for a picture that came back unusable",
            default=True,
            flag="--no-reroll",
            is_setting=False,
            decisive=False,
        ),
    ]
    provider_key_env: Annotated[
        str | None,
        Option("Variable that holds a key of the provider's own, who then bills you", is_setting=False, decisive=False),
    ]


def _option(name: str, hint: Any) -> Option:
    kind, (option,) = hint.__origin__.__args__[0], hint.__metadata__
    flag = option.flag or f"--{name.replace('_', '-')}"
    return option._replace(name=name, kind=kind, flag=flag)  # type: ignore[no-any-return]


def _variant(name: str, meaning: str | None = None, default: str | None = None, **changes: Any) -> Option:
    """Return an option as another engine takes it."""
    option = OPTIONS[name]
    return option._replace(meaning=meaning or option.meaning, default=default or option.default, **changes)


OPTIONS: dict[str, Option] = {name: _option(name, hint) for name, hint in EngineOptions.__annotations__.items()}


class Apart(Enum):
    """Where the pictures of an engine are made."""

    NO = auto()  # in the process that asks for them
    MANY = auto()  # many of them in processes of the engine's own, a few in the one that asks
    ALWAYS = auto()  # in processes of its own: to load it takes long, and what it loads fits in memory once


class Entry(NamedTuple):
    """An engine: where its class stands, and which of `OPTIONS` it takes.

    ``variants`` are those of its options that have another meaning or other values for it than for the engines before.
    Each of them has a setting of its own, by the engine's name. A setting of ``by_model`` is for the model that is set:
    it gives way when another one is given. ``settings`` are those that this engine alone is given. ``package`` is what
    pip installs its libraries with, ``variables`` the beginning of the names of those that they read. ``panel`` is the
    heading of its options in the help; an option of several engines stands under that of the first.

    Functions are named as the class is. ``ready``, of its setup, says in a sentence why `auto` takes this engine, None
    if it lacks something; without one `auto` takes it only for its options. ``fingerprint`` is behind
    `Engine.credential`, where that can be had without the engine. ``licenses`` is behind `licenses`, and ``commercial``
    says which options choose what may be used commercially. ``apart``: whether pictures are made in processes of its
    own, which touch no row. Those of a paid engine cannot be: its calls are counted in rows.
    ``draws``: its pictures are drawings, which no check of photographs fits.
    """

    place: str  # module:class, loaded on first use, since each brings its own heavy libraries
    options: tuple[str, ...] = ()
    variants: Mapping[str, Option] = MappingProxyType({})
    by_model: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    package: str = "avatar-creator"
    variables: str | None = None
    panel: str = "Engine"
    ready: str | None = None
    fingerprint: str | None = None  # of the options and the setup; None: nothing is paid with
    licenses: str | None = None  # of the options; None: nothing is known
    commercial: str = "another --engine"
    apart: Apart = Apart.NO
    draws: bool = False


AUTO_ENGINE = "auto"  # stands for the one that `automatic` returns
ENGINES: dict[str, Entry] = {
    "huggingface": Entry(
        "avatar_creator.engines.huggingface.engine:HuggingFaceEngine",
        (
            "model",
            "provider",
            "lora",
            "lora_scale",
            "steps",
            "guidance",
            "timeout_s",
            "bill_to",
            "require_lora",
            "reroll",
            "provider_key_env",
        ),
        by_model=("lora", "lora_scale", "steps", "guidance"),
        settings=("hf_token",),
        variables="HF_",
        panel="Photograph",
        ready="avatar_creator.engines.hub.credentials:ready",
        fingerprint="avatar_creator.engines.huggingface.options:fingerprint",
        licenses="avatar_creator.engines.huggingface.licenses:licenses_of",
        commercial="--model flux-schnell, without --lora",
    ),
    "offline": Entry(
        "avatar_creator.engines.offline.engine:OfflineEngine",
        ("art_style", "drawing_rules"),
        panel="Drawing",
        ready="avatar_creator.engines.offline:ready",
        licenses="avatar_creator.engines.offline.art:licenses_of",
        commercial="--art-style open-peeps",
        apart=Apart.MANY,
        draws=True,
    ),
    # `auto` takes it only for its options: to find out whether there is a card that torch can use takes seconds, and a
    # model would have to be downloaded first.
    "local": Entry(
        "avatar_creator.engines.local.engine:LocalEngine",
        ("model", "lora", "lora_scale", "steps", "guidance", "precision", "quantize", "offload", "device", "compile"),
        variants={
            "model": _variant(
                "model",
                f"Model of the local engine: {', '.join(local.MODELS)}, an id of the Hub, or a folder as ./FOLDER",
                local.DEFAULT_MODEL,
                known=tuple(local.MODELS),
            ),
            "lora": _variant(
                "lora", f"LoRA over it, by its id of the Hub, as ./FILE.safetensors, or {NO_LORA}", known=(NO_LORA,)
            ),
            "lora_scale": _variant("lora_scale", default=f"{local.LORA_SCALE:g}", limits=local.LORA_SCALES),
            "steps": _variant("steps", default="the model's", limits=local.STEPS),
            "guidance": _variant("guidance", default="the model's", limits=local.GUIDANCE),
        },
        by_model=("lora", "lora_scale", "steps", "guidance"),
        package="avatar-creator[local]",
        panel="Photograph on your own card",
        licenses="avatar_creator.engines.local.licenses:licenses_of",
        commercial="--model klein-4b, without --lora",
        apart=Apart.ALWAYS,
    ),
}


def check_tables(options: Collection[str], engines: Mapping[str, Entry]) -> None:
    """Raise ValueError for an option that no engine takes, or that an engine takes and is no field."""
    taken = {name for entry in engines.values() for name in entry.options}
    for name in options:
        if name not in taken:
            raise ValueError(f"No engine takes the option {name!r}: add its name to a row of ENGINES.")
    for name in taken:
        if name not in options:
            raise ValueError(f"An engine takes the option {name!r}, which is no field of EngineOptions.")
    for entry in engines.values():
        for name in entry.variants:
            if name not in entry.options:
                raise ValueError(f"An engine has a variant of the option {name!r}, which it does not take.")


check_tables(OPTIONS, ENGINES)


def check_options(engine: str, options: Mapping[str, Any]) -> None:
    """Raise InvalidInput for an option that the engine does not take, or that cannot have its value."""
    taken = ENGINES[engine].options
    for name, value in options.items():
        if name not in taken:
            raise _not_taken(engine, name, options)
        if value is not None:
            option_of(engine, name).check(value, engine)


def option_of(engine: str, name: str) -> Option:
    """Return an option as an engine takes it."""
    return ENGINES[engine].variants.get(name, OPTIONS[name])


def option_of_any(name: str) -> Option:
    """Return an option as all engines take it together: its flag, and its column of persona files."""
    option = OPTIONS[name]
    for engine, entry in ENGINES.items():
        if name in entry.variants:
            option = _joined(option, entry.variants[name], engine)
    return option


def _joined(option: Option, other: Option, engine: str) -> Option:
    limits = option.limits and other.limits
    if option.limits and other.limits:
        limits = min(option.limits[0], other.limits[0]), max(option.limits[1], other.limits[1])
    is_same = option.default == other.default
    return option._replace(
        default=option.default if is_same else f"{option.default}; {engine}: {other.default}",
        known=tuple(dict.fromkeys(option.known + other.known)),
        only_known=option.only_known and other.only_known,
        limits=limits,
    )


def setting_of(engine: str, name: str) -> str:
    """Return the key of the setting of an engine's option."""
    return f"{engine}_{name}" if name in ENGINES[engine].variants else name


def option_settings() -> Iterator[tuple[str, Option]]:
    """Yield the settings that are options of engines, by their keys, in the order of the tables."""
    for name, option in OPTIONS.items():
        if option.is_setting:
            yield name, option
    for engine, entry in ENGINES.items():
        for name, option in entry.variants.items():
            if option.is_setting:
                yield setting_of(engine, name), option


def decisive(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the options that decide pixels; one that is not known may do so."""
    return {name: value for name, value in options.items() if name not in OPTIONS or OPTIONS[name].decisive}


def engine_names(given: str) -> tuple[str, ...]:
    """Return the engines that are named, as in ``huggingface,offline``: each is asked where those before it fail.

    Those that make photographs share the pictures (`sharing`).

    Raises InvalidInput for one that does not exist, or is named twice. One alone is not checked.
    """
    names = tuple(name.strip().lower() for name in given.split(","))
    for n, name in enumerate(names if len(names) > 1 else ()):
        if name not in ENGINES or name in names[:n]:
            why = "is named twice" if name in ENGINES else "is no engine to be named with others"
            raise InvalidInput(
                f"engine is {shown(given)}, in which {shown(name)} {why}.",
                hint=f"Name one to ask, and behind it one to fall back to: {','.join(list(ENGINES)[:2])}",
            )
    return names


def sharing(names: Sequence[str]) -> tuple[str, ...]:
    """Return those of the engines, named together, that share the pictures: as many as make photographs, at the head.

    They come in the order of the table, whatever order their user has named them in. None share where only one does.
    """
    head = list(takewhile(lambda name: name in ENGINES and not draws(name), names))
    return tuple(name for name in ENGINES if name in head) if len(head) > 1 else ()


def draws(engine: str | None) -> bool:
    """Return whether the pictures of an engine are drawings."""
    return engine in ENGINES and ENGINES[engine].draws


def made_elsewhere(engine: str) -> bool:
    """Return whether another process makes the pictures of an engine: then none can end this one."""
    return engine in ENGINES and ENGINES[engine].apart is Apart.ALWAYS


def engines_with(option: str) -> list[str]:
    """Return the engines that take an option."""
    return [name for name, entry in ENGINES.items() if option in entry.options]


def joined(names: list[str]) -> str:
    """Return names of engines as a message says them: "the huggingface and local engines"."""
    return f"the {' and '.join(names)} engine{'s' if len(names) > 1 else ''}"


def _not_taken(engine: str, option: str, given: Collection[str]) -> InvalidInput:
    others = engines_with(option)
    if others:
        best = max(others, key=lambda each: sum(name in ENGINES[each].options for name in given))
        return InvalidInput(
            f"{OPTIONS[option].flag} is an option of {joined(others)}, not of the {engine} engine.",
            hint=f"Leave it out, or choose: --engine {best}",
        )
    known = ", ".join(ENGINES[engine].options)
    return InvalidInput(
        f"option is {shown(option)}, which the {engine} engine does not know.",
        hint=f"Known options of the {engine} engine: {known}." if known else "It has no options.",
    )
