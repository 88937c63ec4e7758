import pytest

from avatar_creator.domain.price import SHIPPED_PRICES, Cost, Price, cost_of, read_price, with_shipped
from avatar_creator.errors import InvalidInput

LORA = SHIPPED_PRICES[1]
PIECE = Price(provider="p", model="m", usd_per_image=0.5)


def test_a_price_by_size_grows_with_the_picture_and_one_by_piece_does_not() -> None:
    assert LORA.usd((1000, 1000)) == 0.035
    assert LORA.usd((2000, 1000)) == 0.07
    assert PIECE.usd((64, 64)) == PIECE.usd((2048, 2048)) == 0.5


def test_shipped_prices_say_when_and_where_they_were_read() -> None:
    assert all(price.as_of and price.source for price in SHIPPED_PRICES)
    assert with_shipped(()) == SHIPPED_PRICES


def test_a_price_as_people_read_it() -> None:
    assert str(LORA) == "0.035 USD/MP, 2026-08, fal.ai model pages"
    assert str(PIECE) == "0.5 USD a picture"


@pytest.mark.parametrize(
    ("pictures", "usd", "said"),
    [
        (40, 1.468006, "40 pictures, about $1.47 (0.035 USD/MP, 2026-08, fal.ai model pages)"),
        (1, 0.0367, "1 picture, about $0.037 (0.035 USD/MP, 2026-08, fal.ai model pages)"),
        (10000, 12345.678, "10,000 pictures, about $12,345.68 (0.035 USD/MP, 2026-08, fal.ai model pages)"),
    ],
)
def test_a_cost_as_people_read_it(pictures: int, usd: float, said: str) -> None:
    assert str(Cost(pictures, usd, LORA)) == said


def test_a_cost_is_that_of_all_pictures_by_the_price_of_their_model() -> None:
    size = (1024, 1024)
    cost = cost_of(40, provider="fal-ai", model="fal-ai/flux-lora", size_px=size, prices=SHIPPED_PRICES)
    assert cost == Cost(40, 1.468006, LORA)
    assert cost.as_json() == {"pictures": 40, "usd": 1.468006, "price": LORA.as_json()}


@pytest.mark.parametrize(("provider", "model"), [("nscale", "fal-ai/flux-lora"), ("fal-ai", "x"), (None, None)])
def test_a_cost_without_a_price_is_unknown_and_never_nothing(provider: str | None, model: str | None) -> None:
    cost = cost_of(3, provider=provider, model=model, size_px=(64, 64), prices=SHIPPED_PRICES)
    assert cost.as_json() == {"pictures": 3, "usd": None, "price": None}
    assert str(cost) == "3 pictures, price unknown (add it to prices in config.toml)"


def test_a_table_with_both_rates_is_refused() -> None:
    with pytest.raises(InvalidInput, match="both of usd_per_megapixel and usd_per_image") as refused:
        read_price({"provider": "p", "model": "m", "usd_per_megapixel": 1, "usd_per_image": 1})
    assert "usd_per_megapixel or usd_per_image" in (refused.value.hint or "")
