"""Writes what the code alone can say: docs/reference.md and docs/names.md.

The first is of commands, settings, exit codes, engines and JSON keys, the second of the names that each field has.

usage: python docs/generate_reference.py [--check]    --check writes nothing and exits with 1 when a file is stale
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import StrEnum
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import typer
from pydantic import SecretStr

from avatar_creator import errors
from avatar_creator.cli.main import COMMANDS
from avatar_creator.cli.render.preset_views import ShownPreset
from avatar_creator.cli.render.views import Made
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.coverage import CastProgress, Cell, Coverage, Spread
from avatar_creator.domain.fields import Field, Part
from avatar_creator.domain.findings import Finding, Report
from avatar_creator.domain.license import License
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Credit
from avatar_creator.domain.preset import Preset, PresetEntry
from avatar_creator.domain.price import Cost, Price
from avatar_creator.domain.prompt import PromptStyle, build_prompt
from avatar_creator.domain.records import Avatar, Event, Failure, Generation, Project
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.spending import Charges, LimitLeft, SpendingReport, SpentBy
from avatar_creator.domain.stats import AppUsage, Charged, GenerationCount, Stats, Usage, UsageEvent, UsedAvatar
from avatar_creator.domain.worker_status import EngineProcessStatus, QueueEntry, WorkerStatus
from avatar_creator.engines import ENGINES, OPTIONS, load_engine
from avatar_creator.engines.base import EnginePlan
from avatar_creator.engines.fields import FIELDS
from avatar_creator.engines.offline.art import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.gallery.writing import Gallery
from avatar_creator.home import PREFIX
from avatar_creator.jobs.plan import Plan, Sharer
from avatar_creator.library.models import ModelEntry, Removed
from avatar_creator.library.pulls import Pulled
from avatar_creator.services.backup import Backup
from avatar_creator.settings.origins import Origin
from avatar_creator.settings.schema import Schema
from avatar_creator.settings.values import KEYS
from avatar_creator.storage.pictures.inspection import FileMarks

REFERENCE = Path(__file__).with_name("reference.md")
NAMES = Path(__file__).with_name("names.md")
INTRODUCTION = """# Reference

Written by `docs/generate_reference.py` from the code. Do not edit it; run the script instead.

- [Commands](#commands)
- [Persona and attributes](#persona-and-attributes), the options of several commands
- [Settings](#settings)
- [Exit codes](#exit-codes)
- [Engines](#engines)
- [Art styles](#art-styles)
- [JSON keys](#json-keys)
"""

NAMES_INTRODUCTION = """# Names

Written by `docs/generate_reference.py` from the code. Do not edit it; run the script instead.

What can be said of an avatar has one name. The option, the key in JSON, the argument in Python, the column of a persona
file and the field of an [`--output` pattern](generate.md#where-the-picture-goes) are that name, or follow from it:

| where | how `hair_color` is written |
| --- | --- |
| option | `--hair-color` |
| JSON | `attributes.hair_color` |
| Python | `Attributes(hair_color=...)` |
| column of a file, `--map`, `--set` | `hair_color` |
| `--output` | `{hair_color}` |

Columns, `--map`, `--set` and `--output` take every spelling: `hair_color`, `hairColor`, `Hair Color`, `HAIR COLOUR`,
`attributes.hair_color`, `--hair-color`. Options may be written with `_`, in capitals and with British letters. Known
values, such as formats, engines and art styles, are read in any case, and `jpg` is `jpeg`. "Also" are other names that
columns may have.
"""

# Options that several commands share are written once.
SHARED_PANELS = ("Persona", "Attributes: these values or any other text")

# Each record that --json prints, and which commands print it.
RECORDS: dict[type, str] = {
    Avatar: "`list` (an array), `show`, `edit`, `use`, `upload` (an array for several files)",
    Generation: "`status` (an array unless one id is given), `wait`, `cancel` and `retry` (arrays)",
    Made: "`generate` (an array with `--count`)",
    QueueEntry: "`queue` (an array)",
    Event: "`logs` (an array)",
    WorkerStatus: "`worker status`",
    EngineProcessStatus: "`worker status`",
    Plan: "`generate --dry-run`",
    Project: "`project list` (an array), `project create`, `project show`, `project edit`",
    PresetEntry: "`preset list` and `preset import` (arrays), `preset create`, `preset edit`",
    ShownPreset: "`preset show`",
    Usage: "`usage`",
    Coverage: "`coverage`",
    Stats: "`stats`",
    Origin: "`config show` (an array)",
    Backup: "`backup list` (an array)",
    Report: "`doctor`",
    SpentBy: "`stats --by` (an array)",
    FileMarks: "`inspect`",
    Gallery: "`gallery`",
    ModelEntry: "`models list` (an array)",
    Pulled: "`models pull`",
    Removed: "`models rm`",
}
PARTS = (
    Persona,
    Attributes,
    License,
    Sharer,
    Failure,
    UsageEvent,
    CastProgress,
    Spread,
    Cell,
    AppUsage,
    UsedAvatar,
    GenerationCount,
    Charged,
    SpendingReport,
    Charges,
    LimitLeft,
    Finding,
    Credit,
    Cost,
    Price,
)
_PLAIN = {NoneType: "null", bool: "true or false", int: "number", float: "number", str: "text", Path: "text, a path"}


def reference() -> str:
    sections = (commands, shared_options, settings, exit_codes, engines, art_styles, json_keys)
    return "\n".join((INTRODUCTION, *("\n".join(section()) for section in sections)))


def names() -> str:
    return "\n".join((NAMES_INTRODUCTION, *(line for part in Part for line in _names_of(part))))


def _names_of(part: Part) -> Iterator[str]:
    rows = [
        (
            f"`{field.name}`",
            f"`{field.flag}`" if field.flag else "",
            f"`{field.json_path}`" if field.json_path else "",
            f"`{_CALLS[part]}({field.argument}=...)`" if field.argument else "",
            ", ".join(f"`{each}`" for each in field.spellings if each != field.name),
            _values(field),
            field.help,
        )
        for field in FIELDS
        if field.part is part
    ]
    headings = ("name, column, field", "option", "JSON", "Python", "also", "takes", "meaning")
    yield f"## {part.value}\n"
    yield from _table(headings, rows)


_CALLS = {
    Part.PERSONA: "Persona",
    Part.ATTRIBUTES: "Attributes",
    Part.PROMPT: "generate",
    Part.WORDING: "generate",
    Part.CHOICES: "request",
    Part.OPTIONS: "generate",
    Part.ROW: "",
}


def _values(field: Field) -> str:
    if field.only_known:
        return ", ".join(f"`{value}`" for value in field.known)
    if field.limits:
        least, most = field.limits
        return f"{'a whole number' if field.kind is int else 'a number'}, {least:.10g} to {most:.10g}"
    if field.kind is bool:
        return "yes or no"
    if field.kind is int:
        return "a whole number"
    longest = f" of at most {field.longest} characters" if field.longest else ""
    return f"{'texts, each' if field.many else 'a text'}{longest}"


def commands() -> Iterator[str]:
    yield "## Commands\n\nEvery command has `--help`, too. `avatar --version` prints the version.\n"
    for name in COMMANDS:
        for title, each in _leaves(f"avatar {name}", _command(name)):
            yield f"### {title}\n\n{_paragraphs(each.help)}\n"
            yield f"```text\n{_usage(title, each.params)}\n```\n"
            yield from _options(p for p in each.params if not (_is_shared(p) or _is_hidden(p)))
            shared = dict.fromkeys(p.rich_help_panel.partition(":")[0].lower() for p in each.params if _is_shared(p))
            if shared:
                yield f"And the options of [{' and '.join(shared)}](#persona-and-attributes).\n"


def shared_options() -> Iterator[str]:
    yield "## Persona and attributes\n\nAttributes take these values or any other text.\n"
    yield from _options(p for p in _command("generate").params if _is_shared(p))


def _command(name: str) -> Any:
    module = import_module(f"avatar_creator.cli.commands.{COMMANDS[name].module}")
    return typer.main.get_command(module.APPS[name])


def _is_shared(parameter: Any) -> bool:
    return parameter.rich_help_panel in SHARED_PANELS


def _is_hidden(parameter: Any) -> bool:
    return bool(getattr(parameter, "hidden", False))  # arguments know no such thing


def _options(parameters: Iterator[Any]) -> Iterator[str]:
    yield from _table(("option", "takes", "default", "meaning"), [_parameter(p) for p in parameters])


def _leaves(title: str, command: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield f"{title} {name}", each
    else:
        yield title, command


def _usage(title: str, parameters: Sequence[Any]) -> str:
    arguments = [_shape(p) for p in parameters if p.param_type_name == "argument"]
    return " ".join((title, "[OPTIONS]", *arguments))


def _shape(argument: Any) -> str:
    name = str(argument.metavar or argument.name.upper())
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _parameter(parameter: Any) -> tuple[str, str, str, str]:
    if parameter.param_type_name == "argument":
        return f"`{_shape(parameter)}`", "", "", parameter.help
    flag = parameter.is_flag
    takes = "" if flag else _takes(parameter.type) + (", repeatable" if parameter.multiple else "")
    shown = parameter.show_default  # a text where the default is decided later
    default = shown if isinstance(shown, str) else "" if parameter.default in (None, False) else parameter.default
    needed = "required" if parameter.required else default
    return ", ".join(f"`{name}`" for name in parameter.opts), takes, str(needed), parameter.help


def _takes(kind: Any) -> str:
    choices = getattr(kind, "choices", None)
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    return "number" if kind.name.startswith(("int", "float")) else "text"


def settings() -> Iterator[str]:
    yield "## Settings\n\nFrom the variable, else from `config.toml`, else the default: see [settings](settings.md).\n"
    hints = get_type_hints(Schema)
    rows = (
        (
            f"`{key}`",
            f"`{PREFIX}{key.upper()}`",
            _set_to(hints[key]) + _limits(field.metadata),
            _default(field.default),
            str(field.description),
        )
        for key, field in ((key, Schema.model_fields[key]) for key in KEYS)
    )
    yield from _table(("setting", "variable", "takes", "default", "meaning"), rows)


def _set_to(hint: Any) -> str:
    """Return what a setting takes: None is nobody's to give, and a secret is text."""
    given = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    if hint == tuple[Price, ...]:
        return "tables in `config.toml`, as JSON in the variable"
    return _said(str if given[0] is SecretStr else given[0])


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return "see `avatar config show`"
    return "" if value is None else f"`{value}`"


def _limits(constraints: Sequence[Any]) -> str:
    least = next((str(c.ge) for c in constraints if hasattr(c, "ge")), None)
    above = next((f"more than {c.gt}" for c in constraints if hasattr(c, "gt")), None)
    most = next((c.le for c in constraints if hasattr(c, "le")), None)
    return "" if most is None else f", {above or least} to {most}"


def exit_codes() -> Iterator[str]:
    yield "## Exit codes\n\nThe code of an error stands in JSON, too: see [output](output.md).\n"
    rows = [("0", "", "", "It worked."), *_errors(errors.AvatarError)]
    bug = (str(errors.BUG_EXIT), f"`{errors.BUG_CODE}`", "", "A bug; the traceback is in a log file.")
    yield from _table(("exit", "code", "in Python", "meaning"), [*rows, bug])


def _errors(kind: type[errors.AvatarError]) -> Iterator[tuple[str, str, str, str]]:
    summary = (kind.__doc__ or "").partition("\n")[0].replace("``", "`")
    yield str(kind.exit_code), f"`{kind.code}`", f"`{kind.__name__}`", summary
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _errors(below)


def engines() -> Iterator[str]:
    yield "## Engines\n"
    rows = (
        (
            f"`{name}`",
            (type(load_engine(name)).__doc__ or "").partition("\n")[0],
            ", ".join(f"`{OPTIONS[option].flag}`" for option in entry.options),
        )
        for name, entry in ENGINES.items()
    )
    yield from _table(("engine", "meaning", "its options"), rows)


def art_styles() -> Iterator[str]:
    yield f"## Art styles\n\nOf the offline engine; `{DEFAULT_ART_STYLE}` is the default.\n"
    rows = []
    for name, style in ART_STYLES.items():
        meta = json.loads(files("dicebear_styles").joinpath(f"{name}.json").read_bytes())["meta"]
        art, license_ = (f"[{meta[key]['name']}]({meta[key]['url']})" for key in ("source", "license"))
        by = f"{art} by {meta['creator']['name']}"
        rows.append((f"`{name}`", by, license_, ", ".join(style.cannot) or "nothing of these"))
    yield from _table(("art style", "art", "licence", "cannot express"), rows)


def json_keys() -> Iterator[str]:
    yield "## JSON keys\n\nWhat `--json` prints. New keys may come; no key is renamed or removed.\n"
    yield 'An error is `{"error": ...}` on stderr, with the keys of [Failure](#failure).\n'
    for record, printed_by in RECORDS.items():
        yield f"### {record.__name__}\n\nPrinted by {printed_by}.\n"
        yield from _table(("key", "value"), _keys(record))
    for part in PARTS:
        yield f"### {part.__name__}\n"
        yield from _table(("key", "value"), _keys(part))


def _keys(record: type) -> Iterator[tuple[str, str]]:
    hints = _MADE[record]() if record in _MADE else get_type_hints(record)
    for key, hint in hints.items():
        yield f"`{key}`", _said(hint)


def _avatar_keys() -> dict[str, Any]:
    fields = get_type_hints(Avatar)
    del fields["warnings"]  # of a live object alone
    return fields | {"licenses": tuple[License, ...]}


def _plan_keys() -> dict[str, Any]:
    """Return the keys of a real plan, each with the type that the first record of these gives that name."""
    persona, attributes = Persona("Sarah"), Attributes()
    request = GenerationRequest("default", "offline", persona, attributes, build_prompt(persona, attributes), seed=1)
    keys = Plan(request, (1,), EnginePlan("", {}), ()).as_json()
    known: dict[str, Any] = {"warnings": tuple[str, ...], "licenses": tuple[License, ...], "prompt_style": PromptStyle}
    known |= {"prompt_words": int, "prompt_tokens_about": int, "shared": tuple[Sharer, ...]}
    for record in (Plan, EnginePlan, GenerationRequest, Avatar, Generation):
        known |= get_type_hints(record)
    return {key: known[key] for key in keys}


def _queue_keys() -> dict[str, Any]:
    return get_type_hints(Generation) | {"expected_at": get_type_hints(QueueEntry)["expected_at"]}


def _made_keys() -> dict[str, Any]:
    return get_type_hints(Generation) | {"warnings": get_type_hints(Made)["warnings"]}


def _preset_keys() -> dict[str, Any]:
    known = get_type_hints(Preset) | get_type_hints(PresetEntry) | {"options": Mapping[str, Any], "built_in": bool}
    return {key: known[key] for key in PresetEntry(Preset(name="one", prompt="a"), is_built_in=True).as_json()}


def _shown_preset_keys() -> dict[str, Any]:
    return _preset_keys() | {"engine": str, "full_prompt": str, "warnings": tuple[str, ...]}


def _report_keys() -> dict[str, Any]:
    return {"healthy": bool, **get_type_hints(Report)}


def _coverage_keys() -> dict[str, Any]:
    hints = get_type_hints(Coverage)
    computed = {name: get_type_hints(getattr(Coverage, name).fget)["return"] for name in ("axes", "within", "empty")}
    hints |= computed | dict.fromkeys(("pairs", "tables"), computed["axes"]) | {"summary": tuple[str, ...]}
    return {key: hints[key] for key in Coverage("", None, 0, "", (), ()).as_json()}


def _cell_keys() -> dict[str, Any]:
    return get_type_hints(Cell) | {"difference": float}


_MADE: Mapping[type, Callable[[], dict[str, Any]]] = {
    Avatar: _avatar_keys,
    Plan: _plan_keys,
    QueueEntry: _queue_keys,
    Made: _made_keys,
    Report: _report_keys,
    Coverage: _coverage_keys,
    Cell: _cell_keys,
    PresetEntry: _preset_keys,
    ShownPreset: _shown_preset_keys,
}


def _said(hint: Any) -> str:
    """Return a type in the words of JSON."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(map(_said, inner))
    if origin in (tuple, list):
        return f"array of {_said(inner[0])}"
    values = inner if origin is Literal else hint if isinstance(hint, type) and issubclass(hint, StrEnum) else ()
    if values:
        return ", ".join(f"`{value}`" for value in values)
    if origin is not None:
        return "object"
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint) or hasattr(hint, "_fields"):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    raise TypeError(f"no words for {hint}")


def _paragraphs(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    if cells:
        yield "\n".join(f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(headings), *cells)) + "\n"


def main() -> None:
    for page, text in {REFERENCE: reference(), NAMES: names()}.items():
        if "--check" not in sys.argv[1:]:
            page.write_text(text, encoding="utf-8", newline="\n")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            sys.exit(f"{page} is stale; run: python docs/generate_reference.py")


if __name__ == "__main__":
    main()
