"""YAML: a list of maps, a map that is a record or holds such a list, or several documents."""

import itertools
from collections.abc import Collection, Iterator
from typing import TextIO

from avatar_creator.documents.limits import TooMuch
from avatar_creator.documents.yaml_values import BrokenYaml, yaml_documents
from avatar_creator.persona_files.formats.base import RECORD_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.cells import plain
from avatar_creator.persona_files.formats.items import SEEN_MOST, as_record, columns_of, doubled_keys, items_of
from avatar_creator.persona_files.formats.texts import Text

_BYTES_MOST = 2**23  # it is held in the memory as nodes, which take some 50 times as much


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
        doubled: list[str] = []
        with text.open() as characters:
            try:
                documents = list(_documents(characters, doubled))
            except BrokenYaml as error:
                raise source.refusal(str(error), error.hint) from error
        self._items = items_of(documents, choices.known)  # to read it again takes too long
        self.columns = columns_of(source, itertools.islice(self.records(), SEEN_MOST))
        self.notes = text.notes + doubled_keys("a map", doubled)

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:  # noqa: ARG002
        for number, item in enumerate(self._items, start=1):
            yield as_record(number, item)
        self._source.check()


def _documents(text: TextIO, doubled: list[str]) -> Iterator[object]:
    too_long = TooMuch(f"is longer than {RECORD_MOST:,} characters")
    for document in yaml_documents(text, doubled):
        value = plain(document.value)
        if isinstance(value, list):
            lengths = document.item_lengths
            yield [each if n <= RECORD_MOST else too_long for each, n in zip(value, lengths, strict=True)]
        else:
            yield value
