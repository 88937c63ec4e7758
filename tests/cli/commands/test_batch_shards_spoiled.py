"""What was spoiled of a plan and its shards is named, with exit code 2 or 5, whatever it became."""

import json
import shutil
import tarfile
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from avatar_creator.archives.layout import RECORDS
from avatar_creator.shards.layout import FAILED, PLAN, RESULT, SHARD
from cli.commandline import SMALL, Avatar

pytestmark = pytest.mark.slow
ROUNDS = 12
_VALUES: tuple[Any, ...] = (
    *(10**30, -1, 0, 2**63, 1e308, True, None, "", "x" * 10_000, "\ud800", "\0", "\u202e", "a\nb", "../../etc/passwd"),
    *([], {}, [[]], [None], {"a": 1}, "NaN", "av_0000000000000", "2099-01-01T00:00:00Z"),
)


@pytest.fixture
def plan(avatar: Avatar, tmp_path: Path) -> Path:
    file, folder = tmp_path / "people.csv", tmp_path / "plan"
    file.write_text("id,name,background\na,Ann,Born in Zürich\nb,Bob,\n", encoding="utf-8")
    avatar("batch", "plan", file, "--shards", 1, "-o", folder, "--engine", "offline", *SMALL)
    avatar("batch", "run", folder, "--shard", 0)
    return folder


def with_another_value(value: Any, chance: Random) -> Any:
    """Return JSON in which one value, at any depth, is gone or another."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.2:
        return chance.choice(_VALUES)
    key: Any = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[key] = with_another_value(value[key], chance)
    if chance.random() < 0.1:
        del changed[key]
    return changed


def as_text(value: Any, chance: Random) -> bytes:
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    text = chance.choice(
        [text] * 7 + ["[" * 100_000 + text, text + text, '{"a":' * 3000, text.replace("1", "1" * 5000)]
    )
    return text.encode("utf-8", "surrogatepass")


def with_a_spoiled_line(data: bytes, chance: Random) -> bytes:
    lines = data.splitlines() or [b"{}"]
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines.insert(at, lines[at])
        case 1:
            lines[at] = spoiled(lines[at], chance)
        case 2:
            del lines[at]
        case _:
            lines[at] = as_text(with_another_value(json.loads(lines[at]), chance), chance)
    return b"\n".join([*lines, b""])


def spoiled(data: bytes, chance: Random) -> bytes:
    """Return bytes of which some are others, twice there, or gone."""
    changed, at = bytearray(data), chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            changed[at:at] = changed[max(0, at - 700) : at]
        case 1:
            del changed[at:]
        case _:
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(len(changed))] = chance.choice([0, 255, 48, 57, chance.randrange(256)])
    return bytes(changed)


def spoil_plan(plan: Path, chance: Random) -> None:
    path = plan / PLAN
    path.write_bytes(as_text(with_another_value(json.loads(path.read_bytes()), chance), chance))
    shutil.rmtree(plan / "done")


def spoil_list(plan: Path, chance: Random) -> None:
    """Spoil what is to be made, as if it had been planned so."""
    path = plan / "shards" / "00000.jsonl"
    path.write_bytes(with_a_spoiled_line(path.read_bytes(), chance))
    values = json.loads((plan / PLAN).read_bytes())
    values["shards"][0]["sha256"] = sha256(path.read_bytes()).hexdigest()
    (plan / PLAN).write_text(json.dumps(values), encoding="utf-8")
    shutil.rmtree(plan / "done")


def spoil_tar(plan: Path, chance: Random) -> None:
    path = plan / "done" / "00000.tar"
    path.write_bytes(spoiled(path.read_bytes(), chance))


def spoil_member(plan: Path, chance: Random) -> None:
    """Spoil what a shard says of itself, as if it had been written so."""
    path = plan / "done" / "00000.tar"
    with tarfile.open(path) as tar:
        contents = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]
    name = chance.choice([RECORDS, RECORDS, RECORDS, FAILED, SHARD, RESULT])
    contents[name] = with_a_spoiled_line(contents[name], chance)
    if name != RESULT:
        sums = {"records_sha256": sha256(contents[RECORDS]), "failed_sha256": sha256(contents[FAILED])}
        values = json.loads(contents[RESULT]) | {each: sum_.hexdigest() for each, sum_ in sums.items()}
        contents[RESULT] = json.dumps(values).encode()
    with tarfile.open(path, "w") as tar:
        for each, data in contents.items():
            entry = tarfile.TarInfo(each)
            entry.size = len(data)
            tar.addfile(entry, BytesIO(data))


@pytest.mark.parametrize("spoil", [spoil_plan, spoil_list, spoil_tar, spoil_member])
def test_whatever_is_spoiled_is_named(
    avatar: Avatar, plan: Path, tmp_path: Path, spoil: Callable[[Path, Random], None]
) -> None:
    for seed in range(ROUNDS):
        copy = shutil.copytree(plan, tmp_path / str(seed))
        spoil(copy, Random(seed))
        for command in (("batch", "run", copy, "--shard", 0), ("batch", "merge", copy), ("batch", "status", copy)):
            run = avatar(*command, code={0, 2, 5})
            assert run.code == 0 or "Error: " in run.err, (seed, run)
            assert "Errno" not in run.err, (seed, run)
        shutil.rmtree(copy)


def test_options_that_are_none_are_no_plan(avatar: Avatar, plan: Path) -> None:
    values = json.loads((plan / PLAN).read_bytes())
    values["settings"]["options"] = "large"
    (plan / PLAN).write_text(json.dumps(values), encoding="utf-8")
    assert "is no plan that avatar wrote" in avatar.refused("batch", "run", plan, "--shard", 0)
