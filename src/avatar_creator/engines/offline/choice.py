"""Which drawings of an art style show a look."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from avatar_creator.domain.text import shown
from avatar_creator.engines.offline.artstyle import ArtStyle, Part, nearest, weighted
from avatar_creator.engines.offline.dice import Dice
from avatar_creator.engines.offline.look import Look
from avatar_creator.engines.offline.palette import lightness

_COILY_WEIGHT = 2
# A cut says more about a hair style than its texture, and that more than its length.
_TEXTURES, _LENGTHS = frozenset({"straight", "wavy", "curly", "coily"}), frozenset({"short", "medium", "long"})
# Never drawn for hair that was described without them.
_ODD = frozenset({"afro", "bald", "balding", "buns", "dreadlocks", "mohawk", "mullet", "pigtails", "undercut"})
_LIGHT = 0.5  # hair lighter than this is worth a drawing that shows its color


class Choice(NamedTuple):
    """The chosen drawing of each component, and what of the look it does not show, in words."""

    variants: dict[str, str | None]
    misses: list[str]


def choose(style: ArtStyle, look: Look, dice: Dice) -> Choice:
    """Return the drawings that show a look best."""
    choice = Choice(dict(style.fixed), [])
    _choose_hair(choice, style, look, dice)
    for part in style.parts:
        uncovered = choice.variants.get(part.component)
        _choose_part(choice, part, look, dice)
        what = "hair style" if part.component == style.hair_component else part.component
        covered = part.name == "headwear" and uncovered not in {None, choice.variants.get(part.component)}
        if covered and what in look.asked:
            choice.misses.append(f"hides the {what} under the {look.parts['headwear']}")
    for name in sorted(look.asked & look.parts.keys()):
        _miss_part(choice, style, name, look)
    return choice


def _choose_hair(choice: Choice, style: ArtStyle, look: Look, dice: Dice) -> None:
    table = {drawing: frozenset(features.split()) for drawing, features in style.hair.items()}
    known = frozenset().union(*table.values())
    drawable = {feature: nearest(feature, known) for feature in look.hair}
    wanted = [feature for feature in drawable.values() if feature]
    gender = look.gender[0]
    color_matters = "hair" in look.asked or lightness(look.colors["hair"]) > _LIGHT

    def fitness(drawing: str) -> tuple[int, int, int, bool]:
        features = table[drawing]
        matched = sum(_weight(feature) for feature in wanted if feature in features)
        unasked = gender in features or (look.coily and "coily" in features)
        worn = 2 if unasked else 1 if gender.upper() in features else 0
        odd = len(features & _ODD - set(wanted))
        return matched, worn, -odd if wanted else 0, color_matters and "tinted" in features

    best = max(map(fitness, table))
    pool = {
        drawing: _COILY_WEIGHT if look.coily and "coily" in table[drawing] else 1
        for drawing in table
        if fitness(drawing) == best
    }
    drawing = dice.pick("hair", pool)
    _put(choice.variants, style.hair_component, drawing)
    if "hair style" in look.asked:
        choice.misses.extend(_hair_misses(drawable, table[drawing]))


def _hair_misses(drawable: Mapping[str, str | None], features: frozenset[str]) -> Iterator[str]:
    for feature, drawn in drawable.items():
        if drawn is None:
            yield f"cannot draw hair style {shown(feature)}: another was drawn by chance"
        elif drawn not in features:
            yield f"cannot draw {shown(feature)} of this hair style"
        elif drawn != feature:
            yield f"draws hair style {shown(feature)} as {shown(drawn)}"


def _weight(feature: str) -> int:
    return 1 if feature in _LENGTHS else 2 if feature in _TEXTURES else 4


def _choose_part(choice: Choice, part: Part, look: Look, dice: Dice) -> None:
    word = nearest(look.parts[part.name], frozenset(part.drawings)) or ""
    drawings = part.drawings.get(word)
    if drawings:
        _put(choice.variants, part.component, dice.pick(part.component, weighted(drawings)))


def _miss_part(choice: Choice, style: ArtStyle, name: str, look: Look) -> None:
    known = frozenset().union(*(part.drawings for part in style.parts if part.name == name)) - {""}
    word = look.parts[name]
    drawn = nearest(word, known)
    if word in {"none", drawn}:
        return
    if drawn is None:
        choice.misses.append(f"cannot draw {name} {shown(look.said[name])}")
    else:
        choice.misses.append(f"draws {name} {shown(look.said[name])} as {shown(drawn)}")


def _put(variants: dict[str, str | None], component: str, drawing: str) -> None:
    pairs = zip(component.split("/"), drawing.split("/"), strict=True)
    variants.update({name: None if one == "-" else one for name, one in pairs})
