"""Words for what a face shows and wears. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

BEARD: Mapping[str, Meaning] = {
    "none": Meaning(None, "clean shaven, clean shaved, beardless, smooth shaven, shaven face"),
    "stubble": Meaning(None, "scruff, five o clock shadow, unshaven, designer stubble, light beard, short beard"),
    "beard": Meaning(None, "bearded, trimmed beard, facial hair"),
    "full beard": Meaning("beard", "thick beard, bushy beard, heavy beard"),
    "long beard": Meaning("full beard", "big beard, huge beard"),
    "moustache": Meaning(None, "mustache, moustached, mustached, tache"),
    "handlebar": Meaning("moustache", "handlebar moustache, handlebar mustache, curled moustache, curly moustache"),
    "goatee": Meaning("beard", "van dyke, soul patch, chin beard"),
}
GLASSES: Mapping[str, Meaning] = {
    "glasses": Meaning(None, "spectacles, eyeglasses, specs, reading glasses, bespectacled, eyewear"),
    "round glasses": Meaning("glasses"),
    "rectangular glasses": Meaning("glasses", "square glasses"),
    "thick glasses": Meaning("glasses", "thick rimmed glasses, horn rimmed glasses, black rimmed glasses"),
    "sunglasses": Meaning(None, "shades, sun glasses, aviators, wayfarers, dark glasses"),
    "eyepatch": Meaning(None, "eye patch"),
}
HEADWEAR: Mapping[str, Meaning] = {
    "hat": Meaning(None, "fedora, sun hat, sunhat, wide brimmed hat"),
    "beanie": Meaning("hat", "winter hat, woolly hat, wool hat, knit cap, woolen hat, bobble hat"),
    "cap": Meaning("beanie", "baseball cap, flat cap, golf cap, peaked cap"),
    "hard hat": Meaning("cap", "safety helmet, construction helmet, helmet"),
    "hijab": Meaning(None, "headscarf, head scarf, veil"),
    "turban": Meaning(None, "dastar"),
    "headband": Meaning(None, "hair band, hairband"),
    "flowers": Meaning(None, "flower crown, flowers in her hair, flower in her hair"),
}
EARRINGS: Mapping[str, Meaning] = {
    "stud": Meaning(None, "earrings, earring, stud earrings, studs, ear studs"),
    "hoop": Meaning("stud", "hoop earrings, hoops, hoop earring"),
}
EXPRESSION: Mapping[str, Meaning] = {
    "smile": Meaning(None, "smiling, smiles, grin, grinning, happy, cheerful, joyful, friendly"),
    "laugh": Meaning("smile", "laughing, laughs, big smile, broad smile, beaming"),
    "calm": Meaning(None, "relaxed, soft smile, gentle smile, slight smile, serene, content"),
    "serious": Meaning(None, "neutral expression, stern, solemn, unsmiling, straight face, frown, frowning"),
    "sad": Meaning(None, "unhappy, crying, tearful, melancholic"),
    "angry": Meaning(None, "furious, scowling, mad"),
    "surprised": Meaning(None, "amazed, astonished, shocked"),
    "wink": Meaning(None, "winking, winks"),
    "asleep": Meaning(None, "eyes closed, closed eyes, sleeping"),
}
TRAIT: Mapping[str, str] = {
    "smile": "friendly, warm, cheerful, happy, kind, outgoing, optimistic, joyful, welcoming, approachable, "
    "energetic, enthusiastic, helpful, sociable, playful, charming, positive",
    "laugh": "funny, humorous, witty, exuberant",
    "calm": "gentle, thoughtful, relaxed, patient, shy, quiet, introverted, caring, empathetic, confident, wise",
    "serious": "stern, stoic, strict, focused, reserved, determined, grumpy, disciplined, analytical, pragmatic, "
    "professional, authoritative, cautious",
    "sad": "melancholic, gloomy, pessimistic",
}
