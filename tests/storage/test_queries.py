from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from avatar_rows import (
    LOOKS,
    RUNNER,
    SARAH,
    add_avatar,
    add_generated,
    begin,
    generated_avatar,
    insert,
    new_generation,
    opened,
    project_row,
    rows,
    stored_picture,
)

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.filters import AgeSpan, AvatarFilter
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar, Failure, SourceType, Status
from avatar_creator.errors import AvatarError, InvalidInput, NotFound
from avatar_creator.library import Library, open_library
from avatar_creator.storage.queries import Queries
from sample_records import an_avatar
from sql import run_sql


@pytest.fixture
def queries(library: Library) -> Queries:
    return library.app.queries


@pytest.fixture
def project_id(library: Library) -> str:
    return library.app.catalog.add_project("Band")


def found(library: Library, **wanted: Any) -> list[str]:
    return [avatar.name for avatar in library.find(AvatarFilter(**wanted))]


# -- what is read is what was written


def test_an_uploaded_avatar_is_read_as_it_was_added(library: Library, queries: Queries, project_id: str) -> None:
    id_ = add_avatar(library, project_id, recipe={"ä": [1]}, credit="By Ann.", original_sha256="aa")
    avatar = queries.get_avatar(id_)
    nothing = ("generation_id", "engine", "model", "prompt", "full_prompt", "negative_prompt", "seed", "last_used_at")
    assert avatar == an_avatar(
        **dict.fromkeys(nothing),
        id=id_,
        project_id=project_id,
        project_name="Band",
        image_path=library.home.pictures / "0a" / "x.jpg",
        thumbnail_path=library.home.pictures / "0a" / "x.thumb.jpg",
        source_type=SourceType.UPLOADED,
        persona=SARAH,
        attributes=LOOKS,
        width_px=512,
        height_px=640,
        bytes=1000,
        sha256=stored_picture().sha256,
        recipe={"ä": [1]},
        credit="By Ann.",
        created_at=avatar.created_at,
        updated_at=avatar.created_at,
        picture_at=avatar.created_at,
    )
    assert avatar.image_path.is_absolute()
    assert queries.find_original(project_id, "aa") == avatar
    assert queries.find_original(project_id, "bb") is None
    assert queries.find_original("prj_other", "aa") is None


def test_an_avatar_of_nobody_is_read_as_it_was_added(library: Library, project_id: str) -> None:
    id_ = add_avatar(library, project_id, persona=Persona(), attributes=Attributes())
    assert library.show(id_)[8:10] == (Persona(), Attributes())


def test_both_doors_write_the_same_row(library: Library, project_id: str) -> None:
    texts = {"prompt": "p", "full_prompt": "fp", "negative_prompt": "np", "recipe": {"seed": 42}, "credit": "By Ann."}
    lease = add_generated(library, project_id, **texts)
    generated = library.show(lease.avatar_id)
    library.app.catalog.remove_avatars([generated.id])
    library.app.catalog.add_avatar(generated_avatar(project_id, lease, **texts))
    uploaded = library.show(lease.avatar_id)
    at = uploaded.created_at
    assert uploaded == generated._replace(created_at=at, updated_at=at, picture_at=at, cost_usd=None)
    assert generated.full_prompt == "fp"


def test_a_generation_is_read_with_its_request_and_its_avatar(
    library: Library, queries: Queries, project_id: str
) -> None:
    lease = begin(library.app.leases, new_generation(project_id), RUNNER)
    begun = queries.get_generation(lease.id)
    request = new_generation(project_id).request
    assert (begun.status, begun.stage, begun.progress, begun.attempt) == (Status.PROCESSING, "started", 10, 0)
    assert (begun.avatar_id, begun.avatar, begun.error, begun.finished_at) == (None, None, None, None)
    assert (begun.prompt, begun.full_prompt) == (request["prompt"], request["full_prompt"])
    assert (begun.negative_prompt, begun.width_px, begun.height_px) == (request["negative_prompt"], 512, 640)
    library.app.leases.complete(lease, generated_avatar(project_id, lease))
    done = queries.get_generation(lease.id)
    assert (done.status, done.stage, done.progress) == (Status.COMPLETED, "done", 100)
    assert (done.avatar_id, done.avatar) == (lease.avatar_id, queries.get_avatar(lease.avatar_id))


def test_a_failed_generation_is_read_with_its_error(library: Library, queries: Queries, project_id: str) -> None:
    lease = begin(library.app.leases, new_generation(project_id), RUNNER)
    library.app.leases.end(lease, Status.FAILED, Failure("engine", "It is ill.", None))
    failed = queries.get_generation(lease.id)
    assert (failed.status, failed.error) == (Status.FAILED, Failure("engine", "It is ill.", None))
    assert (failed.avatar_id, failed.avatar) == (None, None)


# -- ids


def test_an_avatar_is_found_by_any_unique_start_of_its_id(library: Library, queries: Queries, project_id: str) -> None:
    for id_ in ("av_0abc1", "av_0abd2"):
        add_avatar(library, project_id, id=id_)
    for given in ("av_0abc1", "av_0abc", "0abc1", "0abc"):
        assert queries.get_avatar(given).id == "av_0abc1"


@pytest.mark.parametrize("given", ["av_0ab", "0ab", "0", "av_"])
def test_an_ambiguous_start_is_refused_with_the_candidates(
    library: Library, queries: Queries, project_id: str, given: str
) -> None:
    for id_ in ("av_0abd2", "av_0abc1"):
        add_avatar(library, project_id, id=id_)
    with pytest.raises(InvalidInput, match=r"fits more than one: av_0abc1, av_0abd2$") as failed:
        queries.get_avatar(given)
    assert failed.value.hint == "Give more characters of the id."


def test_only_the_first_candidates_are_listed(library: Library, queries: Queries, project_id: str) -> None:
    for number in range(7):
        add_avatar(library, project_id, id=f"av_{number}")
    with pytest.raises(InvalidInput, match=r"more than one: av_0, av_1, av_2, av_3, av_4, …$"):
        queries.get_avatar("av_")


def test_a_whole_id_is_no_start_of_another(library: Library, queries: Queries, project_id: str) -> None:
    for id_ in ("av_0ab", "av_0abc"):
        add_avatar(library, project_id, id=id_)
    assert queries.get_avatar("0ab").id == "av_0ab"


@pytest.mark.parametrize("given", ["", "av_1", "0abcd", "%", "_abc", "av_0ab\0", "prj_0abc", "'; --", "\U0010ffff"])
def test_any_other_id_is_not_found(library: Library, queries: Queries, project_id: str, given: str) -> None:
    add_avatar(library, project_id, id="av_0abc")
    with pytest.raises(NotFound, match="There is no avatar") as failed:
        queries.get_avatar(given)
    assert (failed.value.exit_code, failed.value.hint) == (3, "Run: avatar list")


def test_an_avatar_is_found_by_its_generation(library: Library, queries: Queries, project_id: str) -> None:
    lease = add_generated(library, project_id)
    add_generated(library, project_id)
    assert queries.get_avatar(lease.id).id == lease.avatar_id
    failed = begin(library.app.leases, new_generation(project_id), RUNNER)
    with pytest.raises(NotFound, match=f"The generation {failed.id} is processing and has no avatar"):
        queries.get_avatar(failed.id)
    with pytest.raises(NotFound, match="There is no generation 'gen_nobody'"):
        queries.get_avatar("gen_nobody")


def test_a_project_is_found_by_name_then_by_id(library: Library, queries: Queries, project_id: str) -> None:
    for given in ("Band", "band", "BAND", project_id, project_id.removeprefix("prj_"), project_id[:-1]):
        assert queries.get_project(given).id == project_id
    namesake = library.app.catalog.add_project(project_id)
    assert queries.get_project(project_id).id == namesake
    with pytest.raises(NotFound, match="There is no project 'Choir'"):
        queries.get_project("Choir")


@pytest.mark.parametrize(
    "name", ["👨‍👩‍👧‍👦 family", "سارة محمد", "Zoë", "[red]", "100%_x", "O'Brien", "a\u00adb", "prj_"]
)
def test_a_project_is_found_by_any_name_it_can_have(library: Library, queries: Queries, name: str) -> None:
    id_ = library.app.catalog.add_project(name)
    library.app.catalog.add_project("Choir")
    assert queries.get_project(name).id == id_


@pytest.mark.parametrize(
    "ask",
    [
        lambda library, text: library.app.queries.get_avatar(text),
        lambda library, text: library.app.queries.get_project(text),
        lambda library, text: library.app.queries.get_generation(text),
    ],
    ids=["avatar", "project", "generation"],
)
def test_bytes_that_are_no_text_are_not_found(library: Library, ask: Callable[[Library, str], object]) -> None:
    """An argument that the shell's encoding cannot read reaches Python as a lone surrogate."""
    with pytest.raises(AvatarError):
        ask(library, "caf\udce9")


def test_a_filter_with_bytes_that_are_no_text_is_refused_or_finds_nothing(library: Library, project_id: str) -> None:
    add_avatar(library, project_id)
    for wanted in ({"text": "caf\udce9"}, {"engine": "caf\udce9"}, {"attributes": {"gender": "caf\udce9"}}):
        try:
            names = found(library, **wanted)
        except InvalidInput:
            continue
        assert names == []


# -- lists


def test_avatars_are_listed_newest_first(library: Library, project_id: str) -> None:
    for number in range(5):
        add_avatar(library, project_id, name=str(number))
    for limit, expected in ((None, "43210"), (2, "43"), (5, "43210"), (100, "43210"), (0, "")):
        assert "".join(avatar.name for avatar in library.find(limit=limit)) == expected


@pytest.mark.parametrize("limit", [None, *range(12)])
def test_a_list_is_whole_however_many_pages_it_takes(
    library: Library, project_id: str, monkeypatch: pytest.MonkeyPatch, limit: int | None
) -> None:
    monkeypatch.setattr("avatar_creator.storage.queries._PAGE", 3)
    for number in range(10):
        add_avatar(library, project_id, name=str(number), persona=Persona(age=30 + number % 2))
    names = [avatar.name for avatar in library.find(limit=limit)]
    assert "".join(names) == "9876543210"[:limit]
    odd = library.find(AvatarFilter(age=AgeSpan(31, 31)), limit=limit)
    assert "".join(avatar.name for avatar in odd) == "97531"[:limit]


def test_a_filter_lets_through_what_fits_all_of_it(library: Library) -> None:
    """Each filter, and each pair of them, against the same question asked in Python."""
    projects = [library.app.catalog.add_project(name) for name in ("Band", "Choir")]
    facts = product(projects, (None, 29, 30, 40), ("female", "male"), ("black", None))
    for project_id, age, gender, color in facts:
        given = {"persona": Persona(age=age), "attributes": Attributes(gender=gender, hair_color=color)}
        if gender == "male":
            add_generated(library, project_id, **given, name=f"{gender} {age}")
        else:
            add_avatar(library, project_id, **given, name=f"{gender} {age}")
    everyone = list(library.find())
    assert len(everyone) == 32
    tests: list[tuple[dict[str, Any], Callable[[Avatar], bool]]] = [
        ({}, lambda _: True),
        ({"project_id": projects[1]}, lambda a: a.project_id == projects[1]),
        ({"project_id": "prj_nobody"}, lambda _: False),
        ({"age": AgeSpan(30, 40)}, lambda a: a.persona.age in {30, 40}),
        ({"age": AgeSpan(29, 29)}, lambda a: a.persona.age == 29),
        ({"engine": "offline"}, lambda a: a.engine == "offline"),
        ({"source_type": SourceType.UPLOADED}, lambda a: a.source_type == "uploaded"),
        ({"text": "MALE 3"}, lambda a: a.name == "male 30"),
        ({"attributes": {"gender": "FEMALE"}}, lambda a: a.attributes.gender == "female"),
        (
            {"attributes": {"hair_color": "black", "gender": "male"}},
            lambda a: a.attributes == Attributes("male", hair_color="black"),
        ),
    ]
    for (one, fits_one), (other, fits_other) in product(tests, repeat=2):
        if one.keys() & other.keys():
            continue
        expected = [avatar for avatar in everyone if fits_one(avatar) and fits_other(avatar)]
        assert list(library.find(AvatarFilter(**one, **other))) == expected, (one, other)


@pytest.mark.parametrize("attribute", [attribute.name for attribute in ATTRIBUTES])
def test_every_attribute_can_be_asked_for(library: Library, project_id: str, attribute: str) -> None:
    add_avatar(library, project_id, name="other")
    add_avatar(library, project_id, name="wanted", attributes=Attributes(**{attribute: 'O\'Very "odd" 100%'}))
    assert found(library, attributes={attribute: 'o\'very "odd" 100%'}) == ["wanted"]
    assert found(library, attributes={attribute: "o'very%"}) == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "100%", "a_b", "\\%", "'", '"', "[red]", "é", "👩‍🚀", "سارة"])
def test_text_is_searched_for_without_a_syntax(library: Library, project_id: str, text: str) -> None:
    add_avatar(library, project_id, name="Plain axb x100", persona=Persona())
    add_avatar(library, project_id, name=f"x {text} y", persona=Persona())
    add_avatar(library, project_id, name="Plain", persona=Persona(f"x {text} y"))
    assert found(library, text=text) == ["Plain", f"x {text} y"]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("F\u00c9MININ", "f\u00e9minin"),
        ("fe\u0301minin", "F\u00c9MININ"),  # kept before there was one Unicode form
        ("Stra\u00dfe", "strasse"),
        ("STRASSE", "stra\u00dfe"),
        ("\u0131\u015f\u0131k", "I\u015eIK"),
        ("\u0416\u0435\u043d\u0449\u0438\u043d\u0430", "\u0416\u0415\u041d\u0429\u0418\u041d\u0410"),
    ],
)
def test_a_filter_knows_any_case_and_form(library: Library, project_id: str, kept: str, asked: str) -> None:
    add_avatar(library, project_id, id="av_0other")
    looks = Attributes.from_json(Attributes().as_json() | {"style": kept})
    add_avatar(library, project_id, id="av_0this", name=f"x {kept} y", attributes=looks)
    assert found(library, text=asked) == found(library, attributes={"style": asked}) == [f"x {kept} y"]


def test_a_project_is_found_in_any_case_and_namesakes_of_earlier_versions_by_id(
    library: Library, queries: Queries
) -> None:
    for id_, name in (("prj_1", "Stra\u00dfe"), ("prj_2", "STRASSE"), ("prj_3", "Cafe\u0301")):
        with opened(library.home.database) as connection:
            insert(connection, "projects", project_row(id_, name))
    assert queries.get_project("CAF\u00c9").id == "prj_3"
    assert queries.get_project("strasse").id == "prj_2"
    with pytest.raises(InvalidInput, match=r"fits more than one: 'Stra\u00dfe' \(prj_1\), 'STRASSE' \(prj_2\)"):
        queries.get_project("Stra\u1e9ee")
    assert queries.get_project("prj_1").name == "Stra\u00dfe"


def test_avatars_whose_names_are_not_allowed_any_more_are_read(library: Library, project_id: str) -> None:
    add_avatar(library, project_id, id="av_0old")
    rows(library.home.database, "UPDATE avatars SET persona_name = ?, gender = ?", "\u200b", "nan")
    avatar = library.app.queries.get_avatar("av_0old")
    assert (avatar.persona.name, avatar.attributes.gender) == ("\u200b", "nan")


def test_writing_goes_on_while_a_list_is_read(library: Library, project_id: str) -> None:
    """As a Python program does: for avatar in library.find(): ..., while others write too."""
    for _ in range(3):
        add_avatar(library, project_id)
    for avatar in library.find():
        library.app.catalog.add_usage(avatar.id, app="game", action="shown")
        begin(library.app.leases, new_generation(project_id), RUNNER)
    assert library.app.stats.stats().usage == 3


def test_generations_are_listed_newest_first(library: Library, queries: Queries, project_id: str) -> None:
    begun = [begin(library.app.leases, new_generation(project_id, seed=seed), RUNNER).id for seed in range(1, 5)]
    assert [generation.id for generation in queries.find_generations(limit=20)] == begun[::-1]
    assert [generation.seed for generation in queries.find_generations(limit=2)] == [4, 3]


def test_projects_are_listed_newest_first_with_their_avatars(
    library: Library, queries: Queries, project_id: str
) -> None:
    library.app.catalog.add_project("Choir")
    for _ in range(2):
        add_avatar(library, project_id)
    assert [(project.name, project.avatars) for project in queries.find_projects()] == [("Choir", 0), ("Band", 2)]
    assert queries.get_project("band").avatars == 2


def test_completion_offers_the_newest_ids_with_their_names(library: Library, queries: Queries, project_id: str) -> None:
    for id_ in ("av_1a", "av_1b", "av_2"):
        add_avatar(library, project_id, id=id_, name=f"name of {id_}")
    assert queries.avatar_names("av_1", limit=9) == [("av_1b", "name of av_1b"), ("av_1a", "name of av_1a")]
    assert [id_ for id_, _ in queries.avatar_names("", limit=2)] == ["av_2", "av_1b"]
    assert queries.avatar_names("x", limit=9) == []


# -- of very many


@pytest.mark.parametrize(("kinds", "merged"), [(1, 100), (3, 100), (7, 2)])
def test_what_waits_is_paged_in_the_order_of_the_worker(
    library: Library, queries: Queries, project_id: str, monkeypatch: pytest.MonkeyPatch, kinds: int, merged: int
) -> None:
    monkeypatch.setattr("avatar_creator.storage.waiting._MERGED_MOST", merged)
    priorities = [0, 5, 0, -1, 5, 5, 0, -(2**63), 2**63 - 1, 0]
    news = [
        new_generation(project_id, priority=priority, engine=f"engine{n % kinds}")
        for n, priority in enumerate(priorities)
    ]
    for new in news:
        library.app.generations.add(new)
    add_generated(library, project_id)
    expected = [new.id for new in sorted(news, key=lambda new: (-new.priority, new.id))]
    for page in (1, 2, 3, 10, 500):
        monkeypatch.setattr("avatar_creator.storage.queries._PAGE", page)
        for limit in (None, 0, 1, 4, 10, 11):
            assert [each.id for each in queries.find_pending(limit=limit)] == expected[:limit]
    assert [id_ for _, id_, _ in queries.find_first_pending(4)] == expected[:4]


def test_of_what_waits_no_more_is_read_than_is_shown(library: Library, queries: Queries, project_id: str) -> None:
    for n in range(2100):  # more than a page of each priority
        library.app.generations.add(new_generation(project_id, priority=n % 3, engine=f"engine{n % 4}"))
    asked: list[str] = []
    library.app._connection.set_trace_callback(asked.append)
    list(queries.find_pending(limit=None))
    list(queries.find_first_pending(5))
    queries.mean_seconds("engine0")
    queries.count_pending()
    queries.count_processing()
    queries.is_any_held()
    list(queries.find_processing())
    library.app._connection.set_trace_callback(None)
    assert len(asked) > 5
    for sql in asked:
        plan = " ".join(row["detail"] for row in library.app._connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        plan = plan.replace("SCAN generations USING INDEX generations_outputs", "")  # for the first row of it
        assert "SCAN generations " not in plan, plan
        assert "TEMP B-TREE" not in plan or "status = 'processing'" in sql, plan


def test_the_tally_counts_what_waits(library: Library, queries: Queries, project_id: str) -> None:
    ids = [new_generation(project_id) for _ in range(4)]
    for new in ids:
        library.app.generations.add(new)
    library.app.leases.claim(RUNNER, [], idle=True)
    library.app.generations.cancel(ids[1].id)
    library.app.generations.add(new_generation(project_id, owner=RUNNER))
    assert (queries.count_pending(), queries.count_pending(for_worker=True), queries.count_processing()) == (3, 2, 1)
    library.app.catalog.remove_project(project_id)
    assert (queries.count_pending(), queries.count_pending(for_worker=True), queries.count_processing()) == (0, 0, 0)


def test_what_waits_for_the_worker_is_counted_at_one_moment(
    library: Library, queries: Queries, project_id: str
) -> None:
    added: list[str] = []

    def add_before(sql: str) -> None:
        if "generations_owned" in sql and not added:
            added.append(sql)
            with open_library(library.home.root) as other:
                other.app.generations.add(new_generation(project_id, owner=RUNNER))

    library.app._connection.set_trace_callback(add_before)
    waits = queries.count_pending(for_worker=True)
    library.app._connection.set_trace_callback(None)
    assert (len(added), waits, queries.count_pending()) == (1, 0, 1)


def test_what_a_process_makes_or_owns_is_held(library: Library, queries: Queries, project_id: str) -> None:
    library.app.generations.add(new_generation(project_id))
    assert not queries.is_any_held()
    library.app.generations.add(new_generation(project_id, owner=RUNNER))
    assert queries.is_any_held()
    lease = library.app.leases.claim_owned(RUNNER)
    assert lease is not None
    assert queries.is_any_held()
    library.app.leases.end(lease.lease, Status.FAILED, Failure("odd", "Odd.", None))
    assert not queries.is_any_held()


def test_the_mean_is_of_the_engines_latest(library: Library, queries: Queries, project_id: str) -> None:
    add_generated(library, project_id)
    assert queries.mean_seconds("huggingface") is None
    run_sql(
        library.home,
        "UPDATE generations SET started_at = '2026-01-01T00:00:00.000000Z',"
        " finished_at = '2026-01-01T00:00:10.000000Z'",
    )
    assert queries.mean_seconds("offline") == pytest.approx(10, abs=0.01)
