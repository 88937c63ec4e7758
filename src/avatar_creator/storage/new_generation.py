"""A generation that has no row yet."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avatar_creator.domain.records import Stage, Status
from avatar_creator.storage import ids
from avatar_creator.storage.writing import sentences


@dataclass(slots=True, eq=False, repr=False)  # defining those methods would take three times as long
class NewGeneration:
    """A generation that has no row yet. ``request`` is all that was asked for, as JSON.

    ``owner`` is the process that is to make it, None for any worker, to whom the rest matters: ``not_before`` is a
    time in UTC, ``after_id`` the generation that must be completed first, ``credential`` the fingerprint of what is to
    be paid with, ``on_done`` a command. ``recipe_hash`` and ``persona_id`` are those of a row of a batch; ``version``
    is that of the picture, among those of its avatar; ``again``: it was made before. One that is ``paid`` is expected
    to cost ``price_usd``, None where no price is known; ``unasked`` says that nobody has agreed to that. A copy is
    wanted at ``output_path``, below ``output_folder``; ``output_replace``: in place of a file that stands there. One
    that ``replaces`` gives an avatar that is there another picture, and nothing else. Where its engine fails those of
    ``fallback`` are asked: if it is empty the avatar stays as it is. One of a ``preset`` counts as its use.
    """

    project_id: str
    engine: str
    model: str
    seed: int
    request: Mapping[str, Any]
    provider: str | None = None
    priority: int = 0
    not_before: str | None = None
    after_id: str | None = None
    credential: str | None = None
    on_done: Sequence[str] | None = None
    owner: str | None = None
    batch_id: str | None = None
    not_shown: Sequence[str] = ()
    recipe_hash: str | None = None
    persona_id: str | None = None
    version: int = 1
    again: bool = False
    paid: bool = False
    price_usd: float | None = None
    unasked: bool = False
    output_path: str | None = None
    output_folder: str | None = None
    output_replace: bool = False
    replaces: bool = False
    fallback: Sequence[Mapping[str, Any]] | None = None
    preset: str | None = None
    id: str = field(default_factory=lambda: ids.new_id(ids.GENERATION))
    avatar_id: str = field(default_factory=lambda: ids.new_id(ids.AVATAR))

    def give_to(self, entry: Mapping[str, Any]) -> None:
        """Have another engine make it: that of an entry of a `fallback` (shared_rows.py)."""
        columns = dict(entry)
        self.request = {**self.request, **columns.pop("request")}
        for name in columns.keys() & set(self.__slots__):
            setattr(self, name, columns[name])
        self.credential = None if self.owner else self.credential

    def values(self, at: str) -> dict[str, Any]:
        """Return the row, column by column, as added at the time ``at``. Each field is a column."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "status": Status.PENDING.value,
            "stage": Stage.QUEUED.value,
            "progress": 0,
            "attempt": 0,
            "request": json.dumps(self.request, ensure_ascii=False, sort_keys=True),
            "fallback": None if self.fallback is None else json.dumps(list(self.fallback)),
            "on_done": None if self.on_done is None else json.dumps(list(self.on_done)),
            "not_shown": sentences(self.not_shown),
            "reserved": self.paid,
            "created_at": at,
            "updated_at": at,
        }
