"""Words for body types. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

_NOUNS = ("body", "body type", "build", "figure", "frame", "physique")
_BODY: Mapping[str, Meaning] = {
    "average": Meaning(
        None,
        "medium, normal, regular, standard, ordinary, typical, healthy, balanced, proportionate, well proportioned, "
        "average weight, normal weight, medium weight, mesomorph",
    ),
    "slim": Meaning(
        None,
        "thin, slender, lean, skinny, petite, slight, lanky, lithe, willowy, svelte, wiry, bony, delicate, dainty, "
        "small, small framed, narrow, narrow shouldered, underweight, gaunt, ectomorph",
    ),
    "athletic": Meaning(
        None,
        "fit, muscular, sporty, toned, strong, well built, broad shouldered, wide shouldered, brawny, buff, ripped, "
        "beefy, powerful, sturdy, trained, athlete, bodybuilder, muscled, v shaped, husky, rugged, burly, in shape",
    ),
    "curvy": Meaning(
        None,
        "curvaceous, full figured, voluptuous, hourglass, shapely, soft, rounded, pear shaped, busty, buxom, "
        "full bodied",
    ),
    "heavy": Meaning(
        None,
        "plus size, plus sized, plump, overweight, chubby, stocky, large, big, fat, obese, heavyset, heavy set, round, "
        "stout, thick, thickset, thick set, portly, rotund, chunky, bulky, corpulent, tubby, full, endomorph, wide, "
        "solid, broad, dad bod",
    ),
    "tall": Meaning("average", "very tall, long legged"),
    "small in height": Meaning("average", "short, very short, short statured"),
    "pregnant": Meaning("curvy", "expecting"),
}


def _with_nouns(name: str, phrases: str) -> str:
    """Return the phrases, and "slim build" beside "slim"."""
    words = [name, *phrases.split(", ")]
    return ", ".join([*words[1:], *(f"{word} {noun}" for word in words for noun in _NOUNS)])


BODY = {name: Meaning(nearest, _with_nouns(name, phrases)) for name, (nearest, phrases) in _BODY.items()}
