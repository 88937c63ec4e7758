import pytest

from avatar_creator.domain.age_ranges import read_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("young", (0, 30)),
        ("Adult", (30, 50)),
        ("mature", (50, 120)),
        ("25-34", (25, 34)),
        ("25\u201334", (25, 34)),
        ("25 to 34 years", (25, 34)),
        ("ages 5-10", (5, 10)),
        ("late 20s", (26, 29)),
        ("late twenties", (26, 29)),
        ("in her forties", (40, 49)),
        ("40's", (40, 49)),
        ("mid-thirties", (33, 37)),
        ("thirtysomething", (30, 39)),
        ("30-something", (30, 39)),
        ("teen", (13, 19)),
        ("late teens", (16, 19)),
        ("under 18", (0, 17)),
        ("50+", (50, 120)),
        ("65 and over", (65, 120)),
        ("over 50", (50, 120)),
        ("35", (35, 35)),
        ("35-year-old", (35, 35)),
        ("35 years old", (35, 35)),
        ("about 35", (35, 35)),
        ("middle-aged", (35, 65)),
        ("elderly", (55, 120)),
        ("Gen Z", None),
        ("1980s", None),
        ("21st century", None),
        ("adult male", None),
        ("", None),
    ],
)
def test_age_ranges_in_years(text: str, years: tuple[int, int] | None) -> None:
    assert read_years(text) == years
