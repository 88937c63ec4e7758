"""Avatars in figures: who used them, and how many there are.

Named tuples, as the records are: seven dataclasses would take a tenth of a `stats` to define.
"""

from typing import Any, NamedTuple, Self

from avatar_creator.domain.records import Status
from avatar_creator.domain.spending import NOTHING_SPENT, SpendingReport
from avatar_creator.domain.text import clean_line

USAGE_LONGEST = 200


class Use(NamedTuple):
    """What an app uses an avatar for."""

    app: str
    action: str
    reference: str | None = None

    def cleaned(self) -> Self:
        """Return it as it is stored. Raises InvalidInput."""
        given = {name: value for name, value in self._asdict().items() if value is not None}
        return self._replace(**{name: clean_line(name, value, longest=USAGE_LONGEST) for name, value in given.items()})


class UsageEvent(NamedTuple):
    """One use of an avatar by an app."""

    id: str
    avatar_id: str
    app: str
    action: str
    reference: str | None
    created_at: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class AppUsage(NamedTuple):
    """How often one app used an avatar."""

    app: str
    count: int  # type: ignore[assignment]  # in place of the method of tuples
    last_used_at: str


class Usage(NamedTuple):
    """An avatar's events, newest first, and a summary of all of them per app."""

    avatar_id: str
    events: tuple[UsageEvent, ...]
    summary: tuple[AppUsage, ...]

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {
            "events": [event._asdict() for event in self.events],
            "summary": [usage._asdict() for usage in self.summary],
        }


class UsedAvatar(NamedTuple):
    """An avatar among the most used."""

    id: str
    name: str
    usage_count: int


class GenerationCount(NamedTuple):
    """How many generations of one engine have one status."""

    status: Status
    engine: str
    count: int  # type: ignore[assignment]  # in place of the method of tuples


class Charged(NamedTuple):
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


class Stats(NamedTuple):
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
        lists = {name: getattr(self, name) for name in ("generations", "charged", "most_used")}
        return (
            self._asdict()
            | {name: [each._asdict() for each in found] for name, found in lists.items()}
            | {"spending": self.spending.as_json()}
        )
