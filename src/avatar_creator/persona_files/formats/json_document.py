"""JSON documents: a list of objects, which is streamed, or an object that is a record or holds such a list."""

import itertools
import re
from collections.abc import Collection, Iterator
from typing import TextIO

from avatar_creator.documents.json_values import SPACE, BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats.base import RECORD_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.items import SEEN_MOST, as_record, columns_of, doubled_keys, items_of
from avatar_creator.persona_files.formats.source import Source
from avatar_creator.persona_files.formats.texts import Text

OBJECT_BYTES_MOST = 2**28  # of a document that is not a list: it is read at once
_ITEM_MOST = 2**26  # characters of an item that are read to find its end
_BLOCK = 2**18
_NO_SPACE = re.compile(f"[^{SPACE}]")
_LINES_HINT = 'Write it as JSON lines, an object a line: jq -c ".[]" FILE'


class JsonTable:
    """A document. Its items are counted from 1."""

    format = "JSON"

    def __init__(self, text: Text, choices: Choices) -> None:
        source = text.source
        self._text = text
        self._known = choices.known
        self._is_list = text.head.lstrip(SPACE).startswith("[")
        self._doubled: tuple[str, ...] = ()
        if not self._is_list and source.size > OBJECT_BYTES_MOST:
            limit = OBJECT_BYTES_MOST // 2**20
            raise source.refusal(f"is an object of more than {limit} MB, which has to be read at once", _LINES_HINT)
        self.columns = columns_of(source, itertools.islice(self.records(), SEEN_MOST))

    @property
    def notes(self) -> tuple[str, ...]:
        return self._text.notes + self._doubled

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:  # noqa: ARG002
        reader = JsonReader("item")
        with self._text.open() as text:
            document = _Document(self._text.source, text, reader)
            items = document.list_items() if self._is_list else items_of(list(document.values()), self._known)
            for number, item in enumerate(items, start=1):
                yield as_record(number, item)
        self._doubled = doubled_keys("an object", reader.doubled)
        self._text.source.check()


class _Document:
    """The part of a text that is looked at, and the place in it."""

    def __init__(self, source: Source, text: TextIO, reader: JsonReader) -> None:
        self._source, self._text, self._reader = source, text, reader
        self._part, self._at = "", 0
        self._lines = 1  # that of the part's first character
        self._is_whole = False  # whether the part reaches the end
        self._number = 0

    def list_items(self) -> Iterator[object]:
        """Yield the items of the list that the text is. Raises InvalidInput where it is none."""
        self._next()
        self._at += 1
        if self._next() != "]":
            yield self._item()
            while self._next() == ",":
                self._at += 1
                yield self._item()
        if self._next() != "]":
            raise self._broken("is broken JSON: a comma or the end of the list is missing", self._at)
        self._at += 1
        if self._next():
            raise self._broken("is broken JSON: more follows behind the end of the list", self._at)

    def values(self) -> Iterator[object]:
        """Yield the values of which one follows the other. Raises InvalidInput."""
        while self._next():
            yield self._value()[0]

    def _item(self) -> object:
        value, length = self._value()
        return TooMuch(f"is longer than {RECORD_MOST:,} characters") if length > RECORD_MOST else value

    def _value(self) -> tuple[object, int]:
        """Return the value that comes next, and its length."""
        self._next()
        self._number += 1
        while True:
            try:
                value, end = self._reader.value(self._number, self._part, self._at)
            except BrokenJson as error:  # or no more than cut off
                if self._is_whole or len(self._part) - self._at > _ITEM_MOST:
                    raise self._broken(str(error), error.at) from error
            else:
                if end < len(self._part) or self._is_whole:  # a number may go on
                    length, self._at = end - self._at, end
                    return value, length
            self._read_on()

    def _next(self) -> str:
        """Return the character that comes next, after space; none at the end."""
        while True:
            space = _NO_SPACE.search(self._part, self._at)
            if space:
                self._at = space.start()
                return space[0]
            self._at = len(self._part)
            if self._is_whole:
                return ""
            self._read_on()

    def _read_on(self) -> None:
        """Read as much again as is left, so that a long item is not begun anew for every block of it."""
        self._lines += self._part.count("\n", 0, self._at)
        more = self._text.read(max(_BLOCK, len(self._part) - self._at))
        self._part, self._at = self._part[self._at :] + more, 0
        self._is_whole = not more

    def _broken(self, message: str, at: int) -> InvalidInput:
        line = self._lines + self._part.count("\n", 0, at)
        if self._is_whole and (at >= len(self._part.rstrip(SPACE)) or "Unterminated" in message):
            return self._source.refusal(f"is cut short: its JSON does not end, in line {line}", "Write it once more.")
        return self._source.refusal(f"{message}, in line {line}", "Correct it there, and try again.")
