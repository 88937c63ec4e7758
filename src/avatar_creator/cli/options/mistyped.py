"""What was meant by a command line that does not fit: a table of personas is for `avatar batch`, and how it is."""

import os
import re
import shlex
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from avatar_creator import domain
from avatar_creator.cli.options import mistyped_cast
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput

_TABLES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".xlsx", ".xls", ".ods", ".parquet")
# Commands and options by which other programs take a file of many.
_FINDING = r"search|find|filter|grep|query|locate|ls"
# Commands of other programs, and those that do the same: what is typed behind them takes the places of capitals.
_RENAMED = ("rename", "mv")
_UNDONE = ("undo", "rollback")
_UNTAGGED = ("untag", "rmtag")
_PAGES = r"page|offset|skip|start|cursor|next|before"
_WORDS = (
    r"batch|bulk|csv|excel|files?|from(-csv|-file)?|import|in(put)?(-?file)?|jsonl?|load|many"
    r"|people|personas?(-file)?|rows|table"
)
_OF_A_PLAN = ("run", "merge", "status")
_PARTS = ("plan", *_OF_A_PLAN)  # of `batch`, which is also given a file
# Options by which other programs do what `batch` does by itself, or otherwise.
_OTHERWISE = (
    (
        r"checkpoint|continue|only-(missing|new)|resume|skip-(existing|done)",
        "It goes on by itself: run the same command again, and nothing is made twice.",
    ),
    (r"(work)?sheet(-?name)?|tab", "Name the sheet behind the file: avatar batch 'people.xlsx#Sheet'"),
    (
        r"bom|charset|delim(iter)?|dialect|encoding|sep(arator)?",
        "None is needed: delimiters and encodings are recognised.",
    ),
)


def no_command(argv: Sequence[str]) -> InvalidInput | None:
    """Say that there is no command ``argv[0]`` if it is known what was meant, else return None."""
    table = _table_in(argv)
    if re.fullmatch(_FINDING, argv[0], re.IGNORECASE) and not table:
        return InvalidInput(f"No such command {argv[0]!r}.", hint=_search(_before_options(argv[1:])))
    if hint := _by_another_name(argv[0].lower(), _before_options(argv[1:])):
        return InvalidInput(f"No such command {argv[0]!r}.", hint=hint)
    return _batch(f"No such command {argv[0]!r}.", table) if table or _is_word(argv[0]) else None


def no_such_usage(error: Any, argv: Sequence[str]) -> InvalidInput | None:
    """Say what is wrong with the arguments of a command if `batch` was meant, else return None.

    ``error`` is the parser's, of the command line ``argv``.
    """
    command = argv[0] if argv else None
    table = _table_in(argv[1:])
    option = getattr(error, "option_name", "").lstrip("-")
    if command == "list":
        return _no_such_list(error, argv, option)
    if command == "batch":
        hint = _of_a_part(argv) or _for_all_rows(option, argv) or _otherwise(option) or _for_several(error, table)
        if hint is not None:
            return InvalidInput(error.message or error.format_message(), hint=hint)
        if getattr(getattr(error, "param", None), "name", None) == "file":
            return _batch(error.format_message(), table)
    meant = mistyped_cast.no_such_cast(error, argv, option) if command == "cast" else _of_command(error, argv)
    if meant is not None:
        return meant
    is_of_a_table = (
        (command in {"batch", "cast", "generate", "upload"} and _is_word(option))
        or (command == "generate" and table is not None and table in error.message)  # it takes no argument
        or (error.message.startswith("No such command") and (table or any(map(_is_word, argv[1:2]))))  # of a group
    )
    if is_of_a_table:
        return _batch(error.message, table)
    return None


def no_file_of_ours(error: InvalidInput, file: str) -> InvalidInput:
    """Return the error of a file that is no picture or export, which leads to `batch` if it is called like a table."""
    return _batch(error.message, file) if _table_in([file]) else error


def _of_a_part(argv: Sequence[str]) -> str | None:
    """Return how a table is made that is called as one of the commands behind `batch`, if there is one."""
    is_file = argv[1:2] and argv[1] in _PARTS and os.path.isfile(argv[1])  # noqa: PTH113 - pathlib is not loaded here
    return f"For the file of that name: avatar batch ./{argv[1]}" if is_file else None


def _for_all_rows(option: str, argv: Sequence[str]) -> str | None:
    """Return how all rows of a table, or of a plan, get a value, if the option is one of `generate` for it."""
    field = domain.fields.FIELDS.normalised(option) if option else None
    if field is None:
        return None
    if argv[1:2] and argv[1] in _OF_A_PLAN:
        return "The plan says that for all that is made of it: avatar batch plan --help"
    at = next((at for at, word in enumerate(argv) if word.partition("=")[0].lstrip("-") == option), len(argv))
    value = argv[at].partition("=")[2] if at < len(argv) else ""
    if not value and at + 1 < len(argv) and not argv[at + 1].startswith("-"):
        value = argv[at + 1]
    said = shlex.quote(visible(f"{field}={value or 'VALUE'}"))
    return f"For all rows: --set {said}. For each its own: a column {field}."


def _of_command(error: Any, argv: Sequence[str]) -> InvalidInput | None:
    is_extra = "extra argument" in error.message
    match argv:
        case ["preset", "import", *_] if is_extra:
            hint = 'One file at a time: for file in *.yaml; do avatar preset import "$file"; done'
        case ["project", command, *words] if command.lower() in _RENAMED:
            return InvalidInput(f"No such command {command!r}.", hint=_rename("project edit", _before_options(words)))
        case _:
            return None
    return InvalidInput(error.message, hint=hint)


def _otherwise(option: str) -> str | None:
    return next((hint for words, hint in _OTHERWISE if re.fullmatch(words, option, re.IGNORECASE)), None)


def _for_several(error: Any, table: str | None) -> str | None:
    if table is None or "extra argument" not in error.message:
        return None
    return 'One table at a time: for file in *.csv; do avatar batch "$file"; done'


def _no_such_list(error: Any, argv: Sequence[str], option: str) -> InvalidInput | None:
    if "extra argument" in error.message:
        return InvalidInput(error.message, hint=_search([word for word in argv[1:2] if not word.startswith("-")]))
    if re.fullmatch(_PAGES, option):
        return InvalidInput(error.message, hint="Go on behind the last one that was shown: --after ID")
    return None


def _before_options(words: Sequence[str]) -> Sequence[str]:
    return list(takewhile(lambda word: not word.startswith("-"), words))


def _by_another_name(command: str, words: Sequence[str]) -> str | None:
    """Return how what a command does elsewhere is done here, with the words that were typed behind it."""
    if command in _RENAMED:
        return _rename("edit", words)
    if command in _UNDONE:
        return f"An earlier picture of an avatar: avatar revert {_typed(words[:1], 'ID')}"
    if command in _UNTAGGED:
        return f"To take a tag off: avatar tag {_typed(words[:-1], 'ID')} --remove {_typed(words[-1:], 'TAG')}"
    return None


def _rename(command: str, words: Sequence[str]) -> str:
    """Return how something is renamed. Whatever follows the id is the name, quoted or not."""
    name = [" ".join(words[1:])] if words[1:] else []
    return f"To rename: avatar {command} {_typed(words[:1], 'ID')} --name {_typed(name, 'NAME')}"


def _typed(words: Sequence[str], placeholder: str) -> str:
    return " ".join(shlex.quote(visible(word)) for word in words) or placeholder


def _search(words: Sequence[str]) -> str:
    said = _typed([" ".join(words)] if words else [], "WORDS")
    return f"To find avatars by their words: avatar list --text {said}; by all else: avatar list --help"


def _is_word(typed: str) -> bool:
    return re.fullmatch(_WORDS, typed, re.IGNORECASE) is not None


def _table_in(words: Sequence[str]) -> str | None:
    names = (word.partition("=")[2] if word.startswith("-") else word for word in words)  # as --csv=people.csv
    return next((name for name in names if name.lower().endswith(_TABLES)), None)


def _batch(message: str, table: str | None) -> InvalidInput:
    return InvalidInput(message, hint=f"For a table of personas: avatar batch {shlex.quote(table or 'people.csv')}")
