"""All words by topic, and what is drawn where an art style has no drawing of one."""

from collections.abc import Mapping

from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.words import body, colors, dress, face, garments, hair, people
from avatar_creator.engines.offline.words.meaning import Meaning
from avatar_creator.engines.offline.words.topics import Topic

DRAWABLE: Mapping[Topic, Mapping[str, Meaning]] = {
    Topic.BODY: body.BODY,
    Topic.HAIR: hair.HAIR,
    Topic.DRESS: dress.DRESS,
    Topic.GARMENT: garments.GARMENTS,
    Topic.BEARD: face.BEARD,
    Topic.GLASSES: face.GLASSES,
    Topic.HEADWEAR: face.HEADWEAR,
    Topic.EARRINGS: face.EARRINGS,
    Topic.EXPRESSION: face.EXPRESSION,
}
NEAREST: Mapping[str, str | None] = {
    name: meaning.nearest for table in DRAWABLE.values() for name, meaning in table.items()
}
PHRASES: Mapping[Topic, Mapping[str, str]] = {
    Topic.GENDER: people.GENDER,
    Topic.ETHNICITY: people.ETHNICITY,
    Topic.TRAIT: face.TRAIT,
    **{topic: {name: meaning.phrases for name, meaning in table.items()} for topic, table in DRAWABLE.items()},
}
COLORS: Mapping[Topic, Mapping[str, str]] = {
    Topic.HAIR_COLOR: {**colors.NAMED, **palette.HAIR},
    Topic.EYE_COLOR: {**colors.NAMED, **palette.EYES},
    Topic.SKIN: palette.SKIN,
    Topic.FABRIC: {**colors.NAMED, **palette.FABRIC},
}
COLOR_SYNONYMS: Mapping[Topic, Mapping[str, str]] = {
    Topic.HAIR_COLOR: colors.HAIR_COLOR,
    Topic.EYE_COLOR: colors.EYE_COLOR,
    Topic.SKIN: colors.SKIN,
    Topic.FABRIC: colors.FABRIC,
}
