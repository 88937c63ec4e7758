"""What a library has: finding avatars, and what marks them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from avatar_creator import domain, storage
from avatar_creator.domain.text import clean_number, expect
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.library.generations import listed
from avatar_creator.library.parts import Parts

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter, Sort
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.stats import Use
    from avatar_creator.domain.tags import TagCount

_SEED_MOST = 2**63 - 1
_WHOLE_ID = re.compile(rf"{storage.ids.AVATAR}[0-9a-z]{{13}}")


class Avatars(Parts):
    """The verbs of `Library` that find, mark and pick avatars."""

    def find(
        self,
        wanted: "AvatarFilter | None" = None,
        *,
        limit: int | None = None,
        sort: "Sort | str" = "created",
        reverse: bool = False,
        after: str | None = None,
        on_unreadable: Callable[[StorageError], None] | None = None,
    ) -> "Iterator[Avatar]":
        """Yield the avatars that match, newest first unless ``sort`` names another order.

        ``after`` is the id of the last one that was read: those that follow it are yielded. By time they are also when
        that one was deleted meanwhile. ``on_unreadable`` gets why a row cannot be read, which is left out then.
        Raises NotFound, and StorageError for such a row without that.
        """
        if limit is not None:
            clean_number("limit", limit, least=0, most=domain.records.LIMIT_MOST)
        by = domain.choices.member(domain.filters.Sort, "sort", sort)
        if after is not None:
            expect("after", after, str, "an avatar's id as a text")
        last = None if after is None else self._place(after)
        return self.app.finder.find(
            _filter(wanted), limit=limit, sort=by, reverse=reverse, after=last, on_unreadable=on_unreadable
        )

    def count(self, wanted: "AvatarFilter | None" = None, *, most: int | None = None) -> int:
        """Count the avatars that match, no further than ``most``."""
        return self.app.finder.count(_filter(wanted), most=most)

    def unindexed(self, wanted: "AvatarFilter | None" = None, *, sort: "Sort | str" = "created") -> int:
        """Return how many avatars will be indexed first when they are looked for, as after they were first migrated."""
        by = domain.choices.member(domain.filters.Sort, "sort", sort)
        return self.app.finder.unindexed(_filter(wanted), by)

    def find_ids(self, wanted: "AvatarFilter | None" = None) -> list[str]:
        """Return the ids of all avatars that match, newest first."""
        return list(chain.from_iterable(self.app.finder.find_ids(_filter(wanted), limit=None)))

    def find_names(self, prefix: str, *, limit: int) -> list[tuple[str, str]]:
        """Return id and name of the newest avatars whose id begins like that."""
        return self.app.queries.avatar_names(prefix, limit=limit)

    def pick(
        self,
        wanted: "AvatarFilter | None" = None,
        *,
        most: int = 1,
        least_used: bool = False,
        seed: int | None = None,
        use: "Use | None" = None,
    ) -> "list[Avatar]":
        """Return at most so many avatars that match: those used least, those that a ``seed`` decides on, or the newest.

        With ``use`` it is recorded that they are used, in the same transaction: who picks the least used at the same
        time gets others. Those whose picture files are missing are passed over. Raises InvalidInput.
        """
        clean_number("most", most, least=1, most=domain.records.LIMIT_MOST)
        if seed is not None and least_used:
            raise InvalidInput("Both the least used and a seed are given.", hint="Give one of them.")
        if seed is not None:
            clean_number("seed", seed, least=0, most=_SEED_MOST)
        if use is not None:
            expect("use", use, domain.stats.Use, "a Use, such as Use('shop', 'hero')")
            use = use.cleaned()
        picked = self.app.picks.pick(_filter(wanted), most=most, least_used=least_used, seed=seed, use=use)
        return self._there(picked)

    def tag(self, ids: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> "list[Avatar]":
        """Add tags to avatars and remove others, of all or of none; return them. Raises NotFound, InvalidInput."""
        whole = self.app.queries.get_avatar_ids(listed(ids))
        self.app.tags.change(whole, add=add, remove=remove)
        return self._there(whole)

    def tags(self, project: str | None = None) -> "list[TagCount]":
        """Return all tags and how many avatars have each, or those of a project, by name or id. Raises NotFound."""
        if project is not None:
            expect("project", project, str, "a project's name or id as a text")
        return self.app.tags.count(None if project is None else self.app.queries.get_project(project).id)

    def star(self, ids: Iterable[str], *, starred: bool = True) -> "list[Avatar]":
        """Give avatars a star, or take it; return them. Raises NotFound."""
        expect("starred", starred, bool, "True or False")
        whole = self.app.queries.get_avatar_ids(listed(ids))
        self.app.tags.star(whole, starred=starred)
        return self._there(whole)

    def _place(self, after: str) -> str:
        """Return the id of an avatar that others follow; a whole one also when the avatar is not there any more."""
        return after if _WHOLE_ID.fullmatch(after) else self.app.queries.get_avatar(after).id

    def _there(self, ids: Sequence[str]) -> "list[Avatar]":
        """Return the avatars of ids, in their order, without those that were deleted meanwhile."""
        found = self.app.queries.find_avatars_by_ids(ids)
        return [found[id_] for id_ in ids if id_ in found]


def _filter(wanted: "AvatarFilter | None") -> "AvatarFilter":
    given = domain.filters.AvatarFilter() if wanted is None else wanted
    expect("wanted", given, domain.filters.AvatarFilter, "an AvatarFilter, such as AvatarFilter(text='sarah')")
    return given
