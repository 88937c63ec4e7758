"""What can be told from a picture itself is measured here, whatever an archive says of it.

Measured are the format, the sides, the bytes and the perceptual hash; uses are counted when they are added. They decide
how a picture is shown, and whom it is a twin of: a stranger could have every other picture called one.

Believed is what no file says: whom it shows, how and when it was made, who is to be credited, tags and uses. So are
hashes that are no measure of the picture. `sha256` is that of the picture as it was saved: `avatar verify` compares it
with the file, and one that was changed since then is to be found. `original_sha256`, `recipe_hash` and `details_hash`
are of an upload and of requests that are in no archive: a wrong one has an upload, or a row of a batch, taken for this
avatar.

Of what was made of a shard the perceptual hash is believed, too: it is most of the work of a merge. Who could write a
wrong one could as well have made a picture that has it.
"""

import json
from typing import Any

from avatar_creator.engines.table import draws
from avatar_creator.imports.placing.measures import PICTURE, THUMBNAIL, Measures
from avatar_creator.storage.exchange import Row


def hashed_file(row: Row) -> str | None:
    """Return of which file of a picture its perceptual hash is, None where it has none.

    That is not made: whoever looks for twins does it.
    """
    record = _record(row)
    if record.get("perceptual_hash") is None:
        return None
    return THUMBNAIL if draws(record.get("engine")) else PICTURE


def measured(row: Row, measures: Measures, *, is_hashed: bool) -> dict[str, Any]:
    """Return the row of an avatar, or of a version of one, with what its two files say.

    Unless it ``is_hashed``, the perceptual hash that it has is believed.
    """
    record = _record(row) | {name: getattr(measures, name) for name in ("format", "width_px", "height_px")}
    if is_hashed:
        record["perceptual_hash"] = measures.perceptual_hash
    measured_row = {**row, "record": json.dumps(record, ensure_ascii=False)} if "record" in row else record
    return {**measured_row, "bytes": measures.bytes, "thumbnail_bytes": measures.thumbnail_bytes}


def _record(row: Row) -> dict[str, Any]:
    return json.loads(row["record"]) if "record" in row else dict(row)
