"""What the XML of a sheet says that its reader passes over: formulas without a value, errors, cells far away."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse

from avatar_creator.persona_files.formats.source import Source

_CELLS_MOST = 50_000_000  # of the rectangle from the first to the last: it is held in the memory
_BLOCK, _OVERLAP = 2**20, 2**8
_ROW = re.compile(rb"<(?:\w+:)?row [^>]*?\br=\"(\d{1,9})\"")
_COLUMN = re.compile(rb"<(?:\w+:)?c [^>]*?\br=\"([A-Z]{2,3})\d")  # the first 26 are no matter
_SPECIAL = re.compile(rb"<(?:\w+:)?f[ />]|\bt=\"e\"")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NOTED_MOST = 3


class Survey(NamedTuple):
    """``unknown`` are the cells without a value, or with an error, by their row: the numbers of their columns."""

    unknown: Mapping[int, list[int]] = {}
    notes: tuple[str, ...] = ()


def survey(source: Source, file: BinaryIO, sheet: str) -> Survey:
    """Return what is special in a sheet. Raises InvalidInput for one that takes too much memory."""
    with zipfile.ZipFile(file) as archive:
        part, is_calculated = _part_of(archive, sheet)
        if part is None:
            return Survey()
        if not _is_special(source, archive, part):
            return Survey()
        without: list[str] = []
        errors: list[str] = []
        unknown: dict[int, list[int]] = {}
        for place, kind in _cells(archive, part, is_calculated=is_calculated):
            (errors if kind == "e" else without).append(place)
            match = _PLACE.fullmatch(place)
            if match:
                unknown.setdefault(int(match[2]), []).append(_number(match[1]))
    notes = [
        f"{_some(without, 'formula')} without a value, read as empty: open the workbook and save it" if without else "",
        f"{_some(errors, 'cell')} with an error, read as empty" if errors else "",
    ]
    return Survey(unknown, tuple(filter(None, notes)))


def _part_of(archive: zipfile.ZipFile, sheet: str) -> tuple[str | None, bool]:
    """Return the name of the file that has the sheet, if it is XML, and whether formulas have been calculated."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None, True
    book = _root(archive, "xl/workbook.xml")
    key = next((_attribute(each, "id") for each in _within(book, "sheet") if each.get("name") == sheet), None)
    links = _root(archive, "xl/_rels/workbook.xml.rels")
    target = next((each.get("Target", "") for each in _within(links, "Relationship") if each.get("Id") == key), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    waits = any(each.get("fullCalcOnLoad") in {"1", "true"} for each in _within(book, "calcPr"))
    return (part if part in names else None), not waits


def _is_special(source: Source, archive: zipfile.ZipFile, part: str) -> bool:
    """Return whether the sheet has formulas or errors. Raises InvalidInput where its cells are too far apart."""
    is_special, rows, columns, before = False, 0, 26, b""
    with archive.open(part) as xml:
        while block := xml.read(_BLOCK):
            text = before + block
            is_special = is_special or _SPECIAL.search(text) is not None
            rows = max([rows, *map(int, _ROW.findall(text))])
            columns = max([columns, *(_number(name.decode()) for name in set(_COLUMN.findall(text)))])
            if rows * columns > _CELLS_MOST:
                raise source.refusal(
                    f"has a sheet of {rows:,} rows and {columns:,} columns, too many to read",
                    "Delete the cells that are far from the others, or save the sheet as CSV.",
                )
            before = text[-_OVERLAP:]
    return is_special


def _cells(archive: zipfile.ZipFile, part: str, *, is_calculated: bool) -> Iterator[tuple[str, str]]:
    """Yield the places of cells without a value, and with an error."""
    with archive.open(part) as xml:
        for _, element in iterparse(xml, events=("end",), forbid_dtd=True):
            name = _name(element)
            if name == "row":
                element.clear()
            elif name == "c":
                kind = element.get("t", "n")
                children = {_name(child): child.text or "" for child in element}
                empty = not children.get("v") and kind != "str"
                if kind == "e" or ("f" in children and (empty or (not is_calculated and children.get("v") == "0"))):
                    yield element.get("r", ""), kind


def _root(archive: zipfile.ZipFile, part: str) -> Element:
    root: Element = fromstring(archive.read(part), forbid_dtd=True)
    return root


def _within(root: Element, name: str) -> Iterator[Element]:
    return (each for each in root.iter() if _name(each) == name)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name and "}" in key), None)


def _number(letters: str) -> int:
    """Return the number of a column: 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _some(places: list[str], what: str) -> str:
    """Return "2 formulas (D2, D3)"."""
    ending = "s" if len(places) > 1 else ""
    named = ", ".join(places[:_NOTED_MOST]) + (", …" if len(places) > _NOTED_MOST else "")
    return f"{len(places)} {what}{ending} ({named})"
