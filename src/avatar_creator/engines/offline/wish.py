"""What a request asks of the drawing, understood from attributes, persona and prompt."""

import re
from collections.abc import Iterable

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.text import shown
from avatar_creator.engines.offline.words import Found, Topic, read, tokens_of

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
_DESCRIPTION = rf"(?P<words>(?:(?!(?:{_NOUNS})\b)[\w#]+ ){{1,4}})(?P<what>{_NOUNS})\b"  # compiled when it is needed
# Hair styles that a prompt can name in a word of their own; "short" or "messy" may be about anything.
_CUTS = frozenset({"afro", "bald", "balding", "braids", "buns", "dreadlocks", "mohawk", "pigtails", "ponytail"})
_SURE_AGES = frozenset({"3", "6", "11", "16", "25", "47", "78"})  # not "senior": it may be an engineer
_UNSURE_GENDERS = frozenset({"f", "m", "they"})  # as in "f/1.8"
_SEVERAL = frozenset({Topic.HAIR, Topic.ORIGIN})  # topics that can be drawn more than once
_OLDEST = 120
_CHILD = 13


class Wish:
    """What was asked for; what is missing here is left to chance.

    ``colors`` go by role ("hair", "eyes", "skin", "clothes", "background"), ``words`` by topic.
    """

    def __init__(self, age: int | None) -> None:
        self.words: dict[Topic, str] = {}
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
        if not any(one.topic for one in found):
            self._note(f"does not know {topic} {shown(text)}: it was left to chance.")
        elif ignored:
            self._note(f"does not draw {_quoted(ignored)} of {topic} {shown(text)}.")

    def _hear_age(self, text: str | None) -> None:
        if text is None:
            return
        numbers = [int(number) for number in re.findall(r"\d+", text) if int(number) <= _OLDEST]
        words = [int(one.meaning) for one in read(text, Topic.AGE) if one.topic]
        ages = numbers or words
        if not ages:
            self._note(f"does not know age range {shown(text)}: it was left to chance.")
        elif self.wish.age is None:
            self.wish.age = max(1, sum(ages) // len(ages))

    def _hear_prompt(self, text: str | None) -> None:
        """Take of the prompt what is known: things, expressions, and "long red hair" or "a blue background"."""
        if text is None:
            return
        rest = re.sub(_DESCRIPTION, self._hear_description, " ".join(tokens_of(text)))
        topics = (*_THINGS, Topic.GENDER, Topic.AGE, Topic.HAIR)
        found = [one if _is_sure(one) else one._replace(topic=None) for one in read(rest, *topics)]
        self._keep(found)
        ignored = _ignored(found)
        if ignored:
            self._note(f"does not draw {_quoted(ignored)} of the prompt.")

    def _hear_description(self, match: re.Match[str]) -> str:
        """Take what "dark brown" of "with dark brown hair" says, and return the rest."""
        words, what = match["words"], match["what"]
        found = [one for one in read(words, *_DESCRIBED[what]) if one.topic]
        if what == "background":
            for one in found:
                self.wish.colors.setdefault("background", one.meaning)
        else:
            self._keep(found)
        for one in found:
            words = words.replace(f"{one.text} ", "", 1)
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
            elif one.topic is Topic.AGE:
                self.wish.age = self.wish.age or int(one.meaning)
            elif one.topic is Topic.ORIGIN:
                self.wish.origins.append(one.meaning)
            elif one.topic in _COLOR_ROLES:
                if not one.refused:
                    self.wish.colors.setdefault(_COLOR_ROLES[one.topic], one.meaning)
            elif one.topic is not None:
                meaning = _meaning_refused(one) if one.refused else one.meaning
                topic = Topic.EXPRESSION if one.topic is Topic.TRAIT else one.topic
                if meaning is not None:
                    self.wish.words.setdefault(topic, meaning)

    def _note(self, what: str) -> None:
        self.wish.notices.append(f"The offline engine {what}")


def _is_sure(one: Found) -> bool:
    """Tell whether a word of a prompt, which may be about anything, is about the person."""
    if one.topic is Topic.HAIR:
        return one.meaning in _CUTS
    if one.topic is Topic.AGE:
        return one.meaning in _SURE_AGES
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
