"""The names of locales."""

import subprocess
import sys
from functools import cache
from importlib import import_module

import pytest

from avatar_creator.casts.names import Names, locale_called, names_of
from avatar_creator.errors import InvalidInput


@cache
def listed() -> dict[str, Names | str]:
    """Return the names of every locale that Faker lists, or why there are none."""
    found: dict[str, Names | str] = {}
    for locale in import_module("faker.config").AVAILABLE_LOCALES:
        try:
            found[locale] = names_of(locale)
        except InvalidInput as error:
            found[locale] = str(error)
    return found


def test_no_locale_has_american_names_in_silence() -> None:
    american = names_of("en_US")
    assert len(listed()) > 90
    for locale, names in listed().items():
        if not isinstance(names, Names):
            assert names.startswith(f"Locale {locale!r} has n")
        elif locale != "en_US":
            assert names.given != american.given
            assert names.family != american.family


@pytest.mark.parametrize("locale", ["am_ET", "ar_AE", "ar_BH", "ar_EG", "ar_JO", "fil_PH", "tl_PH", "en_AU", "en_CA"])
def test_a_locale_to_which_faker_gives_american_names_is_refused(locale: str) -> None:
    with pytest.raises(InvalidInput, match="has no names of its own") as refused:
        names_of(locale)
    assert "Known: ar_AA, " in (refused.value.hint or "")
    assert "en_GB" in (refused.value.hint or "")
    assert locale not in (refused.value.hint or "")


@pytest.mark.parametrize("locale", ["en_PK", "en_TH", "lt_LT"])
def test_names_that_are_not_by_gender_are_refused(locale: str) -> None:
    with pytest.raises(InvalidInput, match="has names that are not by gender"):
        names_of(locale)


@pytest.mark.parametrize("locale", ["", "xx", "../en_US", "de", "English", "en_US_x", "\U0001f600", "en\u0000US"])
def test_what_is_no_locale_is_refused(locale: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        names_of(locale)
    assert "Known: " in (refused.value.hint or "")


def test_the_hint_names_a_locale_that_is_near() -> None:
    with pytest.raises(InvalidInput) as refused:
        names_of("de")
    assert (refused.value.hint or "").startswith("Did you mean de_DE?")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("en_AU", "The nearest that has them: en_GB."),
        ("en-au", "The nearest that has them: en_GB."),
        ("en_CA", "The nearest that has them: en_US."),
        ("en_PK", "The nearest that has them: en_IN."),
        ("ar_EG", "The nearest that has them: ar_AA."),
        ("pa_IN", "The nearest that has them: en_IN."),
        ("eu_ES", "The nearest that has them: es_ES."),
        ("German", "Did you mean de_DE?"),
        ("germany", "Did you mean de_DE?"),
        ("Saudi Arabia", "Did you mean ar_SA?"),
        ("japenese", "Did you mean ja_JP?"),
        ("xx", "Known: ar_AA, "),
        ("", "Known: ar_AA, "),
    ],
)
def test_a_locale_without_names_leads_to_the_nearest_that_has_some(text: str, near: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        names_of(text)
    assert (refused.value.hint or "").startswith(near)


@pytest.mark.parametrize("text", ["en_US", "en-us", "EN_us", " en_US ", "en_US.UTF-8"])
def test_a_locale_may_be_written_as_systems_write_it(text: str) -> None:
    assert locale_called(text) == "en_US"


def test_names_of_every_locale_are_of_people_and_have_no_titles() -> None:
    usable = [each for each in listed().values() if isinstance(each, Names)]
    assert len(usable) > 65
    for names in usable:
        provider = import_module(f"faker.providers.person.{names.locale}").Provider
        titles = {title for kind in ("", "_female", "_male") for title in getattr(provider, f"prefixes{kind}", ())}
        for gender in ("female", "male", "non-binary"):
            given, family = names.given[gender], names.family[gender]
            assert len(given) >= 15
            assert len(family) >= 8
            assert len(set(given)) == len(given)
            assert len(set(family)) == len(family)
            assert not any(name != name.strip() or name in {"", "Doe"} or "{{" in name for name in (*given, *family))
            assert not titles & {name.split()[0] for name in given if " " in name}
        assert names.given["female"] != names.given["male"]


def test_everybody_else_has_the_names_of_both() -> None:
    names = names_of("en_GB")
    assert set(names.given["non-binary"]) == {*names.given["female"], *names.given["male"]}


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("ja_JP", "山田 花子"),
        ("zh_CN", "山田花子"),
        ("ko_KR", "山田花子"),
        ("hu_HU", "山田 花子"),
        ("en_US", "花子 山田"),
    ],
)
def test_a_full_name_is_in_the_order_of_its_locale(locale: str, expected: str) -> None:
    assert names_of(locale).full(["花子"], "山田") == expected


def test_family_names_follow_the_gender_where_they_do_in_a_locale() -> None:
    czech, icelandic = names_of("cs_CZ"), names_of("is_IS")
    assert sum(name.endswith("á") for name in czech.family["female"]) > 90
    assert not any(name.endswith("ová") for name in czech.family["male"])
    assert all(name.endswith("dóttir") for name in icelandic.family["female"])
    assert all(name.endswith("son") for name in icelandic.family["male"])


def test_faker_is_loaded_where_names_are_drawn_and_not_before() -> None:
    program = (
        "import sys; from avatar_creator.casts.people import CastSpec, people; assert 'faker' not in sys.modules\n"
        "next(people(CastSpec(7, 1))); assert 'faker' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_names_of_the_census_are_written_as_their_bearers_write_them() -> None:
    family = names_of("en_US").family["female"]
    assert {"McLean", "O'Connor", "O'Neill", "De la Cruz", "MacDonald", "Olson", "Macias"} <= set(family)
    assert not [name for name in family if name.startswith("Mc") and name[2].islower()]
    assert "Mcanyana" in names_of("zu_ZA").family["female"]
