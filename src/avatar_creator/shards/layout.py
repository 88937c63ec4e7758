"""How a plan and what was made of it stand on disk.

A plan is a folder that is copied to wherever pictures are made:

    plan.json                  what is planned, and the SHA-256 of each shard
    shards/00000.jsonl         the pictures of a shard, a JSON object a line
    done/00000.tar             what was made of it, unless another folder is said for that

What was made of a shard is an export of all its avatars, with two files more:

    library/shard.json         of which plan and shard it is, how many pictures are in it, and the SHA-256 of its lists
    library/failed.jsonl       pictures that could not be made, a JSON object a line
"""

from avatar_creator.archives.layout import FOLDER

FORMAT, SHARD_FORMAT = "avatar-plan", "avatar-shard"
VERSION = 1  # of this layout
PLAN = "plan.json"
PLAN_BYTES_MOST = 16 * 2**20  # of ten thousand shards
SHARDS, DONE = "shards", "done"
SHARD, FAILED = f"{FOLDER}/shard.json", f"{FOLDER}/failed.jsonl"
SHARDS_MOST = 10_000
LINE_BYTES_MOST = 2**20  # of a row with the longest texts


def shard_name(number: int) -> str:
    """Return what the files of a shard are called; shards are counted from 0."""
    return f"{number:05}"
