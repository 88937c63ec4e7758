"""What checks of pictures found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.widgets import row, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.check import Reject
    from avatar_creator.library.checks import Checked


def checked_line(checked: "Checked") -> Sequence[object]:
    return checked.id, checked.avatar.name, checked.words, _why(checked)


def checked_table(failed: Sequence["Checked"]) -> "RenderableType":
    if not failed:
        return text("Nothing is wrong.", "dim")
    rows = table("id", "name", "fails", "why")
    for each in failed:
        row(rows, each.id, each.avatar.name, text(each.words, "red"), _why(each))
    return rows


def reject_line(reject: "Reject") -> Sequence[object]:
    return reject.id, reject.name, ",".join(f.word for f in reject.faults), reject.seed, reject.image_path, _why(reject)


def reject_table(rejects: Sequence["Reject"]) -> "RenderableType":
    if not rejects:
        return text("None.", "dim")
    rows = table("id", "name", "failed", ">seed", "why", "picture")
    for each in rejects:
        words = text(",".join(fault.word for fault in each.faults), "red")
        row(rows, each.id, each.name, words, each.seed, _why(each), each.image_path)
    return rows


def _why(checked: "Checked | Reject") -> str:
    return " ".join(fault.said for fault in checked.faults)
