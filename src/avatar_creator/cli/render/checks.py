"""What checks of pictures found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.widgets import row, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.library.checks import Checked


def checked_line(checked: "Checked") -> Sequence[object]:
    return checked.id, checked.avatar.name, checked.words, " ".join(fault.said for fault in checked.faults)


def checked_table(failed: Sequence["Checked"]) -> "RenderableType":
    if not failed:
        return text("Nothing is wrong.", "dim")
    rows = table("id", "name", "fails", "why")
    for each in failed:
        row(rows, each.id, each.avatar.name, text(each.words, "red"), " ".join(fault.said for fault in each.faults))
    return rows
