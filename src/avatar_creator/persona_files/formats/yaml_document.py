"""YAML: a list of maps, a map that is a record or holds such a list, or several documents."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, TextIO

import yaml

from avatar_creator.domain.text import shown
from avatar_creator.persona_files.formats.base import RECORD_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.cells import plain
from avatar_creator.persona_files.formats.items import (
    DEPTH_MOST,
    SEEN_MOST,
    NoRecord,
    as_record,
    columns_of,
    doubled_keys,
    items_of,
)
from avatar_creator.persona_files.formats.texts import Text

_BYTES_MOST = 2**23  # it is held in the memory as nodes, which take some 50 times as much
_NODES_MOST, _CHARACTERS_MOST = 2**22, 2**26  # with all that aliases stand for
_CORRECT = "Correct it there, and try again."


class YamlTable:
    """Documents, read at once. Their items are counted from 1."""

    format = "YAML"

    def __init__(self, text: Text, choices: Choices) -> None:
        source = text.source
        if source.size > _BYTES_MOST:
            limit = _BYTES_MOST // 2**20
            raise source.refusal(
                f"is YAML of more than {limit} MB", "Write it as JSON lines or CSV, which have no limit."
            )
        self._source = source
        self._doubled: list[str] = []
        with text.open() as characters:
            self._items = items_of(list(self._documents(characters)), choices.known)  # to read it again takes too long
        self.columns = columns_of(source, itertools.islice(self.records(), SEEN_MOST))
        self.notes = text.notes + doubled_keys("a map", self._doubled)

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:  # noqa: ARG002
        for number, item in enumerate(self._items, start=1):
            yield as_record(number, item)
        self._source.check()

    def _documents(self, text: TextIO) -> Iterator[object]:
        loader = _Loader(text)
        try:
            while loader.check_node():
                node = loader.get_node()
                sizes = _Sizes(self._doubled)
                sizes.of(node)
                value = plain(loader.construct_document(node))
                if isinstance(value, list):
                    lengths = [sizes.of(each).characters for each in node.value]
                    too_long = NoRecord(f"is longer than {RECORD_MOST:,} characters")
                    value = [each if n <= RECORD_MOST else too_long for each, n in zip(value, lengths, strict=True)]
                yield value
        except yaml.MarkedYAMLError as error:
            line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
            raise self._source.refusal(f"is broken YAML{line}: {error.problem}", _CORRECT) from error
        except NoRecord as error:
            raise self._source.refusal(str(error), "Write it without so many values in values.") from error
        except RecursionError as error:
            raise self._source.refusal("is nested too deeply", _CORRECT) from error
        except yaml.YAMLError as error:
            raise self._source.refusal(f"is broken YAML: {str(error).splitlines()[0]}", _CORRECT) from error
        except ValueError as error:  # a whole number of more digits than Python reads
            raise self._source.refusal("has a number of too many digits", _CORRECT) from error
        finally:
            loader.dispose()


class _Size(NamedTuple):
    """How much there is in a node, aliases counted each time."""

    nodes: int
    characters: int
    height: int


class _Sizes:
    """Finds the sizes of nodes before anything is made of them: few aliases of aliases can stand for billions.

    Keys that a map has twice are put into ``doubled``: nothing shows them later.
    """

    def __init__(self, doubled: list[str]) -> None:
        self._known: dict[int, _Size | None] = {}
        self._doubled = doubled

    def of(self, node: yaml.Node) -> _Size:
        """Return the size of a node. Raises NoRecord where it is too large, or within itself."""
        if isinstance(node, yaml.ScalarNode):
            return _Size(1, len(node.value), 1)
        if id(node) in self._known:
            known = self._known[id(node)]
            if known is None:
                raise NoRecord("has an alias within what it stands for")
            return known
        self._known[id(node)] = None
        if isinstance(node, yaml.MappingNode):
            keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            for key, count in Counter((key.tag, key.value) for key in keys).items():
                if count > 1:
                    line = [each for each in keys if (each.tag, each.value) == key][-1].start_mark.line + 1
                    self._doubled.append(f"{shown(key[1])} in line {line}")
        children = node.value if isinstance(node, yaml.SequenceNode) else itertools.chain.from_iterable(node.value)
        sizes = [self.of(child) for child in children]
        size = _Size(
            1 + sum(each.nodes for each in sizes),
            sum(each.characters for each in sizes),
            1 + max((each.height for each in sizes), default=0),
        )
        if size.nodes > _NODES_MOST or size.characters > _CHARACTERS_MOST:
            raise NoRecord("stands for too many values with its aliases")
        if size.height > DEPTH_MOST:
            raise NoRecord(f"is nested more than {DEPTH_MOST} deep")
        self._known[id(node)] = size
        return size


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Takes for numbers, true and false what YAML 1.2 does: NO is a country, 1:30 a text and 01234 a postcode."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_WHOLE = r"(?:0|[1-9]\d*)"
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", rf"[-+]?{_WHOLE}", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:(?:0|[1-9]\d*)?\.\d+|(?:0|[1-9]\d*)\.?)(?:[eE][-+]?\d+)?|[-+]?\.inf|\.nan",
        list("-+.0123456789"),
    ),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)
