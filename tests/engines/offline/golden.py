"""Two hundred people whose drawings are held to what they were: golden.json.

Run this file after a change of drawings that is meant, and read in the diff which ones it changed:
python tests/engines/offline/golden.py
"""

import json
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from PIL import Image

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.engines.offline.engine import Composition
from avatar_creator.engines.offline.render import renderer_version
from avatar_creator.engines.offline.rules import RULES
from engines.offline.drawings import ENGINE, Quiet, asked

KEPT = Path(__file__).with_name("golden.json")
PEOPLE = 200
SIDE_PX = 64
# In this order, and longer at the end alone: else every one of the two hundred is another.
ART_STYLES = ("avataaars", "notionists", "open-peeps", "toon-head", "personas", "micah", "lorelei")
# Each list has another length, so that the two hundred have all kinds of combinations.
VALUES: dict[str, tuple[str | None, ...]] = {
    "gender": ("female", "male", None, "non-binary"),
    "ethnicity": (
        *(None, "black", "east-asian", "white", "South Asian", "hispanic", "Egyptian", "Nigerian and Swedish"),
        *("pacific-islander", "indigenous", "mixed"),
    ),
    "hair_style": (
        *(
            None,
            "long straight",
            "curly",
            "bob",
            "short",
            "braids",
            "bun",
            None,
            "afro",
            "buzz cut",
            "ponytail",
            "wavy",
        ),
        *("wavy", "bald"),
    ),
    "hair_color": (None, None, "black", "blonde", "gray", "dark red", "#3b6ea5", "platinum", "brown"),
    "eye_color": (None, "green", "brown", "blue", None),
    "skin_tone": (None, None, None, "deep", "light", "medium-dark", None),
    "style": (
        *(
            None,
            "business",
            "red dress",
            "hoodie",
            "glasses",
            "navy suit and a beard",
            "teal hijab",
            "casual",
            "scrubs",
        ),
        *("scrubs", "beanie", "black turban and a full beard", "gold earrings", "workwear", "sunglasses", "creative"),
        *("kimono", "white shirt, red glasses"),
    ),
    "body_type": (None, "heavy", None, "slim", None, "average"),
}
AGES = (None, 8, 25, 34, 47, 15, 62, None, 78, 3, 55, 29, 91, 40, 19, 70)
TRAITS = ("", "friendly", "serious", "", "surprised", "sad", "", "angry", "", "confident", "calm", "", "tired", "", "")
PROMPTS = (None,) * 18 + ("a 45-year-old woman with short red hair, smiling, on a teal background",)


class Drawing(NamedTuple):
    """What a drawing is: ``svg`` on every machine, ``pixels`` where the same renderer draws it."""

    svg: str
    pixels: str


def person(n: int) -> PictureRequest:
    attributes: dict[str, Any] = {
        name: values[n % len(values)] for name, values in VALUES.items() if values[n % len(values)]
    }
    trait = TRAITS[n % len(TRAITS)]
    return asked(
        seed=n + 1,
        persona=Persona(f"Person {n}", AGES[n % len(AGES)], personality=(trait,) if trait else ()),
        base=PROMPTS[n % len(PROMPTS)],
        size=(SIDE_PX, SIDE_PX),
        format_=PictureFormat.PNG,
        options={"art_style": ART_STYLES[n % len(ART_STYLES)]},
        **attributes,
    )


def draw(n: int) -> Drawing:
    request = person(n)
    svg = Composition(request).svg.text
    picture = Image.open(BytesIO(ENGINE.generate(request, Quiet()).data))
    return Drawing(_digest(svg.encode()), _digest(picture.convert("RGB").tobytes()))


def describe(n: int) -> str:
    request = person(n)
    said = [request.options["art_style"], request.persona.age, *request.persona.personality, request.prompt.base]
    said += [value for _, value in request.attributes.given()]
    return f"{n:03} {', '.join(str(one) for one in said if one)}"


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def main() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["drawings"] if KEPT.exists() else {}
    drawings = {describe(n): draw(n)._asdict() for n in range(PEOPLE)}
    text = json.dumps(
        {"rules": RULES, "renderer": renderer_version(), "drawings": drawings}, indent=1, ensure_ascii=False
    )
    KEPT.write_text(text + "\n", encoding="utf-8")
    changed = [name for name, drawing in drawings.items() if kept.get(name) != drawing]
    print(f"{len(changed)} of {len(drawings)} are other drawings now:", *changed, sep="\n")  # noqa: T201 - run by hand


if __name__ == "__main__":
    main()
