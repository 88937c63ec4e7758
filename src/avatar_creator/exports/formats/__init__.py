"""Formats of manifests, one file a kind: data of strangers stays data in each."""

from collections.abc import Mapping

from avatar_creator.exports.formats import page, sql, tables, typescript
from avatar_creator.exports.formats.format import Format

FORMATS: Mapping[str, Format] = {
    "csv": tables.CSV,
    "json": tables.JSON,
    "jsonl": tables.JSON_LINES,
    "html": page.HTML,
    "sql": sql.SQL,
    "ts": typescript.TYPESCRIPT,
}
