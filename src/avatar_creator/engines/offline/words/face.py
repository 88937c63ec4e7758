"""Words for what a face shows and wears. The meaning, then the other words that say it."""

from collections.abc import Mapping

BEARD: Mapping[str, str] = {
    "none": "clean shaven, clean shaved, beardless, smooth shaven, shaven face",
    "stubble": "scruff, five o clock shadow, unshaven, designer stubble, light beard, short beard",
    "beard": "bearded, trimmed beard, facial hair",
    "full beard": "thick beard, bushy beard, heavy beard",
    "long beard": "big beard, huge beard",
    "moustache": "mustache, moustached, mustached, tache",
    "handlebar": "handlebar moustache, handlebar mustache, curled moustache, curly moustache",
    "goatee": "van dyke, soul patch, chin beard",
}
GLASSES: Mapping[str, str] = {
    "glasses": "spectacles, eyeglasses, specs, reading glasses, bespectacled, eyewear",
    "round glasses": "",
    "rectangular glasses": "square glasses",
    "thick glasses": "thick rimmed glasses, horn rimmed glasses, black rimmed glasses",
    "sunglasses": "shades, sun glasses, aviators, wayfarers, dark glasses",
    "eyepatch": "eye patch",
}
HEADWEAR: Mapping[str, str] = {
    "hat": "fedora, sun hat, sunhat, wide brimmed hat",
    "beanie": "winter hat, woolly hat, wool hat, knit cap, woolen hat, bobble hat",
    "cap": "baseball cap, flat cap, golf cap, peaked cap",
    "hard hat": "safety helmet, construction helmet, helmet",
    "hijab": "headscarf, head scarf, veil",
    "turban": "dastar",
    "headband": "hair band, hairband",
    "flowers": "flower crown, flowers in her hair, flower in her hair",
}
EARRINGS: Mapping[str, str] = {
    "stud": "earrings, earring, stud earrings, studs, ear studs",
    "hoop": "hoop earrings, hoops, hoop earring",
}
EXPRESSION: Mapping[str, str] = {
    "smile": "smiling, smiles, grin, grinning, happy, cheerful, joyful, friendly",
    "laugh": "laughing, laughs, big smile, broad smile, beaming",
    "calm": "relaxed, soft smile, gentle smile, slight smile, serene, content",
    "serious": "neutral expression, stern, solemn, unsmiling, straight face, frown, frowning",
    "sad": "unhappy, crying, tearful, melancholic",
    "angry": "furious, scowling, mad",
    "surprised": "amazed, astonished, shocked",
    "wink": "winking, winks",
    "asleep": "eyes closed, closed eyes, sleeping",
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
