"""Which drawings of an art style show the appearance of a person."""

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from avatar_creator.domain.text import shown
from avatar_creator.engines.offline.appearance import Appearance
from avatar_creator.engines.offline.art.style import COVERED, ArtStyle, Part
from avatar_creator.engines.offline.rng import SeededRng
from avatar_creator.engines.offline.words.tables import NEAREST
from avatar_creator.engines.offline.words.topics import Topic

_EVERYWHERE = frozenset({"none", "average"})  # words of parts that every art style shows, or need not
_COILY_WEIGHT = 2
_GENDERS = frozenset("fmn")
# A cut says more about a hair style than its texture, and that more than its length.
_TEXTURES, _LENGTHS = frozenset({"straight", "wavy", "curly", "coily"}), frozenset({"short", "medium", "long"})
# Never drawn for hair that was described without them, and some of them for nobody who did not ask.
_CUTS = frozenset({"afro", "bald", "balding", "braids", "bun", "buns", "fade", "pigtails", "ponytail"})
_ODD = _CUTS | {"bantu-knots", "dreadlocks", "flat-top", "mohawk", "mullet", "undercut"}
_NEVER_BY_CHANCE = frozenset({"dreadlocks", "mullet"})
SHOWN_UNDER_HEADWEAR = frozenset({"medium", "long"})
_REFUSABLE = {"attire": Topic.GARMENT, "expression": Topic.EXPRESSION, "facial hair": Topic.BEARD}


class Variants(NamedTuple):
    """The chosen drawing of each component, and in words what they do not show of the appearance."""

    by_component: dict[str, str | None]
    unmet: list[str]


def choose_variants(style: ArtStyle, appearance: Appearance, rng: SeededRng) -> Variants:
    """Return the drawings that show an appearance best."""
    chosen = Variants(dict(style.fixed), [])
    _choose_hair(chosen, style, appearance, rng)
    for part in style.parts:
        uncovered = chosen.by_component.get(part.component)
        _choose_part(chosen, style, part, appearance, rng)
        what = "hair style" if part.component == style.hair_component else part.component
        covered = part.name == "headwear" and uncovered not in {None, chosen.by_component.get(part.component)}
        if covered and what in appearance.requested:
            chosen.unmet.append(f"hides the {what} under the {appearance.parts['headwear']}")
    _cover_hair(chosen, style, appearance)
    for name in sorted(appearance.requested & appearance.parts.keys()):
        _note_unmet(chosen, style, name, appearance)
    return chosen


def _cover_hair(chosen: Variants, style: ArtStyle, appearance: Appearance) -> None:
    """Draw hair as it is seen under headwear that is drawn over it."""
    words = frozenset().union(*(part.drawings for part in style.parts if part.name == "headwear"))
    headwear = nearest(appearance.parts["headwear"], words)
    hair = chosen.by_component.get(style.hair_component)
    if headwear not in style.covering or hair is None:
        return
    chosen.by_component[style.hair_component] = f"{hair}{COVERED}"
    if "hair style" in appearance.requested and SHOWN_UNDER_HEADWEAR.isdisjoint(style.hair[hair].split()):
        chosen.unmet.append(f"hides most of the hair style under the {appearance.parts['headwear']}")


def _choose_hair(chosen: Variants, style: ArtStyle, appearance: Appearance, rng: SeededRng) -> None:
    table = {drawing: frozenset(features.split()) for drawing, features in style.hair.items()}
    known = frozenset().union(*table.values())
    drawable = {feature: nearest(feature, known) for feature in appearance.hair}
    wanted = [feature for feature in drawable.values() if feature]
    refused = frozenset(appearance.refused.get(Topic.HAIR, ())) - set(wanted)
    odd = (_ODD if wanted else _NEVER_BY_CHANCE) - set(wanted)
    gender = appearance.gender[0]

    def fitness(drawing: str) -> tuple[int, int, int, int]:
        features = table[drawing]
        matched = sum(_weight(feature) for feature in wanted if feature in features)
        anybodys = appearance.coily and "coily" in features and _GENDERS.isdisjoint(features)
        worn = 2 if gender in features or anybodys else 1 if gender.upper() in features else 0
        return -len(features & refused), matched, -len(features & odd), worn

    fitnesses = {drawing: fitness(drawing) for drawing in table}
    best = max(fitnesses.values())
    pool = {
        drawing: _COILY_WEIGHT if appearance.coily and "coily" in table[drawing] else 1
        for drawing, fits in fitnesses.items()
        if fits == best
    }
    drawing = rng.pick("hair", pool)
    _put(chosen.by_component, style.hair_component, drawing)
    if "hair style" in appearance.requested:
        chosen.unmet.extend(_unmet_hair(drawable, table[drawing]))


def _unmet_hair(drawable: Mapping[str, str | None], features: frozenset[str]) -> Iterator[str]:
    for feature, drawn in drawable.items():
        if drawn is None:
            yield f"cannot draw hair style {shown(feature)}: another was drawn by chance"
        elif drawn not in features:
            yield f"cannot draw {shown(feature)} of this hair style"
        elif drawn != feature:
            yield f"draws hair style {shown(feature)} as {shown(drawn)}"


def _weight(feature: str) -> int:
    return 1 if feature in _LENGTHS else 2 if feature in _TEXTURES else 4


def _refused(style: ArtStyle, part: Part, appearance: Appearance) -> Iterator[str]:
    """Yield the drawings of a part that show what was refused."""
    topic = _REFUSABLE.get(part.name)
    for word in appearance.refused.get(topic, ()) if topic else ():
        yield from weighted(part.drawings.get(word, ""), appearance.gender)
        if topic is Topic.GARMENT:
            yield from (drawing for drawing, shows in style.garments.items() if word in shows.split())


def _choose_part(chosen: Variants, style: ArtStyle, part: Part, appearance: Appearance, rng: SeededRng) -> None:
    drawn_before = (chosen.by_component.get(part.name) or "").removesuffix(COVERED)
    asked = appearance.parts.get(part.name) or drawn_before
    refused = set(_refused(style, part, appearance))
    pools = [weighted(part.drawings.get(word, ""), appearance.gender) for word in (*nearest_words(asked), "")]
    pools = [pool for pool in pools if pool]
    allowed = [{one: weight for one, weight in pool.items() if one not in refused} for pool in pools]
    pool = next(filter(None, (*allowed, *pools)), None)
    if pool is None:
        return
    drawing = rng.pick(part.component, pool)
    _put(chosen.by_component, part.component, drawing)
    if drawing in refused:
        chosen.unmet.append(f"has no other {part.name} than the one that was refused")


def _note_unmet(chosen: Variants, style: ArtStyle, name: str, appearance: Appearance) -> None:
    known = frozenset().union(*(part.drawings for part in style.parts if part.name == name)) - {""}
    word = appearance.parts[name]
    drawn = nearest(word, known)
    if word in {*_EVERYWHERE, drawn}:
        return
    if drawn is None and name == "age":
        chosen.unmet.append(f"cannot draw a {word}: it draws an adult")
    elif drawn is None:
        chosen.unmet.append(f"cannot draw {name} {shown(appearance.wording[name])}")
    else:
        chosen.unmet.append(f"draws {name} {shown(appearance.wording[name])} as {shown(drawn)}")


def _put(variants: dict[str, str | None], component: str, drawing: str) -> None:
    pairs = zip(component.split("/"), drawing.split("/"), strict=True)
    variants.update({name: None if one == "-" else one for name, one in pairs})


def nearest(word: str, known: Container[str]) -> str | None:
    """Return the word, or the one nearest to it, that is known; None if none is."""
    return next((one for one in nearest_words(word) if one in known), None)


def nearest_words(word: str) -> Iterator[str]:
    """Yield the word, the one nearest to it, the one nearest to that, and so on."""
    following: str | None = word
    while following is not None:
        yield following
        following = NEAREST.get(following)


def weighted(drawings: str, gender: str) -> Mapping[str, int]:
    """Return the names in ``drawings`` that people of a gender wear, each with how often it is said."""
    weights: dict[str, int] = {}
    for name in drawings.split():
        genders, _, drawing = name.rpartition(":")
        if gender[0] in (genders or gender):
            weights[drawing] = weights.get(drawing, 0) + 1
    return weights
