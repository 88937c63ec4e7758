"""A batch: rows that were opened, and what is to be made of them."""

from collections.abc import Callable
from dataclasses import dataclass

from avatar_creator.domain.persona_row import PersonaRows
from avatar_creator.domain.picture import SEED_LEAST
from avatar_creator.jobs.batch.manifest import Manifest
from avatar_creator.jobs.batch.outputs import BatchOutputs
from avatar_creator.jobs.batch.plan import BatchPlan
from avatar_creator.jobs.batch.states import Policy
from avatar_creator.library.request_builder import RequestBuilder
from avatar_creator.library.row_presets import RowPresets


@dataclass(slots=True, eq=False)
class Batch:
    """Rows, and what is to be made of them. ``plan`` is there once they were read.

    ``begin`` is called once, before anything is made. ``unasked``: nobody has agreed to pay for its pictures.
    """

    people: PersonaRows
    builder: RequestBuilder
    presets: RowPresets
    policy: Policy
    seed: int = SEED_LEAST
    keep_duplicates: bool = False
    manifest: Manifest | None = None
    noun: str = "Row"  # what its rows are called
    beside: str = "--project NAME"  # what makes them beside avatars of the same ids
    begin: Callable[[], None] = lambda: None
    plan: BatchPlan | None = None
    outputs: BatchOutputs | None = None
    unasked: bool = False

    @property
    def columns(self) -> dict[str, str | None]:
        """The columns of its rows, each with the field that it alone is used for."""
        return {column: self.people.field_of(column) for column in self.people.columns}
