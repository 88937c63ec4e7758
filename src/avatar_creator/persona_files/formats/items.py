"""Values that are records, or hold them: what JSON and YAML share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from avatar_creator.documents.limits import TooMuch
from avatar_creator.persona_files.formats.base import CELLS_MOST, BadRecord, Record
from avatar_creator.persona_files.formats.source import Source

NOTED_MOST = 3  # keys that stand twice
SEEN_MOST = 100  # records of which the names are taken as columns
# Names of lists that stand beside others: {"meta": {...}, "data": [...]}
_LISTS = frozenset({"cast", "characters", "data", "entries", "items", "records", "results", "rows", "users"})
_PEOPLE = frozenset({"agents", "avatars", "people", "personas", "persons", "population", "profiles"})

_IDS = frozenset({"id", "persona_id"})


def as_record(number: int, value: object) -> Record | BadRecord:
    """Return a value as the record that it is; a TooMuch that was found in its place says why there is none."""
    if isinstance(value, dict):
        if len(value) <= CELLS_MOST:
            return Record(number, value)
        return BadRecord(number, f"has {len(value)} keys, at most {CELLS_MOST} are read")
    if isinstance(value, TooMuch):
        return BadRecord(number, str(value))
    kind = {list: "a list", str: "a text", type(None): "empty", bool: "true or false"}.get(type(value), "a number")
    return BadRecord(number, f"is {kind}, not an object with names and values")


def columns_of(source: Source, records: Iterable[Record | BadRecord], unit: str = "item") -> tuple[str, ...]:
    """Return the names in some records, in the order in which they come. Raises InvalidInput if none is a record."""
    names: dict[str, None] = {}
    reason, is_good = "has no items", False
    for record in records:
        if isinstance(record, Record):
            names.update(dict.fromkeys(record.values))
            is_good = True
        elif reason == "has no items":
            reason = f"has no objects: {unit} {record.number} {record.message}"
    if names:
        return tuple(names)
    if is_good:
        reason = "has objects without names and values"
    raise source.refusal(reason, "Write an object with names and values for each persona.")


def doubled_keys(what: str, places: Sequence[str]) -> tuple[str, ...]:
    """Return a note of keys that stand twice in ``what``, none if there are none."""
    if not places:
        return ()
    more = " and more" if len(places) > NOTED_MOST else ""
    return (f"where {what} has a key twice the last is read: {', '.join(places[:NOTED_MOST])}{more}",)


def items_of(documents: Sequence[object], known: Callable[[str], bool] | None) -> Sequence[object]:
    """Return what shall be records: the documents, or what the one document holds.

    That is a list; an object with one list of objects in it, unless it is a record itself; objects by their ids; or
    columns of values by their number, as pandas writes a table unless it is told otherwise.
    """
    if len(documents) != 1:
        return [item for each in documents for item in (each if isinstance(each, list) else [each])]
    (value,) = documents
    if isinstance(value, list):
        return value
    return _items_within(value, known) if isinstance(value, dict) else [value]


def _items_within(value: dict[str, Any], known: Callable[[str], bool] | None) -> Sequence[object]:
    columns = list(value.values())
    if columns and all(isinstance(each, dict) and each.keys() == columns[0].keys() for each in columns):
        places = list(columns[0])
        if places and all(isinstance(place, str) and place.isdecimal() for place in places):
            return [{name: column[place] for name, column in value.items()} for place in places]
    if len(value) == 1 and isinstance(columns[0], dict) and next(iter(value)).lower() in _LISTS | _PEOPLE:
        return items_of(columns, known)
    if known is not None and _is_by_id(value, known):
        return [each if _IDS & each.keys() else {"id": id_, **each} for id_, each in value.items()]
    return _only_list(value, known or _is_never)


def _only_list(value: dict[str, Any], known: Callable[[str], bool]) -> Sequence[object]:
    lists = [name for name, each in value.items() if _is_list_of_objects(each)]
    if len(lists) != 1 or isinstance(value.get("persona"), dict):
        return [value]
    is_record = any(map(known, value)) or any(isinstance(each, dict) for each in value.values())
    return [value] if is_record and lists[0].lower() not in _LISTS | _PEOPLE else value[lists[0]]


def _is_by_id(value: Mapping[str, object], known: Callable[[str], bool]) -> bool:
    """Return whether its names are ids, and its values people: {"amara": {"age": 29}, "bob": {"age": 40}}."""
    return bool(value) and all(
        isinstance(each, dict) and any(map(known, each)) and not known(name) and f"{name.lower()}s" not in _PEOPLE
        for name, each in value.items()
    )


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _is_never(_: str) -> bool:
    return False
