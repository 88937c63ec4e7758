"""Natural prompts: who is shown as a caption of 30 to 80 words, as models that read sentences are asked best.

Loaded when such a prompt is asked for.
"""

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural import words
from avatar_creator.domain.natural.appearance import FEATURES, WORDED, Appearance, dress_of, hair_of
from avatar_creator.domain.natural.english import listed, sentence
from avatar_creator.domain.natural.expression import expression_of
from avatar_creator.domain.natural.scene import Scene, gender_in, opening, read_scene
from avatar_creator.domain.natural.subject import Subject, subject_of
from avatar_creator.domain.natural.wishes import turned_round, without_refusals
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import USUAL_NEGATIVE, Prompt, PromptStyle, clean_prompt
from avatar_creator.domain.synonyms import in_english
from avatar_creator.domain.tokens import words_in

WORDS_LEAST, WORDS_MOST = 30, 80
_LENS = "Shot on an 85mm lens at f/1.8, natural skin texture"
_NO_LENS = "Natural skin texture"
# Added while a prompt is shorter than it should be: true of every portrait.
_DETAILS = ("sharp focus on the eyes", "true-to-life color", "fine detail in skin and hair", "shallow depth of field")


def build_natural_prompt(
    persona: Persona,
    attributes: Attributes,
    base: str | None = None,
    *,
    negative: str | None = None,
    quality_terms: bool = True,
    name_in_prompt: bool = False,
) -> Prompt:
    """Say who is shown, then the user's own words, then what they leave open of frame, light and lens.

    What of ``negative`` can be turned round is added as what is seen instead. Without ``quality_terms`` nothing is said
    of lens and skin. Raises InvalidInput as `build_prompt` does.
    """
    base, negative = clean_prompt("prompt", base), clean_prompt("negative prompt", negative)
    full = _full(persona, in_english(attributes), base, negative, quality_terms=quality_terms, name=name_in_prompt)
    return Prompt(base, full, negative or USUAL_NEGATIVE, PromptStyle.NATURAL)


def _full(
    persona: Persona, attributes: Attributes, base: str | None, negative: str | None, *, quality_terms: bool, name: bool
) -> str:
    own = without_refusals(base or "")
    if not own.strip(" ,;:"):  # commas alone are no sentence
        own = ""
    seen, _ = turned_round(negative) if negative and negative != USUAL_NEGATIVE else ([], [])
    scene = read_scene(f"{own}. {', '.join(seen)}")
    parts = _who(persona, attributes, own, scene, name=name)
    if seen:
        parts.append(sentence(f"With {listed(seen)}"))
    frame = _frame(scene)
    closing = [_NO_LENS if scene.lens else _LENS] if quality_terms else []
    length = words_in(" ".join((*parts, *frame, *closing)))
    if closing and not own and length > WORDS_MOST:
        closing = []
    for detail in _DETAILS if closing else ():
        if words_in(" ".join((*parts, *frame, *closing))) < WORDS_LEAST:
            closing.append(detail)
    return " ".join((*parts, *map(sentence, frame), *([sentence(", ".join(closing))] if closing else ())))


def _who(persona: Persona, attributes: Attributes, own: str, scene: Scene, *, name: bool) -> list[str]:
    """Return the sentences of who is shown, the user's own words among them."""
    named = persona.name if name else None
    expression = None if scene.expression else expression_of(persona.personality)
    if own and not (named or persona.age or any(attributes.given()) or expression):
        begun = opening(own)
        return [sentence(begun)] if begun else ["A photograph of a person.", sentence(own)]
    subject = subject_of(persona.age, attributes, gender_in(own))
    appearance = _appearance(attributes, subject, scene)
    who = f"{named}, {subject.phrase}" if named else subject.phrase
    features = appearance.features
    if expression and expression.startswith("with ") and not appearance.worn:
        features, expression = [*features, expression.removeprefix("with ")], None
    caption = f"A photograph of {who}"
    if features:
        caption += f" with {listed(features)}"
    if appearance.worn:
        caption += f"{',' if features or named else ''} wearing {listed(appearance.worn)}"
    for attribute, value in attributes.given():
        if attribute.name not in WORDED:  # one that was added later: as keywords say it
            caption += f", {attribute.phrase.replace('{}', value)}"
    if expression:
        caption += f", {expression}"
    return [sentence(caption), *([sentence(own)] if own else ())]


def _appearance(attributes: Attributes, subject: Subject, scene: Scene) -> Appearance:
    age = subject.years or 0
    gray = (
        None if scene.hair else "gray" if age >= words.GRAY_FROM else "graying" if age >= words.GRAYING_FROM else None
    )
    hair = hair_of(attributes, gray)
    dress = dress_of(attributes, is_named=scene.dress)
    features = [*hair.features, *dress.features]
    features += [
        FEATURES[attribute.name](value) for attribute, value in attributes.given() if attribute.name in FEATURES
    ]
    features += [sign for least, sign in words.SIGNS_OF_AGE if age >= least][:1]
    return Appearance([*subject.features, *features], [*hair.worn, *dress.worn])


def _frame(scene: Scene) -> list[str]:
    """Return what a prompt leaves open of frame, direction, light and background, as one sentence."""
    said = []
    if not scene.frame:
        said.append("head and shoulders")
    if not scene.direction:
        said.append("looking at the camera")
    if not (scene.light or scene.place):
        said.append("in soft natural light from a window")
    if not scene.place:
        said.append("against a plain, softly blurred background")
    if said == ["head and shoulders"]:
        return ["a head-and-shoulders portrait"]
    return [", ".join(said)] if said else []
