"""plan.json: what is planned, for whom shards are made, and by which a shard knows that it is of this plan."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from avatar_creator._version import __version__
from avatar_creator.decoding.reading import read_regular
from avatar_creator.documents.json_values import BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.domain.text import counted, shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.shards.layout import FORMAT, PLAN, PLAN_BYTES_MOST, SHARDS, SHARDS_MOST, VERSION, shard_name

_BLOCK = 2**20
_ANEW = "Copy the plan once more, or make it anew: avatar batch plan"


class Shard(NamedTuple):
    """How many pictures are in a shard, and the SHA-256 of its file."""

    pictures: int
    sha256: str


class Source(NamedTuple):
    """The persona file of a plan: its name, and the SHA-256 of its content."""

    name: str
    sha256: str


class ShardPlan(NamedTuple):
    """What plan.json says.

    ``settings`` are those that decide pictures, as they were where it was planned, ``choices`` what is said for all
    rows. ``projects`` are the names of those that the pictures go into, ``engines`` say how many pictures each makes.
    ``cost`` is what they cost, if they are paid for. ``program`` is the version of avatar that planned.
    """

    source: Source
    settings: Mapping[str, Any]
    choices: Mapping[str, Any]
    projects: Sequence[str]
    engines: Mapping[str, int]
    rows: int
    cost: Mapping[str, Any] | None
    shards: Sequence[Shard] = ()
    program: str = __version__

    @property
    def pictures(self) -> int:
        return sum(each.pictures for each in self.shards)

    @property
    def sha256(self) -> str:
        """What another plan has not: that of the file."""
        return hashlib.sha256(self.as_bytes()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "program": self.program,
            "source": self.source._asdict(),
            "rows": self.rows,
            "pictures": self.pictures,
            "engines": dict(self.engines),
            "cost": self.cost,
            "projects": list(self.projects),
            "choices": dict(self.choices),
            "settings": dict(self.settings),
            "shards": [each._asdict() for each in self.shards],
        }

    def as_bytes(self) -> bytes:
        """Return the file: people read it, and each shard has a line of its own."""
        *head, shards = self.as_json().items()
        lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n" for name, value in head]
        listed = ",\n".join(f"    {json.dumps(each)}" for each in shards[1])
        return f'{{\n{"".join(lines)}  "shards": [\n{listed}\n  ]\n}}\n'.encode()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError and ValueError for what is none."""
        shards = [Shard(each["pictures"], each["sha256"]) for each in values["shards"]]
        if not all(type(each.pictures) is int and isinstance(each.sha256, str) for each in shards):
            raise TypeError("a shard of it is none")
        if not 0 < len(shards) <= SHARDS_MOST:
            raise ValueError(f"it has {len(shards)} shards")
        source, settings = values["source"], dict(values["settings"])
        dict(settings.get("options", {}))
        return cls(
            Source(str(source["name"]), str(source["sha256"])),
            settings,
            dict(values["choices"]),
            [str(each) for each in values["projects"]],
            dict(values["engines"]),
            int(values["rows"]),
            values["cost"],
            shards,
            str(values["program"]),
        )


class OpenedPlan(NamedTuple):
    """A plan that was read from a folder; ``sha256`` is that of its file as it is there."""

    folder: Path
    file: ShardPlan
    sha256: str

    def shard(self, number: int) -> Path:
        """Return the file of a shard. Raises InvalidInput for a number that none has, or a file that was changed."""
        count = len(self.file.shards)
        if not 0 <= number < count:
            advice = f"Shards are counted from 0: {f'0 to {count - 1}' if count > 1 else 'there is only 0'}."
            if number == count:
                advice += f" For an array that begins at 1: --array=0-{count - 1}"
            raise InvalidInput(f"shard is {number}, and the plan has {counted(count, 'shard')}.", hint=advice)
        path = self.folder / SHARDS / f"{shard_name(number)}.jsonl"
        said, hint = f"'{visible(str(path))}'", f"Copy the plan once more, or merge what is made and {self.anew}"
        try:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InvalidInput(f"{said} cannot be read: {error.strerror}.", hint=hint) from error
        if sha256 != self.file.shards[number].sha256:
            raise InvalidInput(f"{said} is not as it was planned: its SHA-256 is another than {PLAN} says.", hint=hint)
        return path

    @property
    def anew(self) -> str:
        """What else can be done: of the same file and options come the same recipes, less those that are here."""
        return f"plan the rest anew, in that home: avatar batch plan {visible(self.file.source.name)}, as before."

    def lost(self, numbers: Iterable[int]) -> list[int]:
        """Return those of the shards whose files are not there as they were planned: nobody can make them."""
        lost = []
        for number in numbers:
            try:
                self.shard(number)
            except InvalidInput:
                lost.append(number)
        return lost


def read_plan(path: Path) -> OpenedPlan:
    """Return the plan in a folder. Raises InvalidInput where there is none, or one of another version."""
    folder = path.parent if path.name == PLAN else path
    said = f"'{visible(str(path))}'"
    try:
        data = read_regular(folder / PLAN, PLAN_BYTES_MOST)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InvalidInput(f"{said} is no plan: there is no file {PLAN}.", hint=_MAKE) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"{said} cannot be read: {reason}.", hint="Check its name and permissions.") from error
    values = _values(data, said)
    if values.get("format") != FORMAT:
        raise InvalidInput(f"{said} is no plan of avatar.", hint=_MAKE)
    if values.get("version") != VERSION:
        raise _of_another_version(said, values.get("program"))
    try:
        plan = ShardPlan.from_json(values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(f"{said} is no plan that avatar wrote: {visible(str(error))}.", hint=_ANEW) from error
    if plan.program != __version__:
        raise _of_another_version(said, plan.program)
    return OpenedPlan(folder, plan, hashlib.sha256(data).hexdigest())


_MAKE = "Make one: avatar batch plan people.csv --shards 100 -o plan"


def _values(data: bytes, said: str) -> Mapping[str, Any]:
    try:
        value, _ = JsonReader("object").value(1, data.decode()) if len(data) <= PLAN_BYTES_MOST else (None, 0)
    except (BrokenJson, UnicodeDecodeError) as error:
        raise InvalidInput(f"{said}: {PLAN} {error}.", hint=_ANEW) from error
    if not isinstance(value, dict) or isinstance(value, TooMuch):
        raise InvalidInput(f"{said}: {PLAN} holds no plan.", hint=_ANEW)
    return value


def _of_another_version(said: str, program: object) -> InvalidInput:
    """Prompts and drawings may differ between versions: parts of one plan would not be of one cast."""
    return InvalidInput(
        f"{said} was made by avatar {shown(program)}, and this is {__version__}: pictures may differ.",
        hint=f"Use one version everywhere: pip install avatar-creator=={visible(str(program))}; or make the plan anew.",
    )
