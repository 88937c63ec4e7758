"""The right to write what becomes of a generation, and what is known of it when it is claimed."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Lease(NamedTuple):
    """A generation that a process makes, as it was when it was claimed.

    ``avatar_id`` is the one its avatar has or will have, and ``version`` that of its picture. ``fence`` counts its
    claims, this one included, ``interruptions`` the processes that were killed over it. ``owner`` is the process of an
    inline run, None for any worker's. One that ``replaces`` is for an avatar that is there, and for no other.
    ``rejected`` counts its pictures that failed their check.
    ``fallback`` is JSON: what makes it if its engine cannot; of an empty list the picture that its avatar has stays.
    """

    id: str
    avatar_id: str
    project_id: str
    engine: str
    seed: int
    runner: str
    fence: int
    attempt: int
    pictures: int = 0
    owner: str | None = None
    interruptions: int = 0
    stop_asked: bool = False
    version: int = 1
    replaces: bool = False
    fallback: str | None = None
    rejected: int = 0

    @property
    def has_stand_in(self) -> bool:
        """Whether its avatar has a picture already that stands where its engine fails."""
        return self.fallback == "[]"

    @property
    def file_name(self) -> str:
        """The name of its files, which no other version of the avatar has.

        Whoever has lost a generation never overwrites the files of its next holder.
        """
        version = "" if self.version == 1 else f"-v{self.version}"
        fence = "" if self.fence == 1 else f"-{self.fence}"
        return f"{self.avatar_id}{version}{fence}"


LEASE_COLUMNS = ", ".join(Lease._fields)


class Claimed(NamedTuple):
    """A lease, and the request as its row has it."""

    lease: Lease
    request: Mapping[str, Any]


class Charge(NamedTuple):
    """One picture that a provider made and charges for; ``rerolled``: in place of a useless one."""

    provider: str
    model: str
    rerolled: bool


def lease_of(values: Mapping[str, Any]) -> Lease:
    """Return the lease that a row has."""
    return Lease(**{**values, **{name: bool(values[name]) for name in ("stop_asked", "replaces")}})
