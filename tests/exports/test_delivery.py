"""What pictures for others are to be."""

import pytest

from avatar_creator.domain.picture import Embed, PictureFormat, Shape
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.delivery import Delivery, checked_sizes
from avatar_creator.storage.pictures.renditions import Wanted


def test_without_a_wish_all_stays_as_it_is() -> None:
    assert Delivery.of() == Delivery.of(records=True) == (None, True)


def test_what_is_for_others_says_no_more_than_a_mark_and_has_no_records() -> None:
    assert Delivery.of(sizes=(64,)) == (Wanted((64,), embed=Embed.MARK), False)
    assert Delivery.of(records=False) == (Wanted(embed=Embed.MARK), False)
    assert Delivery.of(suffix=PictureFormat.PNG).wanted == Wanted(format=PictureFormat.PNG, embed=Embed.MARK)


def test_records_and_more_of_a_recipe_come_if_asked_for() -> None:
    made = Delivery.of(shape="Circle", embed="RECIPE", format_="WebP", records=True)
    assert made == (Wanted((), Shape.CIRCLE, PictureFormat.WEBP, Embed.RECIPE), True)


def test_each_size_is_made_once_the_largest_first() -> None:
    assert checked_sizes([64, 512, 64]) == (512, 64)


@pytest.mark.parametrize("sizes", [[31], [1025], [0], [-64], ["64"], [10**30], range(32, 60)])
def test_sizes_that_are_not_made_are_refused(sizes: list[object]) -> None:
    with pytest.raises(InvalidInput, match=r"^size "):
        checked_sizes(sizes)


@pytest.mark.parametrize(
    "asked", [{"shape": "oval"}, {"format_": "gif"}, {"embed": "all"}, {"shape": "circle", "format_": "jpg"}]
)
def test_what_there_is_not_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match=f"^{next(iter(asked)).rstrip('_')} "):
        Delivery.of(**asked)  # type: ignore[arg-type]
