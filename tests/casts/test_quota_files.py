"""Quotas in files, as people write them."""

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.axes import AXES
from avatar_creator.casts.quota_files import read_quotas
from avatar_creator.domain.quotas import Quotas
from avatar_creator.errors import InvalidInput


def read(folder: Path, content: str, name: str = "quota.yaml") -> Quotas:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_quotas(path)


def cells_of(quotas: Quotas) -> dict[tuple[str, ...], dict[str, float]]:
    return {part.axes: {" ".join(cell): round(share, 4) for cell, share in part.cells.items()} for part in quotas.parts}


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("gender: {female: 51, male: 49}", {"female": 0.51, "male": 0.49}),
        ("Gender:\n  Female: 51%\n  male: 49 %\n", {"female": 0.51, "male": 0.49}),
        ("sex: {female: 3.0, male: '1'}", {"female": 0.75, "male": 0.25}),
        ("gender: {female: 1/2, male: 1/4, non-binary: 1/4}", {"female": 0.5, "male": 0.25, "non-binary": 0.25}),
        ("gender: {female: '1,500,000', male: 500000}", {"female": 0.75, "male": 0.25}),
        ("gender: {female: 33.3%, male: 33.3%, Non Binary: 33.3%}", dict.fromkeys(AXES["gender"].values, 0.3333)),
        ("gender: {female: 0.33, male: 0.33, non-binary: 0.33}", dict.fromkeys(AXES["gender"].values, 0.3333)),
        ("gender: {female: 1.5, male: 0.5}", {"female": 0.75, "male": 0.25}),
        ("gender: [female, male]", {"female": 0.5, "male": 0.5}),
        ("gender: [[female, 3], [male, 1]]", {"female": 0.75, "male": 0.25}),
        ("- gender: {female: 1}", {"female": 1.0}),
        ("gender: {female: 1, male: 0}", {"female": 1.0}),
    ],
)
def test_weights_of_one_axis(tmp_path: Path, content: str, cells: dict[str, float]) -> None:
    assert cells_of(read(tmp_path, content)) == {("gender",): cells}


JOINT = {("gender", "age"): {"female 18-24": 0.25, "female 65+": 0.25, "male 18-24": 0.5}}


@pytest.mark.parametrize(
    "content",
    [
        "joint:\n- axes: [gender, age]\n  cells:\n    female: {18-24: 1, 65+: 1}\n    male: {18-24: 2}\n",
        "- axes: [gender, age]\n  cells: [[female, 18-24, 25%], [female, 65+, 25%], [male, 18-24, 50%]]\n",
        "axes: gender x age\ncells: [{gender: female, age: 18-24, count: 1}, [female, 65+, 1], [male, 18-24, 2]]",
        "gender, age: {female: {18-24: 1, 65+: 1}, male: {18\u201324: 2}}\n",
        "gender + age range: {female: {18-24: 1, 65+: 1}, male: {18-24: 2}}\n",
        "gender \u00d7 age: {female: {18-24: 1, 65+: 1}, male: {18-24: 2}}\n",
    ],
)
def test_joint_tables(tmp_path: Path, content: str) -> None:
    assert cells_of(read(tmp_path, content)) == JOINT


def test_json_is_read_and_axes_come_in_their_order(tmp_path: Path) -> None:
    content = {"hair-color": {"black": 1}, "ethnicity": ["East Asian", "Ukrainian"], "age": {"young": 1, "25": 1}}
    quotas = read(tmp_path, json.dumps(content), "quota.json")
    assert cells_of(quotas) == {
        ("age",): {"young": 0.5, "25": 0.5},
        ("ethnicity",): {"east-asian": 0.5, "Ukrainian": 0.5},
        ("hair_color",): {"black": 1.0},
    }


def test_a_population_file_of_tinytroupe_is_read(tmp_path: Path) -> None:
    content: dict[str, Any] = {
        "type": "population",
        "content": {
            "Name": "Somewhere",
            "Demographics": {
                "Population": "331 million",
                "Age Distribution": {
                    "0-14": "18.6%",
                    "15-24": "13.1%",
                    "25-54": "39.4%",
                    "55-64": "12.9%",
                    "65+": "16%",
                },
                "Racial and Ethnic Composition": {"White": "61.6%", "Black": "12.4%", "Other": "26%"},
                "Income Distribution": {"low": "50%", "high": "50%"},
            },
        },
    }
    quotas = read(tmp_path, json.dumps(content), "somewhere.json")
    assert quotas.axes == ("age", "ethnicity")
    assert cells_of(quotas)["ethnicity",] == {"white": 0.616, "black": 0.124, "Other": 0.26}


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ("etnicity: {white: 1}", "no axis 'etnicity'", "Did you mean ethnicity?"),
        ("shoe: {white: 1}", "no axis 'shoe'", "Known: gender, age"),
        ("gender: {femlae: 1}", "gender is 'femlae', which is not known", "Did you mean female?"),
        ("ethnicity: {southast asian: 1}", "which is not known", "Did you mean southeast-asian?"),
        ("age: {blue: 1}", "age is 'blue', which is no age", "18-24"),
        ("age: {24-18: 1, 40-50: 1}", "age is '24-18', which is empty", "Try 18-24."),
        ("age: {200: 1}", "age is '200', outside 1 to 120", ""),
        ("gender: {'n/a': 1}", "which says nothing", "female"),
        ("gender: {true: 1}", "no text", "quotes"),
        ("gender: {1.5: 1}", "no text", "quotes"),
        ("gender: {female: -1, male: 2}", "the weight of female is less than 0", ""),
        ("gender: {female: -10%, male: 110%}", "the weight of female is less than 0", ""),
        ("gender: {female: 0}", "add up to 0", ""),
        ("gender: {female: .nan}", "no finite number", ""),
        ("gender: {female: 1e999}", "no finite number", ""),
        ("gender: {female: " + "9" * 400 + "}", "not a number", ""),
        ("gender: {female: many}", "is 'many', not a number", ""),
        ("gender: {female: 1/0}", "not a number", ""),
        ("gender: {female: }", "is missing, not a number", ""),
        ("gender: {female: true}", "not a number", ""),
        ("gender: {female: 50%, male: 45%}", "add up to 95 %, not 100 %", "leave the % out"),
        ("gender: {female: 0.5, male: 0.6}", "gender: the shares add up to 1.1, not 1", "such as 5 and 6"),
        ("gender: {female: 1/3, male: 1/3}", "shares add up to 0.6667, not 1", ""),
        ("gender, age: {female: {young: 0.5}, male: {young: 0.4}}", "gender and age: the shares add up to 0.9", ""),
        ("axes: [gender]\ncells: [[female, 0.5], [male, '.4']]", "the shares add up to 0.9", ""),
        ("gender: {female: 50%, male: 50}", "some weights are percentages", ""),
        ("gender: {female: {young: 1}}", "female has values below it", ""),
        ("gender: {female: [1]}", "not a number", ""),
        ("gender: {female: 1, Female: 2}", "female is there twice", ""),
        ("gender: {}", "add up to 0", ""),
        ("gender: female", "is 'female', not weights", ""),
        ("gender: {female: 1}\nsex: {male: 1}", "gender has more than one quota", ""),
        ("gender: {female: 1}\ngender, age: {female: {young: 1}}", "gender has more than one quota", ""),
        ("gender, gender: {female: {male: 1}}", "gender is twice in one table", ""),
        ("gender, age: {female: 3}", "female needs weights by age", ""),
        ("axes: [gender, age]\ncells: [[female, 3]]", "is not a value of each and a weight", ""),
        ("axes: [gender, age]", "needs both axes and cells", ""),
        ("axes: [gender]\ncells: {female: 1}\nweights: 3", "'weights', which is not known", ""),
        ("axes: []\ncells: {female: 1}", "has no axes", ""),
        ("joint: 5", "'5' is no table of quotas", ""),
        ("[1, 2]", "'1' is no table of quotas", ""),
        ("just words", "There are no quotas", ""),
        ("[]", "There are no quotas", ""),
        ("gender: {female: 1, female: 2}", "has a key twice", ""),
        ("gender: &a {female: 1}\nage: *b", "is broken YAML", ""),
        ("gender: !!python/name:os.system x", "is broken YAML", ""),
        ("? '" + " " * 90_000 + "x'\n: {female: 1}", "is no axis", ""),
        ("ethnicity: {" + ", ".join(f"e{n}: 1" for n in range(5_001)) + "}", "more than 5,000 weights", ""),
        ("gender: {" + "f" * 60 + ": 1}", "gender", ""),
    ],
)
def test_what_is_no_quota_is_refused(tmp_path: Path, content: str, message: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, content)
    assert "quota.yaml'" in str(caught.value)
    assert message in str(caught.value)
    assert hint in str(caught.value.hint)
    assert caught.value.hint


def read_or_hint(path: Path) -> tuple[Quotas | None, str | None]:
    try:
        return read_quotas(path), None
    except InvalidInput as error:
        return None, error.hint


_WORDS = ["gender", "age", "gender, age", "joint", "axes", "cells", "Age Distribution", "female", "18-24", "weight", ""]
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**30),
    st.floats(),
    st.sampled_from([*_WORDS, "5%", "1/2", "1/0", "nan"]),
)
_ANY = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(content=st.dictionaries(st.sampled_from(_WORDS), _ANY, max_size=3) | _ANY)
def test_whatever_is_in_a_file_is_dealt_or_refused_with_a_hint(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    path = tmp_path_factory.mktemp("any") / "quota.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    quotas, hint = read_or_hint(path)
    assert (quotas is None) == bool(hint)
    if quotas:
        assert next(allocate(quotas, 7)).keys() == set(quotas.axes)
        assert Quotas.from_json(quotas.as_json()) == quotas


def test_a_table_of_many_cells_is_dealt(tmp_path: Path) -> None:
    looks = {f"look {number}": number for number in range(1, 1001)}
    quotas = read(tmp_path, json.dumps({"gender, ethnicity": {"female": looks, "male": looks}}))
    (part,) = quotas.parts
    made = Counter(tuple(person.values()) for person in itertools.islice(allocate(quotas, 7), 500))
    assert max(abs(made[cell] - 500 * share) for cell, share in part.cells.items()) < 1
