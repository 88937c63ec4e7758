"""Words for styles of dress; garments.py has the garments. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

DRESS: Mapping[str, Meaning] = {
    "casual": Meaning(
        None,
        "casual dress, everyday, relaxed, street, streetwear, casual wear, casual clothes, casual clothing, "
        "casual chic, "
        "casual chic dress, street style, street wear, streetwear dress, loungewear, lounge wear, "
        "everyday clothes, comfy, "
        "comfortable, laid back, skater, normcore, informal, plain clothes, "
        "hip hop, beach casual, everyday wear, denim on denim, off duty",
    ),
    "smart-casual": Meaning(
        "shirt",
        "smart casual dress, preppy, smart, academic, preppy dress, smart casual wear, academia, "
        "dark academia, "
        "light academia, scholarly, collegiate, old money, ivy, ivy style, country club, dressy casual, "
        "preppie, nautical",
    ),
    "business-casual": Meaning(
        "smart-casual",
        "business casual dress, business casual wear, office casual, business casual clothes",
    ),
    "business": Meaning(
        "formal",
        "business dress, business professional, business professional dress, business formal, corporate, "
        "executive, business attire, business wear, business clothes, "
        "business clothing, office wear, businesslike, corporate wear, power dressing, "
        "business chic, office attire, work attire, corporate attire",
    ),
    "professional": Meaning("business", "professional dress, professional wear"),
    "formal": Meaning(
        "smart-casual",
        "formal dress, elegant, black tie, white tie, formal wear, formalwear, formal attire, evening wear, "
        "eveningwear, "
        "evening attire, cocktail attire, dressy, tailored, ceremonial, glamorous, sophisticated, "
        "formal clothes, formal clothing, semi formal, black tie dress, refined, dressed up, dapper, "
        "morning dress, classy",
    ),
    "sporty": Meaning(
        "casual",
        "sport, sports, athletic, athleisure, gym, sportswear, sporty dress, athletic wear, activewear, active wear, "
        "tracksuit, track suit, sweatsuit, sweat suit, jogging suit, gym clothes, gymwear, gym wear, workout, "
        "workout clothes, yoga wear, sports wear, running clothes, sport wear, training clothes, "
        ""
        "gym uniform, exercise clothes",
    ),
    "workwear": Meaning("casual", "work wear, manual work, farmer, mechanic, work clothes"),
    "creative": Meaning(
        "casual",
        "artistic, artsy, bohemian, hipster, alternative, geek, gothic, goth, punk, edgy, boho, boho chic, "
        "hippie, emo, grunge, "
        "rocker, steampunk, cyberpunk, indie, eclectic, avant garde, funky, retro, vintage, bohemian dress, "
        "hipster dress, gothic dress, punk dress, edgy dress, grunge dress, retro dress, alternative dress, "
        "artsy dress, "
        "hippy, punk rock, rockabilly dress, y2k, kawaii, psychedelic, glam rock, creative dress",
    ),
    "traditional": Meaning(
        "tunic",
        "ethnic, folk, traditional dress, traditional clothes, traditional clothing, traditional attire, "
        "traditional wear, "
        "traditional garments, national costume, national dress, folk costume, ethnic wear, ethnic dress, "
        "cultural dress, "
        "tribal, folk dress, folkloric, cultural attire, native attire, traditional garb",
    ),
}
