"""YAML as values of Python, with limits."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TextIO

import yaml

from avatar_creator.documents.limits import DEPTH_MOST, TooMuch
from avatar_creator.domain.text import shown

_NODES_MOST, _CHARACTERS_MOST = 2**22, 2**26  # with all that aliases stand for
_CORRECT = "Correct it there, and try again."


class BrokenYaml(ValueError):
    """What is no YAML, or beyond the limits, and what to do. The message goes on from "'people.yaml' "."""

    def __init__(self, message: str, hint: str = _CORRECT) -> None:
        super().__init__(message)
        self.hint = hint


class YamlDocument(NamedTuple):
    """A document, and how many characters each item has, if it is a list: what aliases stand for included."""

    value: Any
    item_lengths: Sequence[int] = ()


def yaml_documents(text: TextIO | str, doubled: list[str]) -> Iterator[YamlDocument]:
    """Yield the documents of a text. Raises BrokenYaml.

    Keys that a map has twice are put into ``doubled``, with their lines: the last of them counts.
    """
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise BrokenYaml(f"is broken YAML: {str(error).splitlines()[0]}") from error
    try:
        while loader.check_node():
            node = loader.get_node()
            sizes = _Sizes(doubled)
            sizes.of(node)
            is_list = isinstance(node, yaml.SequenceNode)
            lengths = [sizes.of(each).characters for each in node.value] if is_list else ()
            yield YamlDocument(loader.construct_document(node), lengths)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BrokenYaml(f"is broken YAML{line}: {error.problem}") from error
    except TooMuch as error:
        raise BrokenYaml(str(error), "Write it without so many values in values.") from error
    except RecursionError as error:
        raise BrokenYaml("is nested too deeply") from error
    except yaml.YAMLError as error:
        raise BrokenYaml(f"is broken YAML: {str(error).splitlines()[0]}") from error
    except ValueError as error:  # a whole number of more digits than Python reads
        raise BrokenYaml("has a number of too many digits") from error
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
        """Return the size of a node. Raises TooMuch where it is too large, or within itself."""
        if isinstance(node, yaml.ScalarNode):
            return _Size(1, len(node.value), 1)
        if id(node) in self._known:
            known = self._known[id(node)]
            if known is None:
                raise TooMuch("has an alias within what it stands for")
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
            raise TooMuch("stands for too many values with its aliases")
        if size.height > DEPTH_MOST:
            raise TooMuch(f"is nested more than {DEPTH_MOST} deep")
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


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Quotes the texts that YAML 1.1 or 1.2 would take for something else."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - people read what is written
        return True


for _character, _rules in _Loader.yaml_implicit_resolvers.items():
    for _tag, _rule in _rules:
        _Dumper.add_implicit_resolver(_tag, _rule, [_character])


def yaml_text(value: object) -> str:
    """Return values as YAML that `yaml_documents` reads again, whatever its texts are."""
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100))
