"""Words for colors, beside the names that palette.py has.

A color that is no other's synonym is a line of `NAMED`. How colors are mixed ("reddish brown", "pale blue-green") is
a rule of grammar/color_names.py, so that mixtures need no line.
"""

from collections.abc import Mapping

_WHITE, _BLACK, _GRAY = "#ffffff", "#000000", "#8a8a8a"

# The color, then the other words that say it.
HAIR_COLOR: Mapping[str, str] = {
    "black": "jet black, jet, raven, raven black, ebony, onyx, midnight, ink black, soft black, off black",
    "dark brown": "brunette, dark, espresso, black brown, brown black, mocha, dark chocolate, coffee, darkest brown",
    "brown": "medium brown, mid brown, chocolate, chocolate brown, walnut, hazelnut, cinnamon brown, warm brown",
    "light brown": "caramel, caramel brown, honey brown, golden brown, toffee, light brunette, fawn, mousy, mousey, "
    "mousy brown",
    "chestnut": "chestnut brown, red brown, chestnut red, maroon brown",
    "auburn": "reddish brown, auburn brown, auburn red, cinnamon, russet",
    "red": "redhead, redheaded, red headed, red haired, bright red, scarlet, crimson, cherry red, cherry, fire red, "
    "fiery red",
    "ginger": "orange red, gingery, carrot, carroty, natural red, titian, pumpkin",
    "copper": "copper red, coppery, copper brown, bronze, rust",
    "strawberry blonde": "strawberry blond, strawberry, copper blonde, copper blond, reddish blonde, reddish blond, "
    "ginger blonde, red blonde, peach blonde",
    "dark blonde": "dirty blonde, dark blond, dirty blond, sandy, sandy blonde, sandy blond, sand, ash blonde, "
    "ash blond, "
    "medium blonde, medium blond, bronde, dishwater blonde, mushroom blonde, caramel blonde, light ash brown",
    "blonde": "blond, golden, golden blonde, golden blond, honey blonde, honey blond, fair, honey, natural blonde, "
    "natural blond, warm blonde, warm blond, butterscotch blonde, butterscotch, yellow blonde, yellow, gold, "
    "wheat, wheat blonde, fair haired, towheaded, towhead, flaxen, blonde haired, buttery blonde, butter blonde",
    "platinum": "platinum blonde, platinum blond, light blonde, light blond, bleached, bleach blonde, bleach blond, "
    "bleached blonde, bleached blond, champagne, champagne blonde, champagne blond, beige blonde, beige blond, "
    "vanilla blonde, vanilla blond, pale blonde, pale blond, white blonde, white blond, ice blonde, icy blonde, "
    "pearl blonde, cream blonde, creamy blonde, very light blonde, baby blonde, beige, cream, nordic blonde",
    "salt and pepper": "graying, salt pepper, gray streaked, pepper and salt, steel gray, grizzled",
    "gray": "grayed, gray haired, iron gray, ash gray, ash",
    "silver": "silver gray, silvery, silver fox, silver blonde, silver haired",
    "white": "snow white, white haired, snowy white, snowy, pure white",
    "pink": "pastel pink, bubblegum pink, candy pink, cotton candy",
    "purple": "violet, grape",
    "blue": "electric blue",
}
EYE_COLOR: Mapping[str, str] = {
    "gray": "silver, steel gray, steel, slate, stormy gray",
    "turquoise": "teal, blue green, green blue, aqua, aquamarine, sea green, ocean, ocean green",
    "amber": "golden, gold, golden brown, honey, honey brown, whiskey, topaz, caramel, copper",
    "hazel": "hazel green, green hazel, brown hazel, hazel brown, green brown, brown green, light hazel",
    "brown": "chocolate, chocolate brown, chestnut, coffee, mahogany, medium brown, cinnamon, warm brown",
    "dark brown": "espresso, black brown, brown black, very dark brown, deep brown, dark",
    "black": "jet black, obsidian, onyx",
    "green": "emerald, jade, emerald green, jade green, forest green, olive, olive green, moss green",
    "blue": "sapphire, cobalt, cornflower, cornflower blue, ocean blue, sea blue, azure",
    "violet": "purple, amethyst, lavender, lilac",
}
SKIN: Mapping[str, str] = {
    "very light": "fair, pale, porcelain, ivory, very fair, very pale, alabaster, milky, milk white, "
    "snow white, snowy, "
    "fair skinned, pale white, pale ivory, lily white, type i, type 1, lightest, fitzpatrick i, fitzpatrick 1, "
    "monk 1, monk 2",
    "light": "white, beige, peach, cream, creamy, rosy, light beige, fair to light, vanilla, light skinned, ruddy, "
    "pinkish, peaches and cream, type ii, type 2, fitzpatrick ii, fitzpatrick 2, monk 3, ruddy cheeks, sand, "
    "light peach, pink, warm ivory, light ivory, freckled",
    "medium light": "light medium, light olive, sandy, honey beige, warm beige, medium beige, lightly tanned, "
    "light tan, "
    "type iii, type 3, fitzpatrick iii, fitzpatrick 3, monk 4, wheatish, wheat, medium fair, buff, fair medium",
    "olive": "olive brown, mediterranean",
    "medium": "tan, tanned, caramel, golden, honey, almond, sun kissed, golden tan, golden brown, "
    "light caramel, amber, "
    "medium tan, medium brown, suntanned, sun tanned, type iv, type 4, fitzpatrick iv, fitzpatrick 4, monk 5, "
    "latte, dark olive, light bronze, golden olive, taupe, "
    "toffee, butterscotch, warm tan, dark beige, medium olive",
    "medium dark": "brown, light brown, bronze, dark medium, copper, bronzed, cinnamon, coppery, dark tan, warm brown, "
    "brown skinned, type v, type 5, reddish brown, dusky, sienna, dark caramel, deep tan, hazelnut, nutmeg, tawny, "
    "brown sugar, copper brown, russet, chestnut, fitzpatrick v, fitzpatrick 5, monk 6, monk 7",
    "dark": "dark brown, chocolate, mahogany, chocolate brown, milk chocolate, deep brown, cocoa, mocha, "
    "coffee, umber, "
    "dark skinned, walnut, rich brown, dark bronze, swarthy brown, monk 8",
    "deep": "black, ebony, very dark, espresso, dark chocolate, deep dark, blue black, jet black, very dark brown, "
    "darkest, type vi, type 6, onyx, dark ebony, dark espresso, fitzpatrick vi, fitzpatrick 6, monk 9, monk 10",
}
FABRIC: Mapping[str, str] = {
    "navy": "dark blue, midnight blue, midnight, oxford blue, dark navy, navy blue",
    "burgundy": "wine, wine red, oxblood, bordeaux, claret, dark red, merlot, burgundy red",
    "beige": "tan, sand, sandy, oatmeal, ecru, stone, biscuit, fawn, champagne",
    "cream": "off white, offwhite, eggshell, vanilla, pearl, cream white, ivory white",
    "charcoal": "dark, dark gray, charcoal gray, graphite, gunmetal, anthracite, slate, slate gray, charcoal black",
    "black": "jet black, ebony, onyx, off black",
    "white": "snow white, pure white, bright white, crisp white",
    "gray": "silver gray, heather gray, ash gray, ash, stone gray, metallic gray, medium gray",
    "brown": "chocolate, chocolate brown, coffee, mocha, espresso, walnut, umber, chestnut, cognac",
    "turquoise": "aqua blue",
    "mustard": "golden, mustard yellow, ochre, ocher, amber, honey, saffron, old gold",
    "yellow": "lemon, lemon yellow, sunflower, canary, canary yellow, bright yellow, sunny yellow",
    "lavender": "periwinkle, wisteria, light purple, pale purple",
    "purple": "amethyst, grape",
    "red": "cherry red, bright red, ruby red, fire engine red, vermilion",
    "olive": "army green, olive drab, military green, moss, moss green, olive green",
    "teal": "petrol, petrol blue, peacock blue, teal blue, teal green",
    "pink": "rose pink, candy pink, carnation",
    "orange": "tangerine, pumpkin, bright orange, carrot",
}

# Colors that things of every kind can have: hair, eyes, clothes, backgrounds.
NAMED: Mapping[str, str] = {
    "apricot": "#f0b78a",
    "aqua": "#5cc2bf",
    "aquamarine": "#74cdb8",
    "baby blue": "#a9cbe8",
    "baby pink": "#f1bfcd",
    "blue black": "#1f2433",
    "blush": "#e9bdb6",
    "brick": "#a14a38",
    "brick red": "#a14a38",
    "bronze": "#93683b",
    "bubblegum pink": "#ee8fb8",
    "burgundy": "#6e2537",
    "burnt orange": "#bb5a28",
    "burnt sienna": "#a2563a",
    "camel": "#b98d5a",
    "cerulean": "#3d8fc0",
    "chartreuse": "#b5c94a",
    "cherry": "#a8283d",
    "cobalt": "#2b50a8",
    "cobalt blue": "#2b50a8",
    "coral": "#e5786a",
    "coral pink": "#e88f86",
    "cornflower blue": "#6d8fd6",
    "crimson": "#a3243b",
    "cyan": "#3fb2cf",
    "denim": "#4d6a8f",
    "denim blue": "#4d6a8f",
    "dusty pink": "#c99aa0",
    "dusty rose": "#c08a90",
    "eggplant": "#4f3350",
    "electric blue": "#2f7df0",
    "emerald": "#2b8a5f",
    "emerald green": "#2b8a5f",
    "forest": "#2f5b3f",
    "forest green": "#2f5b3f",
    "fuchsia": "#c63a8c",
    "gold": "#cfa23c",
    "hot pink": "#e64f93",
    "hunter green": "#315a41",
    "ice blue": "#c3dcea",
    "icy blue": "#c3dcea",
    "indigo": "#3f4394",
    "ivory": "#f3ecd8",
    "jade": "#3f9a78",
    "jade green": "#3f9a78",
    "khaki": "#b3a477",
    "khaki green": "#84845a",
    "lavender": "#a79bd0",
    "lilac": "#bfa3d3",
    "lime": "#9cc43e",
    "lime green": "#8cc63e",
    "magenta": "#c23590",
    "mahogany": "#5a2a22",
    "maroon": "#6b2730",
    "mauve": "#a98299",
    "mint": "#a5d6bd",
    "mint green": "#a5d6bd",
    "navy": "#2a3f66",
    "neon green": "#55e04a",
    "neon pink": "#ff4fa3",
    "neon yellow": "#e6f03c",
    "ocean blue": "#2e6f9e",
    "orange": "#d9803f",
    "peach": "#f2b393",
    "peacock": "#1f6f78",
    "pine green": "#2d5a4a",
    "pink": "#e08fa5",
    "plum": "#6d3a5c",
    "powder blue": "#b4cfe0",
    "rainforest green": "#2f6b4a",
    "red": "#c0463f",
    "rose": "#d67f8c",
    "rose gold": "#d9a08d",
    "royal blue": "#3458b8",
    "royal purple": "#5b3a94",
    "ruby": "#9b2242",
    "rust": "#a6502d",
    "rust orange": "#b3582e",
    "sage": "#9cae8c",
    "sage green": "#9cae8c",
    "salmon": "#ea9382",
    "salmon pink": "#ec9a91",
    "sapphire": "#2a55a0",
    "sapphire blue": "#2a55a0",
    "scarlet": "#c62f2f",
    "sea green": "#4a9c83",
    "seafoam": "#a3d5c2",
    "seafoam green": "#a3d5c2",
    "silver": "#b9bec6",
    "sky blue": "#86b8de",
    "slate blue": "#5b6f8f",
    "steel blue": "#527aa0",
    "taupe": "#978778",
    "terracotta": "#b8674a",
    "violet": "#75589b",
    "white": "#f4f4f2",
    "yellow": "#e3b84a",
}

# What a word before a color does to it: the color that it is mixed with, and how much of that.
MODIFIERS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("light", "lighter", "lightish"), (_WHITE, 0.35)),
    **dict.fromkeys(("pale", "powder"), (_WHITE, 0.5)),
    **dict.fromkeys(("pastel", "baby"), (_WHITE, 0.55)),
    **dict.fromkeys(("icy", "ice", "frosty"), ("#eef3f7", 0.55)),
    **dict.fromkeys(("dark", "darker", "darkish", "deep"), (_BLACK, 0.35)),
    "midnight": (_BLACK, 0.55),
    "rich": (_BLACK, 0.12),
    "burnt": (_BLACK, 0.2),
    **dict.fromkeys(("soft", "faded"), (_WHITE, 0.15)),
    **dict.fromkeys(("ash", "ashy", "cool", "dusty", "muted", "smoky", "dull"), (_GRAY, 0.35)),
    "warm": ("#d9a441", 0.15),
    **dict.fromkeys(
        ("very", "medium", "mid", "true", "bright", "vivid", "vibrant", "neon", "hot", "bold", "plain", "solid"),
        (_BLACK, 0.0),
    ),
}
# Behind another color these only say what kind of color that is: "coral pink", "slate blue".
BASIC = frozenset(
    ["blonde", "blond", "black", "white", "gray", "brown", "red", "orange", "yellow", "green", "blue", "purple", "pink"]
)
