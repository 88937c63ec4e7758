"""Pictures that look alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.widgets import row, short, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.twins import Twin


def twin_line(twin: "Twin") -> Sequence[object]:
    return twin.group, twin.id, twin.avatar.name, _distance(twin), twin.avatar.project_name


def twin_table(twins: Sequence["Twin"]) -> "RenderableType":
    if not twins:
        return text("")
    rows = table("group", "id", "name", ">bits", "project")
    for before, twin in zip((None, *twins), twins, strict=False):
        if before is not None and before.group != twin.group:
            rows.add_section()
        is_first = before is None or before.group != twin.group
        name, project = short(twin.avatar.name), short(twin.avatar.project_name)
        row(rows, twin.group if is_first else None, twin.id, name, _distance(twin), project)
    return rows


def _distance(twin: "Twin") -> object:
    """Return in how many bits it differs from the first of its group; a word where no bit of its file does."""
    return None if twin.is_first else "same file" if twin.is_same_file else twin.distance
