"""How a plan and what was made of it stand on disk.

A plan is a folder that is copied to wherever pictures are made:

    plan.json                  what is planned, and the SHA-256 of each shard
    shards/00000.jsonl         the pictures of a shard, a JSON object a line
    done/00000.tar             what was made of it, unless another folder is said for that

What was made of a shard is an export of all its avatars, with three files more:

    library/shard.json         the first file: of which plan it is, and which of its shards
    library/failed.jsonl       pictures that could not be made, a JSON object a line
    library/result.json        the last file: how many there are of both, and the SHA-256 of their lists
"""

from collections.abc import Sequence
from typing import NamedTuple

from avatar_creator.archives.layout import FOLDER

FORMAT, SHARD_FORMAT = "avatar-plan", "avatar-shard"
VERSION = 1  # of this layout
PLAN = "plan.json"
PLAN_BYTES_MOST = 16 * 2**20  # of ten thousand shards
SHARDS, DONE = "shards", "done"
SHARD, FAILED, RESULT = f"{FOLDER}/shard.json", f"{FOLDER}/failed.jsonl", f"{FOLDER}/result.json"
PICTURES = "pictures"
SHARDS_MOST = 10_000
LINE_BYTES_MOST = 2**20  # of a row with the longest texts


def array_of(numbers: Sequence[int]) -> str:
    """Return numbers, which are sorted, as arrays of jobs are said: 3,7,12-14."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def shard_name(number: int) -> str:
    """Return what the files of a shard are called; shards are counted from 0."""
    return f"{number:05}"


class ShardHead(NamedTuple):
    """Which shard of how many, and of which plan, by the SHA-256 of its plan.json; with so many pictures."""

    plan: str
    shard: int
    shards: int
    pictures: int
    program: str


class ShardResult(NamedTuple):
    """How many pictures were made, and how many failed; the SHA-256 of the lists of both."""

    made: int
    failed: int
    records_sha256: str
    failed_sha256: str


class FailedPicture(NamedTuple):
    """A picture that could not be made, and why. ``n`` is which of its row's it is."""

    row: int
    n: int
    recipe: str
    name: str | None
    persona_id: str | None
    code: str
    message: str
