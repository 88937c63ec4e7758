"""What must hold once the same command was run again after a power cut: it goes on, and all is there."""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from avatar_creator.archives.layout import RECORDS
from avatar_creator.archives.reading import open_archive
from avatar_creator.cli.main import main
from avatar_creator.engines import ENGINES
from avatar_creator.errors import AvatarError
from avatar_creator.home import Home
from avatar_creator.shards.reading import read_result
from avatar_creator.storage.database import connect

from .checks import Found, Promised, Ran, intact, pictured
from .paid import CALLED, SAFE, install

PEOPLE = 3
WORK = "plan/done/.work/*"  # where the home of a shard is
_DONE = re.compile(r"\bis in .*\.tar\.$", re.MULTILINE)


class After(NamedTuple):
    """What is run again after a cut, and what must be there then: pictures in the home, or in a shard's file."""

    command: tuple[str, ...]
    home: int | None = None
    shard: bool = False


def again(after: After, root: Path, home: Path, ran: Sequence[Ran], *, paid: bool) -> Iterator[str]:
    """Run the command in what was left below ``root``; yield what is wrong before or then."""
    done = root / "plan" / "done"
    if after.shard and any(_DONE.search(each.said) for each in ran):
        yield from (f"was said to be made: {wrong}" for wrong in _wrong_with(done / "00000.tar"))
    command = [word.replace("{root}", str(root)) for word in after.command]
    if command[1] == "plan" and (root / "plan" / "plan.json").exists():  # whole or not, it may have been handed on
        command.append("--force")
    code, said = _run(command, home, paid=paid)
    if code != 0:
        yield f"{' '.join(after.command)} ends with {code}: {said}"
        return
    answered = {seed for each in ran for seed in re.findall(rf"{SAFE} (\d+)\.", each.said)}
    yield from (f"{seed} is paid again" for seed in re.findall(rf"{CALLED} (\d+)\.", said) if seed in answered)
    if after.shard:
        yield from _wrong_with(done / "00000.tar")
        left = {each.name for each in done.rglob("*")} - {"00000.tar", ".work"}
        yield from (f"{name} is left beside it" for name in sorted(left))
    if after.home is not None:
        yield from _wrong_in(Home(home), after.home)


def is_whole(tar: Path) -> bool:
    return not list(_wrong_with(tar))


def _run(argv: Sequence[str], home: Path, *, paid: bool) -> tuple[int, str]:
    said = io.StringIO()
    with _environment(home), _engines(paid=paid), redirect_stdout(said), redirect_stderr(said):
        return main(argv), said.getvalue()


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(AVATAR_HOME=str(home), AVATAR_WORKER_IDLE_S="0")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _engines(*, paid: bool) -> Iterator[None]:
    before: Mapping[str, object] = dict(ENGINES)
    if paid:
        install()
    try:
        yield
    finally:
        ENGINES.update(before)  # type: ignore[arg-type]


def _wrong_with(path: Path) -> Iterator[str]:
    """Hold what is in a shard's file against what it says of itself."""
    try:
        with open_archive(path) as archive:
            read_result(archive)
        with tarfile.open(path) as tar:
            contents = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]
    except (AvatarError, OSError, tarfile.TarError) as error:
        yield f"{path.name} is not whole: {error}"
        return
    lines = [json.loads(line) for line in contents[RECORDS].splitlines()]
    files = [line["files"][0] for line in lines if line["kind"] == "avatar"]
    if len(files) != PEOPLE:
        yield f"{path.name} has {len(files)} pictures"
    for each in files:
        for name in ("picture", "thumbnail"):
            if hashlib.sha256(contents[each[name]]).hexdigest() != each[f"{name}_sha256"]:
                yield f"{path.name} has another {name} than was made: {each[name]}"


def _wrong_in(home: Home, pictures: int) -> Iterator[str]:
    with closing(connect(home.database, home.backups)) as database:
        found = Found(home, database, Promised())
        yield from intact(found)
        yield from pictured(found)
        avatars = found.ids("SELECT id FROM avatars")
        if len(avatars) != pictures:
            yield f"{len(avatars)} of {pictures} avatars are here"
