"""Any persona, any attributes: strategies for hypothesis."""

from hypothesis import strategies as st

from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST, ATTRIBUTES, Attributes
from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST, BACKGROUND_LONGEST, NAME_LONGEST, TRAIT_LONGEST, Persona
from avatar_creator.domain.text import is_given, trimmed

_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ALLOWED = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=_BIDI_CONTROLS)


def lines(longest: int) -> st.SearchStrategy[str]:
    """Texts of any script that a user may give, some of them not yet as they are kept."""

    def is_inside(text: str) -> bool:
        return 1 <= len(trimmed(text)) <= longest and is_given(text)

    return st.text(_ALLOWED, min_size=1, max_size=longest).filter(is_inside)


def personas() -> st.SearchStrategy[Persona]:
    return st.builds(
        Persona,
        name=st.none() | lines(NAME_LONGEST),
        age=st.none() | st.integers(AGE_LEAST, AGE_MOST),
        personality=st.lists(lines(TRAIT_LONGEST), max_size=4).map(tuple),
        background=st.none() | lines(BACKGROUND_LONGEST),
    )


def attributes() -> st.SearchStrategy[Attributes]:
    values = {a.name: st.none() | st.sampled_from(a.known) | lines(ATTRIBUTE_LONGEST) for a in ATTRIBUTES}
    return st.fixed_dictionaries(values).map(lambda given: Attributes(**given))
