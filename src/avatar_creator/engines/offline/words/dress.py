"""Words for styles of dress; garments.py has the garments. The meaning, then the other words that say it."""

from collections.abc import Mapping

DRESS: Mapping[str, str] = {
    "casual": "casual dress, everyday, relaxed, street, streetwear",
    "smart-casual": "smart casual, business casual, business casual dress, smart casual dress, preppy, smart, academic",
    "formal": "business, business dress, formal dress, business formal, professional, professional dress, elegant, "
    "black tie, corporate, executive",
    "sporty": "sport, sports, athletic, athleisure, gym, sportswear",
    "workwear": "work wear, manual work, farmer, mechanic",
    "creative": "artistic, artsy, bohemian, hipster, alternative, geek",
    "traditional": "ethnic, folk",
}
