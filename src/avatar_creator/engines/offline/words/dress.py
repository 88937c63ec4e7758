"""Words for styles of dress; garments.py has the garments. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

DRESS: Mapping[str, Meaning] = {
    "casual": Meaning(None, "casual dress, everyday, relaxed, street, streetwear"),
    "smart-casual": Meaning(
        "shirt", "smart casual, business casual, business casual dress, smart casual dress, preppy, smart, academic"
    ),
    "formal": Meaning(
        "smart-casual",
        "business, business dress, formal dress, business formal, professional, professional dress, "
        "elegant, black tie, corporate, executive",
    ),
    "sporty": Meaning("casual", "sport, sports, athletic, athleisure, gym, sportswear"),
    "workwear": Meaning("casual", "work wear, manual work, farmer, mechanic"),
    "creative": Meaning("casual", "artistic, artsy, bohemian, hipster, alternative, geek"),
    "traditional": Meaning("tunic", "ethnic, folk"),
}
