"""Which name each person of a cast has: no full name twice, and nobody's name changes with somebody else.

The names of a locale are given by the person's number. Of all combinations of a given name and a family name a third is
for women, a third for men and a third for everybody else; what only women or only men are called is theirs with what
would be the others' third. So no two people of one locale can have the same full name, and no name depends on who else
there is. Within as many numbers as there are given names nobody shares one, and the same is true of family names.
"""

from functools import lru_cache
from itertools import chain
from math import lcm
from typing import NamedTuple

from avatar_creator.casts.draws import digest
from avatar_creator.casts.names import Names, names_of
from avatar_creator.casts.tables.appearance import FEMALE, MALE, NON_BINARY
from avatar_creator.domain.persona import NAME_LONGEST

_THIRDS = {FEMALE: 0, MALE: 1, NON_BINARY: 2}
_OTHER = {FEMALE: MALE, MALE: FEMALE}
_TIMES_MOST = 50


class _Slot(NamedTuple):
    given: int  # in the list of the gender
    third: int  # of the family names that go with it


class _NameOrder(NamedTuple):
    """The order in which the names of a locale and a gender are given."""

    names: Names
    given: tuple[str, ...]
    slots: tuple[_Slot, ...]
    family: tuple[tuple[str, ...], ...]  # three thirds, of the same length

    def name(self, index: int) -> str:
        """Return a full name, another one for each index. When all are given, a second given name is added."""
        slots, families = len(self.slots), len(self.family[0])
        more, index = divmod(index, slots * families)
        slot = self.slots[index % slots]
        family = self.family[slot.third][(index + index // lcm(slots, families)) % families]
        given = [slot.given]
        while more:
            after = (at % len(self.given) for at in range(slot.given + 1, slot.given + len(self.given)))
            others = [at for at in after if at not in given]
            more, step = divmod(more - 1, len(others))
            given.append(others[step])
        return self.names.full((self.given[at] for at in given), family)

    @property
    def combinations(self) -> int:
        return len(self.slots) * len(self.family[0])


class Naming:
    """The names of one cast, asked for in the order of its people.

    Locales share names, and so do people with two given names and those whose given name is two words: who would be
    called like somebody before gets the name that comes after.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._taken: set[str] = set()

    def name(self, number: int, locale: str, gender: str) -> str:
        order = _name_order(self._seed, locale, gender)
        index = number - 1
        for _ in range(_TIMES_MOST):
            name = order.name(index)
            if name not in self._taken and len(name) <= NAME_LONGEST:
                break
            index += order.combinations
        self._taken.add(name)
        return name


@lru_cache(maxsize=256)
def _name_order(seed: int, locale: str, gender: str) -> _NameOrder:
    names = names_of(locale)
    thirds_of_given = {name: at % 3 for at, name in enumerate(dict.fromkeys(chain(*names.given.values())))}
    thirds_of_family = {name: at % 3 for at, name in enumerate(dict.fromkeys(chain(*names.family.values())))}
    shuffled = {
        kind: sorted(of[gender], key=lambda name: digest(seed, "name", locale, gender, kind, name))
        for kind, of in (("given", names.given), ("family", names.family))
    }
    family: tuple[list[str], ...] = ([], [], [])
    for name in shuffled["family"]:
        family[thirds_of_family[name]].append(name)
    shortest = min(map(len, family))
    other = set(names.given[_OTHER[gender]]) if gender in _OTHER else set()
    own = _THIRDS[gender]
    slots = [_Slot(at, (own - thirds_of_given[name]) % 3) for at, name in enumerate(shuffled["given"])]
    if other:
        third = _THIRDS[_OTHER[gender]]
        slots += [
            _Slot(at, (third - thirds_of_given[name]) % 3)
            for at, name in enumerate(shuffled["given"])
            if name not in other
        ]
    return _NameOrder(names, tuple(shuffled["given"]), tuple(slots), tuple(tuple(each[:shortest]) for each in family))
