"""What people of a cast are like, what they do and how they live."""

from functools import lru_cache
from itertools import combinations

from avatar_creator.casts.draws import Draws
from avatar_creator.casts.tables import lives
from avatar_creator.casts.tables.traits import TRAITS

_GROUPS = tuple(each for many in (2, 3) for each in combinations(range(len(TRAITS)), many))
_NAMES = tuple(map(tuple, TRAITS))
_VOWELS = "aeiou"
_LONGEST_WORKED = 40


def draw_personality(draws: Draws) -> tuple[str, ...]:
    """Return two or three traits that do not contradict each other; the first is what a face shows."""
    groups = _GROUPS[draws.integer("traits", 0, len(_GROUPS) - 1)]
    first = draws.integer("first trait", 0, len(groups) - 1)
    return tuple(draws.pick(f"trait {group}", _NAMES[group]) for group in (*groups[first:], *groups[:first]))


def draw_background(age: int, style: str, draws: Draws) -> str:
    """Return in a sentence or two what somebody does and how they live, as it fits an age and a style of dress."""
    if age < lives.GROWN_UP:
        return _childhood(age, draws)
    home = _weighted_home(draws.share("home"), age)
    return f"{_work(age, style, draws)}. {home}; {draws.pick('hobby', lives.HOBBIES)}."


def _childhood(age: int, draws: Draws) -> str:
    does = (
        "Still at home"
        if age < lives.KINDERGARTEN
        else "Goes to kindergarten"
        if age < lives.SCHOOL
        else "Goes to school"
    )
    return f"{does}; likes {draws.pick('likes', lives.CHILDREN_LIKE)}."


def _work(age: int, style: str, draws: Draws) -> str:
    first, last = lives.STUDENTS
    at_work = draws.share("at work")
    if first <= age <= last and at_work < lives.STUDENTS_SHARE:
        return f"Studies {draws.pick('subject', lives.SUBJECTS)}"
    occupation = _occupation(draws.share("occupation"), age, style)
    if at_work < next((share for least, share in lives.RETIRED if age >= least), 0):
        return f"Retired {occupation.title}"
    article = "an" if occupation.title[0] in _VOWELS and not occupation.title.startswith("uni") else "a"
    years = draws.integer("years at work", 0, min(age - occupation.least, _LONGEST_WORKED))
    worked = {0: "Works", 1: "Has worked for a year"}.get(years, f"Has worked for {years} years")
    return f"{worked} as {article} {occupation.title}"


def _occupation(share: float, age: int, style: str) -> lives.Occupation:
    """Return an occupation that fits. Who changes age or dress has the same one as before where it fits, too."""
    drawn = lives.OCCUPATIONS[int(share * len(lives.OCCUPATIONS))]
    fitting = _fitting(age, style)
    return drawn if drawn in fitting else fitting[int(share * len(fitting))]


@lru_cache(maxsize=4096)
def _fitting(age: int, style: str) -> tuple[lives.Occupation, ...]:
    old_enough = tuple(each for each in lives.OCCUPATIONS if each.least <= age)
    named = tuple(each for each in old_enough if style in each.dress)
    without = tuple(each for each in old_enough if not each.dress and style not in lives.ONLY_IF_NAMED)
    return named + without or old_enough


def _weighted_home(share: float, age: int) -> str:
    fitting = [home for home in lives.HOMES if home.least <= age <= home.most]
    left = share * sum(home.weight for home in fitting)
    for home in fitting:
        left -= home.weight
        if left < 0:
            return home.text
    return fitting[-1].text
