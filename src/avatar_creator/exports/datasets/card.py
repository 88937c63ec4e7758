"""The card of a data set, README.md, as the Hub reads it: how it was made, of whom, and what may be done with it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from avatar_creator._version import __version__
from avatar_creator.domain.coverage import Cell, Coverage, Spread
from avatar_creator.domain.license import CC0, CC_BY, NOT_NEEDED, License, YesNo
from avatar_creator.domain.records import Avatar, SourceType
from avatar_creator.domain.spread import People, PeopleCount, Value, cover, even_over_seen
from avatar_creator.domain.text import counted
from avatar_creator.exports.datasets.columns import is_synthetic

CARD = "README.md"
_AXES = ("gender", "age", "ethnicity")
_TAGS = ("synthetic", "avatars", "personas", "portraits", "image")
_ON_HUB = {CC0.name: "cc0-1.0", CC_BY.name: "cc-by-4.0", "MIT": "mit", "Apache-2.0": "apache-2.0"}
_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))
_LARGEST = "1M<n<10M"
_OTHERS = "works of other splits"
_SYNTAX = re.compile(r"[\\`*_\[\]<>|~&$#!@]")  # of Markdown, within a line


class Card:
    """Counts what is in a data set."""

    def __init__(self) -> None:
        self.samples = 0
        self.licenses: Counter[License] = Counter()
        self._uploads = self._by_reference = 0
        self._people: Counter[tuple[Value, ...]] = Counter()
        self._makers: Counter[tuple[str, str]] = Counter()
        self._credits: Counter[str] = Counter()

    def add(self, avatar: Avatar) -> None:
        said = avatar.attributes
        age = said.age_range if avatar.persona.age is None else avatar.persona.age
        self.samples += 1
        self._people[said.gender, age, said.ethnicity] += 1
        if not is_synthetic(avatar):
            self._uploads += 1
        self._by_reference += avatar.source_type is SourceType.FROM_REFERENCE
        if is_synthetic(avatar) and avatar.engine:
            self._makers[avatar.engine, avatar.model or ""] += 1
        self.licenses.update(set(avatar.licenses))
        if avatar.credit:
            self._credits[avatar.credit] += 1

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Count a line of another split, which says less than an avatar does."""
        said = {name: value for name, value in row.items() if isinstance(value, str | int)}
        age = said.get("age_range") if said.get("persona_age") is None else said["persona_age"]
        self.samples += 1
        self._people[said.get("gender"), age, said.get("ethnicity")] += 1
        is_made = said.get("synthetic") is True
        self._uploads += not is_made
        self._by_reference += said.get("source_type") == SourceType.FROM_REFERENCE
        if is_made and "engine" in said:
            self._makers[str(said["engine"]), str(said.get("model", ""))] += 1
        self.licenses.update(self._of_row(str(said.get("license", "")), said.get("commercial_use")))
        if "credit" in said:
            self._credits[str(said["credit"])] += 1

    def _of_row(self, said: str, use: object) -> Sequence[License]:
        """Return the licences of a row. Which of several unknown ones forbids a use, it does not say."""
        known = {each.name: each for each in self.licenses}
        names = [name for name in said.split("; ") if name]
        if use == "no" and not any(name in known and known[name].commercial_use == "no" for name in names):
            return [License(_OTHERS, said or None, commercial_use="no")]
        one: YesNo = "yes" if use == "yes" else "unknown"
        return [known.get(name) or License(_OTHERS, name, commercial_use=one) for name in names]

    @property
    def not_commercial(self) -> list[License]:
        """The licences that forbid commercial use."""
        return [license_ for license_ in self.licenses if license_.commercial_use == "no"]

    def markdown(self, title: str, files: Mapping[str, str]) -> str:
        """Return the text; ``files`` are those of each split, as a pattern."""
        return "\n".join((*self._head(title, files), "", *self._body(title)))

    def _head(self, title: str, files: Mapping[str, str]) -> Iterator[str]:
        """Yield the lines of the head: values are JSON, which is YAML, too."""
        data_files = [{"split": split, "path": path} for split, path in files.items()]
        head: dict[str, Any] = {
            "pretty_name": title,
            **self._license(),
            "task_categories": ["text-to-image", "image-classification"],
            "tags": list(_TAGS),
            "size_categories": [next((name for most, name in _SIZES if self.samples < most), _LARGEST)],
            "configs": [{"config_name": "default", "data_files": data_files}],
        }
        yield "---"
        yield from (f"{name}: {json.dumps(value)}" for name, value in head.items())
        yield "---"

    def _license(self) -> dict[str, str]:
        """Return the licence as the Hub knows it: of several works, it is in the text."""
        terms = {(each.name, each.url) for each in self.licenses if each.name != NOT_NEEDED.name}
        names = {name for name, _ in terms}
        if not names or self._uploads:
            return {"license": "unknown"}
        if len(names) > 1 or None in names:
            return {"license": "other"}
        name, url = min(terms, key=str)
        if name in _ON_HUB:
            return {"license": _ON_HUB[name]}
        said = {"license": "other", "license_name": re.sub(r"[^a-z0-9.]+", "-", str(name).lower()).strip("-")}
        return said | ({"license_link": url} if url and len(terms) == 1 else {})

    def _body(self, title: str) -> Iterator[str]:
        count = counted(self.samples, "picture")
        yield from (f"# {_escaped(title)}", "")
        yield f"{count} of personas, written by avatar {__version__}, with what was asked for and how each was made."
        yield from ("", *self._who(), "")
        yield from self._how()
        yield from self._balance()
        yield from self._works()

    def _who(self) -> Iterator[str]:
        """Say in sentences whether the people exist."""
        made = self.samples - self._uploads
        if made:
            yield f"{_of(made, self.samples)} made by programs, and `synthetic` is true for them."
        if made > self._by_reference:
            yield "People who were made of words alone do not exist; whoever is like them is so by chance."
        if self._by_reference:
            yield f"{_of(self._by_reference, self.samples)} made after a picture of somebody, who may be real."
        if self._uploads:
            yield f"{_of(self._uploads, self.samples)} uploaded: whether they show real people is not known here, and"
            yield "`synthetic` is null for them."

    def _how(self) -> Iterator[str]:
        if self._makers:
            yield from ("## How they were made", "", "| engine | model | pictures |", "| --- | --- | ---: |")
            for (engine, model), count in self._makers.most_common():
                yield f"| {_escaped(engine)} | {_escaped(model)} | {count:,} |"
            yield ""
            yield "Attributes are what was asked for; nobody has checked each picture against them."
            yield ""

    def _balance(self) -> Iterator[str]:
        coverage = self._coverage()
        yield from ("## Balance", "")
        for spread in coverage.axes:
            yield from _table(spread)
        yield from (f"- {_escaped(said)}" for said in coverage.emptiness())
        yield ""

    def _coverage(self) -> Coverage:
        def count(axes: Sequence[str]) -> Iterable[PeopleCount]:
            at = [_AXES.index(axis) for axis in axes]
            return [PeopleCount(tuple(values[i] for i in at), number) for values, number in self._people.items()]

        said = [axis for axis in _AXES if People([axis], count).saying((axis,))]
        people = People(said, count)
        return Coverage("", None, self.samples, "seen", (), tuple(cover(people, even_over_seen(people))))

    def _works(self) -> Iterator[str]:
        yield from ("## Licences and credits", "", "They are those of the works that pictures were made with.", "")
        for license_, count in self.licenses.most_common():
            yield f"- {_escaped(str(license_))}: {counted(count, 'picture')}"
        if not self.licenses:
            yield "- none recorded: read the terms of whoever made the pictures"
        for credit, count in self._credits.most_common():
            yield f"- {_escaped(credit)}: {counted(count, 'picture')}"
        if self.not_commercial:
            yield from ("", "**Not for commercial use**, as licences above say.")
        yield ""


def _table(spread: Spread) -> Iterator[str]:
    yield from (f"| {_escaped(spread.name)} | pictures | if even |", "| --- | ---: | ---: |")
    cells: Iterable[Cell] = (*spread.cells, *spread.others)
    yield from (f"| {_escaped(cell.values[0])} | {cell.got:,} | {cell.target:,.1f} |" for cell in cells)
    if spread.not_said:
        yield f"| (not said) | {spread.not_said:,} | |"
    yield ""


def _of(count: int, all_: int) -> str:
    said = "All" if count == all_ else f"{count:,} of {all_:,}"
    return f"{said} {'was' if count == 1 and all_ != 1 else 'were'}"


def _escaped(text: str) -> str:
    """Return a text as it is read in a line of Markdown, where a backslash makes any sign a plain one."""
    return _SYNTAX.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
