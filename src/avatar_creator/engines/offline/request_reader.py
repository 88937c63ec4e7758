"""Reads what a request asks of the drawing, out of attributes, persona and prompt."""

import re
from collections.abc import Iterable, Sequence

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.text import shown
from avatar_creator.engines.offline.grammar.ages import age_in_range, ages_in_prompt
from avatar_creator.engines.offline.grammar.phrases import Phrase, find_phrases, tokenize
from avatar_creator.engines.offline.words.function_words import NEGATIONS
from avatar_creator.engines.offline.words.topics import Topic

_COLOR_ROLES = {Topic.HAIR_COLOR: "hair", Topic.EYE_COLOR: "eyes", Topic.SKIN: "skin", Topic.FABRIC: "clothes"}
_REMOVABLE = frozenset({Topic.BEARD, Topic.GLASSES, Topic.HEADWEAR, Topic.EARRINGS})
_CHEERFUL = frozenset({"smile", "laugh"})
_THINGS = (Topic.BEARD, Topic.GLASSES, Topic.HEADWEAR, Topic.EARRINGS, Topic.GARMENT, Topic.EXPRESSION)
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
_UNSURE_GENDERS = frozenset({"f", "m", "they", "other", "neither", "unisex"})  # as in "f/1.8", "no other people"
_SEVERAL = frozenset({Topic.HAIR, Topic.ETHNICITY})  # topics that can be drawn more than once


class Requested:
    """What was asked for; what is missing here is left to chance.

    ``colors`` go by role ("hair", "eyes", "skin", "clothes", "background", "beard", "headwear", "frames",
    "jewellery"), ``words`` by topic; ``texts`` are the words as they were given. ``refused`` holds by topic what
    must not be drawn: meanings, and colors as #rrggbb.
    """

    def __init__(self, age: int | None) -> None:
        self.words: dict[Topic, str] = {}
        self.texts: dict[Topic, str] = {}
        self.colors: dict[str, str] = {}
        self.hair: list[str] = []
        self.ethnicities: list[str] = []
        self.age = age
        self.refused: dict[Topic, set[str]] = {}
        self.notices: list[str] = []


def read_request(request: PictureRequest) -> Requested:
    """Return what a request asks for: attributes count first, then the prompt, then the personality."""
    reader = _RequestReader(Requested(request.persona.age))
    reader.read(request)
    return reader.requested


class _RequestReader:
    """Collects what a request says, and notices about what of it is not understood."""

    def __init__(self, requested: Requested) -> None:
        self.requested = requested

    def read(self, request: PictureRequest) -> None:
        attributes = request.attributes
        self._read_attribute(Topic.GENDER, attributes.gender)
        self._read_age(attributes.age_range)
        self._read_attribute(Topic.ETHNICITY, attributes.ethnicity)
        self._read_attribute(Topic.BODY, attributes.body_type)
        self._read_attribute(Topic.HAIR_COLOR, attributes.hair_color)
        self._read_attribute(Topic.HAIR, attributes.hair_style, Topic.HAIR_COLOR, Topic.HEADWEAR)
        self._read_attribute(Topic.EYE_COLOR, attributes.eye_color)
        self._read_attribute(Topic.SKIN, attributes.skin_tone)
        self._read_attribute(Topic.DRESS, attributes.style, *_THINGS, Topic.FABRIC)
        self._read_prompt(request.prompt.base)
        self._read_negative(request.prompt.negative)
        self._read_personality(request.persona.personality)

    def _read_attribute(self, topic: Topic, text: str | None, *others: Topic) -> None:
        if text is None:
            return
        found = list(find_phrases(text, topic, *others))
        self._add(found)
        ignored = _ignored(found)
        self._note_ignored_negations(found, f"{topic} {shown(text)}")
        if not any(one.topic for one in found):
            self._note(f"does not know {topic} {shown(text)}: it was left to chance.")
        elif topic is Topic.ETHNICITY and not any(one.meaning for one in found):
            self._note(f"does not learn from {topic} {shown(text)} how somebody looks: it was left to chance.")
        elif ignored:
            self._note(f"does not draw {_quoted(ignored)} of {topic} {shown(text)}.")

    def _read_age(self, text: str | None) -> None:
        if text is None:
            return
        age = age_in_range(tokenize(text))
        if age is None:
            self._note(f"does not know age range {shown(text)}: it was left to chance.")
        else:
            self.requested.age = self.requested.age or age

    def _read_prompt(self, text: str | None) -> None:
        """Take of the prompt what is known: things, expressions, and "long red hair" or "a blue background"."""
        if text is None:
            return
        tokens = self._read_ages(tokenize(text))
        rest = re.sub(_BACKGROUND, self._read_description, " ".join(tokens))
        rest = re.sub(_DESCRIPTION, self._read_description, rest)
        topics = (*_THINGS, Topic.GENDER, Topic.HAIR)
        found = [one if _is_sure(one) else one._replace(topic=None) for one in find_phrases(rest, *topics)]
        self._add(found)
        self._note_ignored_negations(found, "the prompt")
        ignored = _ignored(found)
        if ignored:
            self._note(f"does not draw {_quoted(ignored)} of the prompt.")

    def _read_ages(self, tokens: list[str]) -> list[str]:
        """Take the first age that a prompt says of the person, and return the tokens that say no age."""
        ages = ages_in_prompt(tokens)
        self.requested.age = self.requested.age or next((age.years for age in ages if not age.negated), None)
        negated = [" ".join(tokens[age.start : age.end]) for age in ages if age.negated]
        if negated:
            self._note(f"does not know how to leave out {_quoted(negated)} of the prompt.")
        taken = {at for age in ages for at in range(age.start, age.end)}
        return [token for at, token in enumerate(tokens) if at not in taken]

    def _read_description(self, match: re.Match[str]) -> str:
        """Take what "dark brown" of "with dark brown hair" says, and return the rest."""
        words, what = match["words"], match["what"]
        found = [one for one in find_phrases(words, *_DESCRIBED[what]) if one.topic]
        if what == "background":
            for one in found:
                self.requested.colors.setdefault("background", one.meaning)
            if not found and not NEGATIONS.isdisjoint(words.split()):
                self._note("cannot leave out the background: it draws one of a single color.")
        else:
            self._add(found)
            self._note_ignored_negations(found, "the prompt")
        for one in found:
            words = f"{words} ".replace(f"{one.text} ", "", 1)
        return words if found else match[0]

    def _read_negative(self, text: str) -> None:
        self._add(one._replace(negated=True) for one in find_phrases(text, *_THINGS) if one.topic)

    def _read_personality(self, traits: tuple[str, ...]) -> None:
        unknown = []
        for trait in traits:
            known = [one for one in find_phrases(trait, Topic.TRAIT, Topic.EXPRESSION) if one.topic]
            self._add(known)
            if not known:
                unknown.append(trait)
        if unknown:
            self._note(f"cannot draw the personality {_quoted(unknown)}.")

    def _add(self, found: Iterable[Phrase]) -> None:
        """Add what is not known yet: what was read first counts."""
        has_hair = bool(self.requested.hair)
        for one in found:
            self._refuse(one)
            if one.topic is Topic.HAIR:
                if not has_hair and not one.negated:
                    self.requested.hair.append(one.meaning)
            elif one.topic is Topic.ETHNICITY:
                if not one.negated:
                    self.requested.ethnicities.extend(one.meaning.split(" + ") if one.meaning else ())
            elif one.topic in _COLOR_ROLES:
                if not one.negated:
                    self.requested.colors.setdefault(_COLOR_ROLES[one.topic], one.meaning)
            elif one.topic is not None:
                meaning = _meaning_negated(one) if one.negated else one.meaning
                topic = Topic.EXPRESSION if one.topic is Topic.TRAIT else one.topic
                if meaning is not None and topic not in self.requested.words:
                    self.requested.words[topic] = meaning
                    self.requested.texts[topic] = meaning if one.negated else one.text

    def _refuse(self, one: Phrase) -> None:
        if one.negated and one.topic is not None:
            self.requested.refused.setdefault(one.topic, set()).add(one.meaning)

    def _note_ignored_negations(self, found: Sequence[Phrase], of: str) -> None:
        """Say which negated words change nothing. Another ethnicity beside a negated one is all that was asked."""
        negated = [
            one.text
            for one in found
            if one.negated
            and one.topic not in {None, *_THINGS, Topic.TRAIT}
            and not (one.topic is Topic.ETHNICITY and self.requested.ethnicities)
            and not (one.topic is Topic.DRESS and Topic.GARMENT in self.requested.words)
        ]
        if negated:
            self._note(f"does not know how to leave out {_quoted(negated)} of {of}.")

    def _note(self, what: str) -> None:
        self.requested.notices.append(f"The offline engine {what}")


def _is_sure(one: Phrase) -> bool:
    """Tell whether a word of a prompt, which may be about anything, is about the person."""
    if one.topic is Topic.HAIR:
        return one.meaning in _CUTS
    return one.topic is not Topic.GENDER or one.text not in _UNSURE_GENDERS


def _ignored(found: Iterable[Phrase]) -> list[str]:
    """Return the words that are unknown, or say another thing of what was said already."""
    said: dict[Topic | None, str] = {}
    return [
        one.text
        for one in found
        if one.topic is None
        or (one.topic not in _SEVERAL and not one.negated and said.setdefault(one.topic, one.meaning) != one.meaning)
    ]


def _meaning_negated(one: Phrase) -> str | None:
    """Return what "without glasses" or "not smiling" asks for, None if nothing."""
    if one.topic in _REMOVABLE:
        return "none"
    if one.topic is Topic.GARMENT:
        return "t-shirt"
    if one.topic in {Topic.EXPRESSION, Topic.TRAIT}:
        return "serious" if one.meaning in _CHEERFUL else "calm"
    return None


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(shown(text) for text in dict.fromkeys(texts))
