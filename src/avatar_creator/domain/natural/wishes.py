"""What is not to be seen, turned round into what is: models like FLUX draw what a prompt names, after "no", too."""

import re
from functools import cache

# What is not wished for, and what is seen then. Empty: a photograph has none of it anyway.
TURNED = {
    "glasses, eyeglasses, sunglasses, spectacles, shades, eyewear, frames": "clear, unobstructed eyes",
    "hat, hats, cap, caps, headwear, beanie, helmet": "a bare head",
    "hijab, headscarf, head scarf, veil, turban, scarf on the head": "uncovered hair",
    "scarf, scarves, shawl": "a bare neck",
    "beard, beards, facial hair, mustache, moustache, mustaches, goatee, stubble, whiskers, sideburns": (
        "a clean-shaven face"
    ),
    "hair": "a bald head",
    "bangs, fringe": "an uncovered forehead",
    "bald, baldness, bald head": "a full head of hair",
    "long hair": "short hair",
    "short hair": "long hair",
    "curly hair, curls": "straight hair",
    "straight hair": "wavy hair",
    "gray hair, grey hair, white hair": "hair in its youthful color",
    "smile, smiling, smiles, grin, grinning, laughing, laugh": "a serious, closed-lipped expression",
    "teeth, open mouth, visible teeth": "closed lips",
    "frown, frowning, angry, anger, sad, sadness": "a relaxed, friendly expression",
    "closed eyes, eyes closed": "open eyes",
    "makeup, make-up, make up, lipstick, heavy makeup": "a natural, bare-faced look",
    "jewelry, jewellery, earrings, earring, necklace, necklaces": "bare ears and neck",
    "piercing, piercings": "smooth, unpierced skin",
    "tattoo, tattoos": "plain, unmarked skin",
    "freckles, acne, blemishes, spots, moles, pimples": "clear, even skin",
    "wrinkles, wrinkle, lines, old, old face, aged": "smooth, youthful skin",
    "smooth skin, plastic skin, airbrushed, airbrushed skin, retouching": "natural skin with visible pores",
    "tie, ties, necktie": "an open collar",
    "suit, suits, formal, formal clothes, formal wear": "casual clothes",
    "nude, nudity, naked, nsfw, cleavage, topless, bare shoulders": "modest, fully covered clothing",
    "logo, logos, brand, brands, patterns, pattern, prints": "plain clothes in solid colors",
    "people, other people, crowd, crowds, extra people, multiple people, two people, group": "one person alone",
    "people in the background, people in background, people behind": "an empty background",
    "hands, hand, fingers, extra fingers, bad hands, extra hands, arms": "a frame that ends above the hands",
    "background, busy background, cluttered background, clutter, distracting background, background clutter": (
        "a plain, uncluttered background"
    ),
    "bokeh, blurred background, blurry background": "a background in focus",
    "text, watermark, watermarks, signature, caption, letters, words, writing": "a clean, unmarked picture",
    "border, borders, collage": "one picture that fills the frame",
    "harsh light, harsh lighting, harsh shadows, hard shadows, shadows, shadow, flash, glare": "soft, even light",
    "dark, darkness, low light, underexposed, dim": "bright light",
    "overexposed, overexposure, bright light": "subdued light",
    "blur, blurry, blurred, out of focus, motion blur, soft focus": "sharp focus",
    "black and white, monochrome, grayscale, greyscale, sepia": "full, natural color",
    "color, colour, colors, colours": "black and white",
    "profile, side view, looking away, turned head": "a face turned to the camera",
    "eye contact, looking at the camera, looking at camera": "eyes turned away from the camera",
    "cropped, cropped head, cut off, out of frame, cut off head": "the whole head in the frame",
    "full body, legs, feet": "head and shoulders only",
    "close up, close-up": "some space around the person",
    (
        "cartoon, anime, 3d render, 3d, render, cgi, painting, illustration, drawing, sketch, art, digital art, "
        "unrealistic, artificial, plastic, doll, wax figure, mannequin"
    ): "a real photograph of a real person",
    (
        "ugly, low quality, worst quality, bad quality, lowres, low resolution, jpeg artifacts, artifacts, noise, "
        "grain, distorted, distortion, deformed, deformity, bad anatomy, disfigured, poorly drawn face, poorly drawn, "
        "mutated, mutation, error, duplicate, gross, malformed, bad proportions"
    ): "",
}
_NOT = re.compile(r"^(?:no|not|without|not wearing|avoid)\s+(?:an?\s+|any\s+|the\s+)?", re.IGNORECASE)
_WEIGHT = re.compile(r"^[(\[{]+|:[\d.]+[)\]}]*$|[)\]}]+$")


@cache
def _turned() -> dict[str, str]:
    return {name: seen for names, seen in TURNED.items() for name in names.split(", ")}


def turned_round(negative: str) -> tuple[list[str], list[str]]:
    """Return what is seen instead of what is not wished for, each once, and the wishes that cannot be turned round."""
    seen: list[str] = []
    left: list[str] = []
    for wish in filter(None, map(str.strip, re.split(r"[,;\n]|\.\s", negative.strip(" .")))):
        name = _NOT.sub("", _WEIGHT.sub("", wish)).strip().lower()
        if name not in _turned():
            left.append(wish)
        elif _turned()[name] and _turned()[name] not in seen:
            seen.append(_turned()[name])
    return seen, left


def seen_instead(value: str) -> str | None:
    """Return what is seen instead of a value that is nothing but a refusal, such as "no tie"; None for any other."""
    seen, left = turned_round(value) if _NOT.match(value) else ([], [value])
    return " and ".join(seen) if seen and not left else None


@cache
def _refusal() -> re.Pattern[str]:
    names = "|".join(sorted((re.escape(name) for name in _turned() if _turned()[name]), key=len, reverse=True))
    return re.compile(
        r"\b(?P<link>and |but )?(?P<before>not wearing|wearing no|does not wear|doesn't wear|with no|without|no)"
        rf" (?:an? |any )?(?P<name>{names})(?P<more>(?:,? (?:or|and|nor)(?: no)? (?:an? |any )?(?:{names}))*)"
        r"(?=\s*(?:$|[,.;:!?)]|(?:and|or|but|in|on|at|with|under|visible|please|standing|sitting|smiling|looking)\b))",
        re.IGNORECASE,
    )


def without_refusals(text: str) -> str:
    """Return a prompt with what it refuses turned round: "without glasses" is "with clear, unobstructed eyes"."""

    def turn(found: re.Match[str]) -> str:
        names = [
            found["name"],
            *re.split(r",? (?:or|and|nor)(?: no)? (?:an? |any )?", found["more"], flags=re.IGNORECASE)[1:],
        ]
        seen = " and ".join(dict.fromkeys(_turned()[name.lower()] for name in names))
        begins = found.start() == 0 and found["before"].lower() == "no"
        return f"{found['link'] or ''}{'' if begins else 'with '}{seen}"

    return _refusal().sub(turn, text)
