"""Words for colors, beside the names that palette.py has. The color, then the other words that say it."""

from collections.abc import Mapping

HAIR_COLOR: Mapping[str, str] = {
    "black": "jet black, raven",
    "dark brown": "brunette, dark, espresso",
    "light brown": "caramel, honey brown",
    "chestnut": "chestnut brown",
    "red": "redhead, red haired",
    "ginger": "orange red",
    "blonde": "blond, golden, honey blonde, fair, honey",
    "dark blonde": "dirty blonde, dark blond, dirty blond, sandy, ash blonde",
    "strawberry blonde": "strawberry blond",
    "platinum": "platinum blonde, platinum blond, light blonde, light blond, bleached",
    "salt and pepper": "graying, salt pepper, gray streaked",
    "silver": "silver gray",
    "white": "snow white",
}
EYE_COLOR: Mapping[str, str] = {
    "gray": "silver",
    "turquoise": "teal, blue green",
    "amber": "golden",
    "hazel": "hazel green",
}
SKIN: Mapping[str, str] = {
    "very light": "fair, pale, porcelain, ivory, very fair",
    "light": "white, beige, peach",
    "medium light": "light medium",
    "medium": "tan, tanned, caramel, golden",
    "medium dark": "brown, light brown, bronze, dark medium",
    "dark": "dark brown",
    "deep": "black, ebony, very dark",
}
FABRIC: Mapping[str, str] = {
    "navy": "navy blue, dark blue",
    "burgundy": "maroon, wine",
    "beige": "tan, khaki",
    "charcoal": "dark gray",
}
