"""Colors of clothes and backgrounds, which set people of a cast apart.

No two of one list look alike, all clothes are seen on all backgrounds, and none of these has the color of a skin: a
test holds that for the offline engine. How many there are has no common divisor, and is no usual number of columns of a
sheet.
"""

CLOTHES = (
    "navy", "teal", "burgundy", "mustard", "forest green", "rust", "plum", "cobalt blue", "olive", "red", "charcoal",
    "emerald", "brown", "magenta", "orange", "purple", "black",
)  # fmt: skip
# Of suits, and of what is worn at work.
SOBER_CLOTHES = (
    "navy", "charcoal", "burgundy", "black", "brown", "forest green", "plum", "olive", "teal", "cobalt blue",
)  # fmt: skip
SOBER = frozenset({"business", "business-casual", "professional", "formal", "workwear"})

BACKGROUNDS = (
    "dusty blue", "sage", "dusty pink", "mint", "lilac", "powder blue", "pale yellow", "sky blue", "baby pink", "mauve",
    "pale lavender", "dusty turquoise", "silver",
)  # fmt: skip
