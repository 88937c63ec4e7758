"""What a request asks of the drawing, understood from attributes, persona and prompt."""

import re
from collections.abc import Iterable, Sequence

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.text import shown
from avatar_creator.engines.offline.ages import age_in_range, ages_in_prompt
from avatar_creator.engines.offline.grammar import Found, read, tokens_of
from avatar_creator.engines.offline.words import REFUSALS, Topic

_COLOR_ROLES = {
    Topic.HAIR_COLOR: "hair",
    Topic.EYE_COLOR: "eyes",
    Topic.SKIN: "skin",
    Topic.FABRIC: "clothes",
}
_REFUSABLE = frozenset({Topic.BEARD, Topic.GLASSES, Topic.HEADWEAR, Topic.EARRINGS})
_CHEERFUL = frozenset({"smile", "laugh"})
_THINGS = (
    Topic.BEARD,
    Topic.GLASSES,
    Topic.HEADWEAR,
    Topic.EARRINGS,
    Topic.GARMENT,
    Topic.EXPRESSION,
)
_DESCRIBED = {
    "hair": (Topic.HAIR, Topic.HAIR_COLOR),
    "eyes": (Topic.EYE_COLOR,),
    "eye": (Topic.EYE_COLOR,),
    "skin": (Topic.SKIN,),
    "background": (Topic.FABRIC,),
}
_NOUNS = "|".join(_DESCRIBED)
# Compiled when they are needed.
_DESCRIPTION = rf"(?P<words>(?:(?!(?:{_NOUNS})\b)[\w#]+ ){{1,4}})(?P<what>{_NOUNS})\b"
_BACKGROUND = r"\b(?P<what>background)(?: (?:color|in|is|of|:))* (?P<words>(?:(?:light|dark|navy) )?[\w#]+)"
# Hair styles that a prompt can name in a word of their own; "short" or "messy" may be about anything.
_CUTS = frozenset({"afro", "bald", "balding", "braids", "buns", "dreadlocks", "mohawk", "pigtails", "ponytail"})
_UNSURE_GENDERS = frozenset({"f", "m", "they"})  # as in "f/1.8"
_SEVERAL = frozenset({Topic.HAIR, Topic.ORIGIN})  # topics that can be drawn more than once
_CHILD = 13


class Wish:
    """What was asked for; what is missing here is left to chance.

    ``colors`` go by role ("hair", "eyes", "skin", "clothes", "background"), ``words`` by topic; ``texts`` are
    the words as they were given.
    """

    def __init__(self, age: int | None) -> None:
        self.words: dict[Topic, str] = {}
        self.texts: dict[Topic, str] = {}
        self.colors: dict[str, str] = {}
        self.hair: list[str] = []
        self.origins: list[str] = []
        self.age = age
        self.notices: list[str] = []


def wish_of(request: PictureRequest) -> Wish:
    """Return what a request asks for: attributes first, then the prompt, then the personality."""
    listener = _Listener(Wish(request.persona.age))
    listener.hear(request)
    return listener.wish


class _Listener:
    """Writes down what a request says, and what of it cannot be understood."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish

    def hear(self, request: PictureRequest) -> None:
        attributes = request.attributes
        self._hear_attribute(Topic.GENDER, attributes.gender)
        self._hear_age(attributes.age_range)
        self._hear_attribute(Topic.ORIGIN, attributes.ethnicity)
        if attributes.body_type is not None and attributes.body_type.casefold() != "average":
            self._note(f"cannot draw body type {shown(attributes.body_type)}.")
        self._hear_attribute(Topic.HAIR_COLOR, attributes.hair_color)
        self._hear_attribute(Topic.HAIR, attributes.hair_style, Topic.HAIR_COLOR, Topic.HEADWEAR)
        self._hear_attribute(Topic.EYE_COLOR, attributes.eye_color)
        self._hear_attribute(Topic.SKIN, attributes.skin_tone)
        self._hear_attribute(Topic.DRESS, attributes.style, *_THINGS, Topic.FABRIC)
        self._hear_prompt(request.prompt.base)
        self._hear_negative(request.prompt.negative)
        self._hear_personality(request.persona.personality)
        if self.wish.age is not None and self.wish.age < _CHILD:
            self._note("cannot draw a child: it gives one the face of an adult.")

    def _hear_attribute(self, topic: Topic, text: str | None, *others: Topic) -> None:
        if text is None:
            return
        found = list(read(text, topic, *others))
        self._keep(found)
        ignored = _ignored(found)
        self._note_unheeded(found, f"{topic} {shown(text)}")
        if not any(one.topic for one in found):
            self._note(f"does not know {topic} {shown(text)}: it was left to chance.")
        elif ignored:
            self._note(f"does not draw {_quoted(ignored)} of {topic} {shown(text)}.")

    def _hear_age(self, text: str | None) -> None:
        if text is None:
            return
        age = age_in_range(tokens_of(text))
        if age is None:
            self._note(f"does not know age range {shown(text)}: it was left to chance.")
        else:
            self.wish.age = self.wish.age or age

    def _hear_prompt(self, text: str | None) -> None:
        """Take of the prompt what is known: things, expressions, and "long red hair" or "a blue background"."""
        if text is None:
            return
        tokens = self._hear_ages(tokens_of(text))
        rest = re.sub(_BACKGROUND, self._hear_description, " ".join(tokens))
        rest = re.sub(_DESCRIPTION, self._hear_description, rest)
        topics = (*_THINGS, Topic.GENDER, Topic.HAIR)
        found = [one if _is_sure(one) else one._replace(topic=None) for one in read(rest, *topics)]
        self._keep(found)
        self._note_unheeded(found, "the prompt")
        ignored = _ignored(found)
        if ignored:
            self._note(f"does not draw {_quoted(ignored)} of the prompt.")

    def _hear_ages(self, tokens: list[str]) -> list[str]:
        """Take the first age that a prompt says of the person, and return the tokens that say no age."""
        ages = ages_in_prompt(tokens)
        self.wish.age = self.wish.age or next((age.years for age in ages if not age.refused), None)
        refused = [" ".join(tokens[age.start : age.end]) for age in ages if age.refused]
        if refused:
            self._note(f"does not know how to leave out {_quoted(refused)} of the prompt.")
        taken = {at for age in ages for at in range(age.start, age.end)}
        return [token for at, token in enumerate(tokens) if at not in taken]

    def _hear_description(self, match: re.Match[str]) -> str:
        """Take what "dark brown" of "with dark brown hair" says, and return the rest."""
        words, what = match["words"], match["what"]
        found = [one for one in read(words, *_DESCRIBED[what]) if one.topic]
        if what == "background":
            for one in found:
                self.wish.colors.setdefault("background", one.meaning)
            if not found and not REFUSALS.isdisjoint(words.split()):
                self._note("cannot leave out the background: it draws one of a single color.")
        else:
            self._keep(found)
            self._note_unheeded(found, "the prompt")
        for one in found:
            words = f"{words} ".replace(f"{one.text} ", "", 1)
        return words if found else match[0]

    def _hear_negative(self, text: str) -> None:
        self._keep(one._replace(refused=True) for one in read(text, *_THINGS) if one.topic)

    def _hear_personality(self, traits: tuple[str, ...]) -> None:
        unknown = []
        for trait in traits:
            known = [one for one in read(trait, Topic.TRAIT) if one.topic]
            self._keep(known)
            if not known:
                unknown.append(trait)
        if unknown:
            self._note(f"cannot draw the personality {_quoted(unknown)}.")

    def _keep(self, found: Iterable[Found]) -> None:
        """Take what is not taken yet: what was heard first counts."""
        heard_hair = bool(self.wish.hair)
        for one in found:
            if one.topic is Topic.HAIR:
                if not heard_hair and not one.refused:
                    self.wish.hair.append(one.meaning)
            elif one.topic is Topic.ORIGIN:
                if not one.refused:
                    self.wish.origins.append(one.meaning)
            elif one.topic in _COLOR_ROLES:
                if not one.refused:
                    self.wish.colors.setdefault(_COLOR_ROLES[one.topic], one.meaning)
            elif one.topic is not None:
                meaning = _meaning_refused(one) if one.refused else one.meaning
                topic = Topic.EXPRESSION if one.topic is Topic.TRAIT else one.topic
                if meaning is not None and topic not in self.wish.words:
                    self.wish.words[topic] = meaning
                    self.wish.texts[topic] = meaning if one.refused else one.text

    def _note_unheeded(self, found: Sequence[Found], of: str) -> None:
        """Say which refused words change nothing. Another origin beside a refused one is all that was asked."""
        refused = [
            one.text
            for one in found
            if one.refused
            and one.topic not in {None, *_THINGS, Topic.TRAIT}
            and not (one.topic is Topic.ORIGIN and self.wish.origins)
            and not (one.topic is Topic.DRESS and Topic.GARMENT in self.wish.words)
        ]
        if refused:
            self._note(f"does not know how to leave out {_quoted(refused)} of {of}.")

    def _note(self, what: str) -> None:
        self.wish.notices.append(f"The offline engine {what}")


def _is_sure(one: Found) -> bool:
    """Tell whether a word of a prompt, which may be about anything, is about the person."""
    if one.topic is Topic.HAIR:
        return one.meaning in _CUTS
    return one.topic is not Topic.GENDER or one.text not in _UNSURE_GENDERS


def _ignored(found: Iterable[Found]) -> list[str]:
    """Return the words that are unknown, or say another thing of what was said already."""
    said: dict[Topic | None, str] = {}
    return [
        one.text
        for one in found
        if one.topic is None
        or (one.topic not in _SEVERAL and not one.refused and said.setdefault(one.topic, one.meaning) != one.meaning)
    ]


def _meaning_refused(one: Found) -> str | None:
    """Return what "without glasses" or "not smiling" asks for, None if nothing."""
    if one.topic in _REFUSABLE:
        return "none"
    if one.topic is Topic.GARMENT:
        return "t-shirt"
    if one.topic in {Topic.EXPRESSION, Topic.TRAIT}:
        return "serious" if one.meaning in _CHEERFUL else "calm"
    return None


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(shown(text) for text in dict.fromkeys(texts))
