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

from avatar_creator.domain.text import shown
from avatar_creator.engines.table import draws
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.exchange import Row
from avatar_creator.storage.pictures import containers, pixels, provenance


def measured(row: Row, picture: bytes, thumbnail: bytes, name: str, *, is_hashed: bool = True) -> Row:
    """Return the row of an avatar, or of a version of one, with what its two files say.

    A hash that it does not have is not made: whoever looks for twins does that. Without ``is_hashed`` the one that it
    has is believed. Raises InvalidInput for what is no picture, which is called ``name``.
    """
    try:
        metadata = containers.read(picture)
        small = containers.read(thumbnail)
    except StorageError as error:
        raise InvalidInput(f"{shown(name)} is no picture.", hint="Export it once more.") from error
    record: dict[str, Any] = json.loads(row["record"]) if "record" in row else dict(row)
    width, height = provenance.displayed_sides(metadata)
    record |= {"format": metadata.format.value, "width_px": width, "height_px": height}
    if is_hashed and record.get("perceptual_hash") is not None:
        hashed = (thumbnail, small) if draws(record.get("engine")) else (picture, metadata)
        record["perceptual_hash"] = pixels.perceptual_hash(*hashed)
    measured_row = {**row, "record": json.dumps(record, ensure_ascii=False)} if "record" in row else record
    return {**measured_row, "bytes": len(picture), "thumbnail_bytes": len(thumbnail)}
