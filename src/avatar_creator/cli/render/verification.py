"""What is found of pictures that are verified."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.widgets import row, short, table, text
from avatar_creator.domain.verification import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.verification import Verified
    from avatar_creator.exports.checking import CheckedFile


def verified_line(verified: "Verified") -> Sequence[object]:
    avatar = verified.avatar
    return verified.id, avatar.version, verified.verdict.value, avatar.name, verified.said


def checked_line(checked: "CheckedFile") -> Sequence[object]:
    return checked.file, checked.verdict.value, checked.said


def checked_table(troubled: Sequence["CheckedFile"]) -> "RenderableType":
    """Return those with which something is wrong."""
    if not troubled:
        return text("No file is damaged or missing.", "dim")
    rows = table("file", "result", "why")
    for column in rows.columns:
        column.overflow = "fold"
    for each in troubled:
        row(rows, each.file, text(each.verdict.value, "red"), each.said)
    return rows


def verified_table(troubled: Sequence["Verified"]) -> "RenderableType":
    """Return those with which something is wrong."""
    if not troubled:
        return text("No picture is damaged, missing or drawn otherwise.", "dim")
    rows = table("id", "name", "result", "why")
    rows.columns[3].overflow = "fold"
    for each in troubled:
        avatar = each.avatar
        name = short(avatar.name if each.is_current else f"{avatar.name}, version {avatar.version}")
        style = "yellow" if each.verdict is Verdict.DIFFERS else "red"
        row(rows, each.id, name, text(each.verdict.value, style), each.said)
    return rows
