import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural.appearance import dress_of, eyes_of, hair_of, skin_of


@pytest.mark.parametrize(
    ("style", "color", "said"),
    [
        (None, "black", "black hair"),
        (None, "Black Hair", "black hair"),
        (None, "dark-brown", "dark brown hair"),
        (None, "platinum", "platinum blonde hair"),
        (None, "brown with blonde highlights", "brown hair with blonde highlights"),
        ("long straight", "black", "long straight black hair"),
        ("medium", None, "medium-length hair"),
        ("afro", None, "an afro"),
        ("afro", "auburn", "an auburn afro"),
        ("bob", None, "a bob"),
        ("chin-length bob", "black", "a chin-length black bob"),
        ("pixie", "red", "a red pixie cut"),
        ("braids", None, "hair in braids"),
        ("Fishtail Braids", "black", "black hair in fishtail braids"),
        ("French braid", "black", "black hair in a French braid"),
        ("bun", "gray", "gray hair in a bun"),
        ("dreadlocks", "black", "black dreadlocks"),
        ("bangs", "black", "black hair with bangs"),
        ("long with bangs", "black", "long black hair with bangs"),
        ("tied back", "black", "black hair tied back"),
        ("fade with beard", "black", "a black fade with a beard"),
        ("short hair and a beard", "black", "short black hair with a beard"),
        ("goatee", "black", "black hair and a goatee"),
        ("goatee", None, "a goatee"),
        ("shaved head", None, "a shaved head"),
        ("balding", "gray", "thinning gray hair"),
        ("long-haired", None, "long hair"),
        ("long black hair", "black", "long black hair"),
        ("hijab", "black", "black hair under a hijab"),
        ("no bangs", "black", "black hair and an uncovered forehead"),
    ],
)
def test_hair(style: str | None, color: str | None, said: str) -> None:
    hair = hair_of(Attributes(hair_style=style, hair_color=color), None)
    assert " and ".join(hair.features) == said


def test_what_covers_the_hair_is_worn() -> None:
    assert hair_of(Attributes(hair_style="hijab"), None).worn == ["a hijab"]


def test_a_bald_head_has_no_hair_to_name() -> None:
    assert hair_of(Attributes(hair_style="bald", hair_color="red"), None) == ([], [])
    assert hair_of(Attributes(hair_style="bald with beard"), None).features == ["a beard"]


@pytest.mark.parametrize(
    ("color", "said"),
    [
        ("blue", "blue eyes"),
        ("blue eyes", "blue eyes"),
        ("blue-eyed", "blue eyes"),
        ("dark-brown", "dark brown eyes"),
        ("heterochromia", "heterochromia"),
        ("one blue eye, one brown eye", "one blue eye, one brown eye"),
        ("green eyes with flecks of gold", "green eyes with flecks of gold"),
    ],
)
def test_eyes(color: str, said: str) -> None:
    assert eyes_of(color) == said


@pytest.mark.parametrize(
    ("tone", "said"),
    [
        ("light-medium", "light-medium skin"),
        ("very-light", "very light skin"),
        ("medium", "medium-toned skin"),
        ("fair skin", "fair skin"),
        ("olive complexion", "an olive complexion"),
        ("dark-skinned", "dark skin"),
        ("pale with freckles", "pale skin with freckles"),
    ],
)
def test_skin(tone: str, said: str) -> None:
    assert skin_of(tone) == said


@pytest.mark.parametrize(
    ("style", "worn"),
    [
        ("casual", "a simple T-shirt"),
        ("business-casual", "a blazer over an open-collared shirt"),
        ("Business Casual Attire", "a blazer over an open-collared shirt"),
        ("navy blazer", "a navy blazer"),
        ("in a navy blazer", "a navy blazer"),
        ("wearing a suit", "a suit"),
        ("scrubs", "scrubs"),
        ("blue scrubs", "blue scrubs"),
        ("red dress", "a red dress"),
        ("Evening Gown", "an evening gown"),
        ("overalls", "overalls"),
        ("beachwear", "beachwear"),
        ("navy blazer over white shirt", "a navy blazer over a white shirt"),
        ("black beanie and navy sweater", "a black beanie and a navy sweater"),
        ("black and white dress", "a black and white dress"),
        ("suit with bow tie", "a suit with a bow tie"),
        ("business-casual, navy blazer", "business-casual clothes and a navy blazer"),
        ("business, glasses", "business clothes and glasses"),
        ("elegant", "elegant clothes"),
        ("Gucci suit", "a Gucci suit"),
        ("japanese clothes", "Japanese clothes"),
    ],
)
def test_dress(style: str, worn: str) -> None:
    assert dress_of(Attributes(style=style), is_named=False).worn == [worn]


@pytest.mark.parametrize(
    ("ethnicity", "worn"),
    [
        (None, "traditional clothing"),
        ("south-asian", "traditional South Asian clothing"),
        ("irish descent", "traditional Irish clothing"),
        ("white", "traditional clothing"),
        ("from Ghana", "traditional clothing"),
    ],
)
def test_traditional_dress_is_that_of_the_origin(ethnicity: str | None, worn: str) -> None:
    assert dress_of(Attributes(style="traditional", ethnicity=ethnicity), is_named=False).worn == [worn]


def test_no_garment_is_made_up_beside_those_of_the_prompt() -> None:
    assert dress_of(Attributes(style="business"), is_named=True).worn == ["business clothes"]
    assert dress_of(Attributes(style="red dress"), is_named=True).worn == ["a red dress"]


def test_what_is_no_dress_is_not_worn() -> None:
    assert dress_of(Attributes(style="Full Beard"), is_named=False) == (["a full beard"], [])
    assert dress_of(Attributes(style="no tie"), is_named=False) == (["an open collar"], [])
    assert dress_of(Attributes(), is_named=False) == ([], [])
