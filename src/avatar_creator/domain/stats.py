"""Avatars in figures: who used them, and how many there are."""

from dataclasses import asdict, dataclass
from typing import Any

from avatar_creator.domain.records import Status
from avatar_creator.domain.spending import NOTHING_SPENT, SpendingReport


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """One use of an avatar by an app."""

    id: str
    avatar_id: str
    app: str
    action: str
    reference: str | None
    created_at: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AppUsage:
    """How often one app used an avatar."""

    app: str
    count: int
    last_used_at: str


@dataclass(frozen=True, slots=True)
class Usage:
    """An avatar's events, newest first, and a summary of all of them per app."""

    avatar_id: str
    events: tuple[UsageEvent, ...]
    summary: tuple[AppUsage, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UsedAvatar:
    """An avatar among the most used."""

    id: str
    name: str
    usage_count: int


@dataclass(frozen=True, slots=True)
class GenerationCount:
    """How many generations of one engine have one status."""

    status: Status
    engine: str
    count: int


@dataclass(frozen=True, slots=True)
class Charged:
    """How many pictures of one model a provider made and charges for; ``rerolled`` of them in place of useless ones.

    What they cost; of ``unpriced`` of them that is not known.
    """

    engine: str
    provider: str
    model: str
    pictures: int
    rerolled: int
    usd: float | None = None
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Stats:
    """The library, or one project of it, in figures. ``recent`` counts today and the six days before (UTC).

    ``charged`` counts every picture that was paid, those that were lost or deleted too.
    """

    project_id: str | None
    avatars: int
    projects: int
    generations: tuple[GenerationCount, ...]
    charged: tuple[Charged, ...]
    recent: int
    usage: int
    average_usage: float
    most_used: tuple[UsedAvatar, ...]
    picture_bytes: int
    database_bytes: int
    spending: SpendingReport = NOTHING_SPENT

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        return values | {"spending": self.spending.as_json()}
