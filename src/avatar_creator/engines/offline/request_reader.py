"""Reads what a request asks of the drawing, out of attributes, persona and prompt."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.prompt import NEGATIVE_TERMS, USUAL_NEGATIVE
from avatar_creator.domain.synonyms import value_in_english
from avatar_creator.domain.text import shown
from avatar_creator.engines.offline import grammar
from avatar_creator.engines.offline.grammar.garments import without_covered
from avatar_creator.engines.offline.grammar.phrases import Phrase
from avatar_creator.engines.offline.grammar.reading import read_value
from avatar_creator.engines.offline.grammar.tokens import tokenize
from avatar_creator.engines.offline.requested import Requested
from avatar_creator.engines.offline.words.function_words import FAULTS_OF_PICTURES
from avatar_creator.engines.offline.words.people import GENDER
from avatar_creator.engines.offline.words.topics import Topic

if TYPE_CHECKING:
    from avatar_creator.engines.offline.grammar.ages import Age

_REMOVABLE = frozenset({Topic.BEARD, Topic.GLASSES, Topic.HEADWEAR, Topic.EARRINGS})
_TURNED = frozenset({Topic.GARMENT, Topic.EXPRESSION, Topic.TRAIT})  # something else is drawn for what is refused
_CHEERFUL = frozenset({"smile", "laugh"})
_WORN = (Topic.BEARD, Topic.GLASSES, Topic.HEADWEAR, Topic.EARRINGS)
_SEVERAL = frozenset({Topic.HAIR, Topic.ETHNICITY})  # topics that can be drawn more than once
_QUALITIES = FAULTS_OF_PICTURES.union(*(term.split() for term in NEGATIVE_TERMS))
_BY_CHANCE, _NOT_YOUNG = range(20, 36), 45  # years


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
        self._read_attribute(Topic.GENDER, attributes.gender, name="gender")
        self._read_age(attributes.age_range)
        self._read_attribute(Topic.ETHNICITY, attributes.ethnicity)
        self._read_attribute(Topic.BODY, attributes.body_type)
        self._read_attribute(Topic.HAIR_COLOR, attributes.hair_color, color_of="hair", name="hair_color")
        self._read_attribute(Topic.HAIR, attributes.hair_style, *_WORN, color_of="hair", name="hair_style")
        self._read_attribute(Topic.EYE_COLOR, attributes.eye_color, color_of="eyes", name="eye_color")
        self._read_attribute(Topic.SKIN, attributes.skin_tone, color_of="skin", name="skin_tone")
        dress = (*_WORN, Topic.GARMENT, Topic.EXPRESSION)
        self._read_attribute(Topic.DRESS, attributes.style, *dress, color_of="clothes", name="style")
        if attributes.gender is not None and attributes.gender not in GENDER:  # "boy"
            self._take_age(grammar.ages.ages_in_prompt(tokenize(attributes.gender).words))
        self._read_prompt(request.prompt.base)
        self._read_negative(request.prompt.negative)
        self._read_personality(request.persona.personality)

    def _read_attribute(
        self, topic: Topic, text: str | None, *others: Topic, color_of: str = "", name: str = ""
    ) -> None:
        if text is None:
            return
        found, covered = without_covered(read_value(text, (topic, *others), color_of))
        # Words that the engine knows itself go first, so that their drawings stay what they are.
        if not any(one.topic for one in found) and (value := value_in_english(name, text)):
            found, covered = without_covered(read_value(value, (topic, *others), color_of))
        self._add(found)
        ignored = [*_ignored(found), *covered]
        of = f"{topic} {shown(text)}"
        if not any(one.topic for one in found):
            self._note(f"does not know {of}: it was left to chance.")
        elif all(one.refused and one.topic not in {None, *_REMOVABLE, *_TURNED} for one in found):
            self._note(f"leaves {of} to chance, without what it refuses.")
        elif topic is Topic.ETHNICITY and not any(one.meaning for one in found):
            self._note(f"does not learn from {of} how somebody looks: it was left to chance.")
        elif ignored:
            self._note(f"does not draw {_quoted(ignored)} of {of}.")

    def _read_age(self, text: str | None) -> None:
        if text is None:
            return
        age = grammar.ages.age_in_range(tokenize(text).words)
        if age is None:
            self._note(f"does not know age range {shown(text)}: it was left to chance.")
        else:
            self.requested.age = self.requested.age or age

    def _read_prompt(self, text: str | None) -> None:
        if text is None:
            return
        prompt = grammar.prompts.read_prompt(text)
        self._take_age(prompt.ages)
        found, covered = without_covered(prompt.phrases)
        self._add(found)
        self._note_unknown(found, "the prompt", covered, prompt.others)
        if prompt.pronoun is not None:
            self._take(Topic.GENDER, prompt.pronoun, prompt.pronoun)
        elif not (found or prompt.ages or prompt.others):
            self._note(f"finds nothing to draw in the prompt {shown(text)}.")

    def _take_age(self, ages: "Sequence[Age]") -> None:
        """Take the first age of the person. Who is "not young" is older; others are by chance of no refused age."""
        age = next((age.years for age in ages if not age.negated), None)
        if age is None and any(age.years in _BY_CHANCE for age in ages):
            age = _NOT_YOUNG
        self.requested.age = self.requested.age or age

    def _read_negative(self, text: str) -> None:
        if text == USUAL_NEGATIVE:
            return
        prompt = grammar.prompts.read_prompt(text)
        found = [one._replace(refused=True) for one in prompt.phrases if one.text not in _QUALITIES]
        self._add(found)
        self._take_age([age._replace(negated=True) for age in prompt.ages])
        self._note_unknown(found, "the negative prompt")

    def _read_personality(self, traits: tuple[str, ...]) -> None:
        unknown = []
        for trait in traits:
            known = [one for one in read_value(trait, (Topic.TRAIT, Topic.EXPRESSION)) if one.meaning]
            self._add(known)
            if not known:
                unknown.append(trait)
        if unknown:
            self._note(f"cannot draw the personality {_quoted(unknown)}.")

    def _add(self, found: Iterable[Phrase]) -> None:
        """Add what is not known yet: what was read first counts, and before all that is refused: "a hat, no cap"."""
        has_hair = bool(self.requested.hair)
        for one in sorted(found, key=lambda one: one.refused):
            if one.topic is None:
                continue
            if one.refused:
                self._refuse(one, one.topic)
            elif one.role:
                self.requested.colors.setdefault(one.role, one.meaning)
            elif one.topic is Topic.HAIR:
                self.requested.hair.extend([one.meaning] * (not has_hair))
            elif one.topic is Topic.ETHNICITY:
                self.requested.ethnicities.extend(one.meaning.split(" + ") if one.meaning else ())
            else:
                self._take(one.topic, one.meaning, one.text)

    def _refuse(self, one: Phrase, topic: Topic) -> None:
        """Refuse a meaning. Of what can be left out nothing is drawn, and instead of a smile another face."""
        self.requested.refused.setdefault(topic, set()).add(one.meaning)
        if topic in _REMOVABLE:
            self._take(topic, "none", "none")
        elif topic in {Topic.EXPRESSION, Topic.TRAIT}:
            turned = "serious" if one.meaning in _CHEERFUL else "calm"
            self._take(topic, turned, turned)

    def _take(self, topic: Topic, meaning: str, text: str) -> None:
        topic = Topic.EXPRESSION if topic is Topic.TRAIT else topic
        if topic not in self.requested.words:
            self.requested.words[topic] = meaning
            self.requested.texts[topic] = text

    def _note_unknown(
        self, found: Sequence[Phrase], of: str, covered: Sequence[str] = (), others: Sequence[str] = ()
    ) -> None:
        refused = [one.text for one in found if one.refused and one.topic is None]
        if refused:
            self._note(f"does not know how to leave out {_quoted(refused)} of {of}.")
        ignored = [*_ignored(one for one in found if not one.refused), *covered, *others]
        if ignored:
            self._note(f"does not draw {_quoted(ignored)} of {of}.")

    def _note(self, what: str) -> None:
        self.requested.notices.append(f"The offline engine {what}")


def _ignored(found: Iterable[Phrase]) -> list[str]:
    """Return the words that are unknown, or say another thing of what was said already."""
    said: dict[tuple[Topic, str], str] = {}
    return [
        one.text
        for one in found
        if one.topic is None
        or (
            one.topic not in _SEVERAL
            and not one.refused
            and said.setdefault((one.topic, one.role), one.meaning) != one.meaning
        )
    ]


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(shown(text) for text in dict.fromkeys(texts))
