"""How casts are shown: how many people of each kind there are to be, and the first of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.cli.render.widgets import row, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.jobs.batch.plan import BatchPlan
    from avatar_creator.library.casts import Margin

_DRAWN = 40  # margins in a table


class CastPlan(NamedTuple):
    """What a cast would be."""

    plan: "BatchPlan"
    seed: int
    people: int
    margins: "Sequence[Margin]"

    def as_json(self) -> dict[str, Any]:
        return {
            **self.plan.as_json(),
            "seed": self.seed,
            "people": self.people,
            "margins": [each._asdict() for each in self.margins],
        }


def margins_table(margins: "Sequence[Margin]") -> "RenderableType":
    rows = table("balanced by", "value", ">target", ">people")
    axis = None
    for margin in margins[:_DRAWN]:
        row(rows, "" if margin.axis == axis else margin.axis, margin.value, f"{margin.target:,.1f}", margin.people)
        axis = margin.axis
    if len(margins) > _DRAWN:
        row(rows, "", f"and {len(margins) - _DRAWN:,} more", "", "")
    return rows
