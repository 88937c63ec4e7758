"""Words for styles of dress; garments.py has the garments. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

DRESS: Mapping[str, Meaning] = {
    "casual": Meaning(None, "casual dress, everyday, relaxed, street, streetwear"),
    "smart-casual": Meaning("shirt", "smart casual, smart casual dress, preppy, smart, academic"),
    "business-casual": Meaning("smart-casual", "business casual, business casual dress"),
    "business": Meaning("formal", "business dress, business formal, corporate, executive"),
    "professional": Meaning("business", "professional dress"),
    "formal": Meaning("smart-casual", "formal dress, elegant, black tie"),
    "sporty": Meaning("casual", "sport, sports, athletic, athleisure, gym, sportswear"),
    "workwear": Meaning("casual", "work wear, manual work, farmer, mechanic"),
    "creative": Meaning("casual", "artistic, artsy, bohemian, hipster, alternative, geek"),
    "traditional": Meaning("tunic", "ethnic, folk"),
}
