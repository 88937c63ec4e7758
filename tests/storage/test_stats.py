from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from avatar_rows import (
    RUNNER,
    add_avatar,
    add_generated,
    begin,
    insert,
    new_avatar,
    new_generation,
    opened,
    rows,
    stored_picture,
)

from avatar_creator.domain.records import Failure, Status
from avatar_creator.domain.spending import SpendingReport
from avatar_creator.domain.stats import AppUsage, GenerationCount, Stats, UsedAvatar
from avatar_creator.home import Home
from avatar_creator.library import Library


@pytest.fixture
def project_id(library: Library) -> str:
    return library.app.catalog.add_project("Band")


def add_days_ago(home: Home, project_id: str, days: int) -> None:
    at = datetime.now(UTC) - timedelta(days=days)
    values = new_avatar(project_id).values(at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    with opened(home.database) as connection:
        insert(connection, "avatars", values)


def test_an_empty_library_in_figures(home: Home, library: Library) -> None:
    stats = library.app.stats.stats()
    assert stats == Stats(
        None, 0, 0, (), (), 0, 0, 0.0, (), 0, sum(file.stat().st_size for file in home.root.glob("library.db*"))
    )


def test_a_library_and_its_projects_in_figures(home: Home, library: Library, project_id: str) -> None:
    other = library.app.catalog.add_project("Choir")
    used = {}
    for number, (project, size) in enumerate([(project_id, 100), (project_id, 250), (other, 7)]):
        id_ = add_avatar(library, project, name=f"name {number}", picture=stored_picture(size, 1))
        for _ in range(number):
            library.app.catalog.add_usage(id_, app="game", action="shown")
        used[number] = UsedAvatar(id_, f"name {number}", number)
    add_generated(library, other, picture=stored_picture(10, 1))
    failed = begin(library.app.leases, new_generation(project_id, engine="huggingface"), RUNNER)
    library.app.leases.end(failed, Status.FAILED, Failure("engine", "It is ill.", None))
    begin(library.app.leases, new_generation(project_id), RUNNER)

    completed = GenerationCount(Status.COMPLETED, "offline", 1)
    others = (GenerationCount(Status.FAILED, "huggingface", 1), GenerationCount(Status.PROCESSING, "offline", 1))
    size = sum(file.stat().st_size for file in home.root.glob("library.db*"))
    assert library.app.stats.stats() == Stats(
        None, 4, 2, (completed, *others), (), 4, 3, 0.75, (used[2], used[1]), 371, size
    )
    spending = SpendingReport(reserved=None)  # limits, and what is reserved under them, are those of all projects
    assert library.app.stats.stats(project_id) == Stats(
        project_id, 2, 1, others, (), 2, 1, 0.5, (used[1],), 352, size, spending
    )
    assert library.app.stats.stats(other) == Stats(
        other, 2, 1, (completed,), (), 2, 2, 1.0, (used[2],), 19, size, spending
    )


def test_figures_equal_direct_counts(home: Home, library: Library, project_id: str) -> None:
    other = library.app.catalog.add_project("Choir")
    for number in range(12):
        project = (project_id, other)[number % 3 == 0]
        lease = add_generated(library, project, picture=stored_picture(number * 100, number))
        for _ in range(number % 4):
            library.app.catalog.add_usage(lease.avatar_id, app="game", action="shown")
    library.app.catalog.remove_avatars([avatar.id for avatar in list(library.find())[::5]])
    for wanted in (None, project_id, other):
        stats = library.app.stats.stats(wanted)
        where = "WHERE ? IN (project_id, '')"
        ((avatars, size, usage),) = rows(
            home.database,
            f"SELECT count(*), sum(bytes + thumbnail_bytes), sum(usage_count) FROM avatars {where}",
            wanted or "",
        )
        assert (stats.avatars, stats.picture_bytes, stats.usage, stats.recent) == (avatars, size, usage, avatars)
        assert stats.average_usage == round(usage / avatars, 2)
        statuses = Counter(rows(home.database, f"SELECT status, engine FROM generations {where}", wanted or ""))
        assert {(count.status.value, count.engine): count.count for count in stats.generations} == statuses
        most = rows(
            home.database,
            f"SELECT id, name, usage_count FROM avatars {where} AND usage_count > 0"
            " ORDER BY usage_count DESC, id DESC LIMIT 5",
            wanted or "",
        )
        assert [(avatar.id, avatar.name, avatar.usage_count) for avatar in stats.most_used] == most
        assert len(most) <= 5


def test_recent_are_today_and_the_six_days_before(home: Home, library: Library, project_id: str) -> None:
    for days, recent in ((0, 1), (6, 2), (7, 2), (300, 2)):
        add_days_ago(home, project_id, days)
        assert library.app.stats.stats().recent == recent
        assert library.app.stats.stats(project_id).recent == recent
        assert library.app.stats.stats("prj_other").recent == 0
    assert library.app.stats.stats().avatars == 4


def test_nobody_unused_is_among_the_most_used_and_five_are_named(library: Library, project_id: str) -> None:
    ids = [add_avatar(library, project_id) for _ in range(8)]
    for id_ in ids[:7]:
        library.app.catalog.add_usage(id_, app="game", action="shown")
    assert [avatar.id for avatar in library.app.stats.stats().most_used] == ids[6:1:-1]


def test_usage_lists_the_events_or_the_last_and_sums_up_all_of_them(library: Library, project_id: str) -> None:
    id_, other = (add_avatar(library, project_id) for _ in range(2))
    library.app.catalog.add_usage(other, app="shop", action="shown")
    events = [
        library.app.catalog.add_usage(id_, app=f"app {number % 3}", action="shown", reference=str(number))
        for number in range(52)
    ]
    assert [event.id for event in library.app.stats.usage(id_).events] == events[::-1]
    usage = library.app.stats.usage(id_, limit=50)
    assert usage.avatar_id == id_
    assert [event.id for event in usage.events] == events[:1:-1]
    assert (usage.events[0].app, usage.events[0].action, usage.events[0].reference) == ("app 0", "shown", "51")
    newest = {event.app: event.created_at for event in reversed(usage.events)}
    assert usage.summary == tuple(
        AppUsage(f"app {n}", count, newest[f"app {n}"]) for n, count in enumerate((18, 17, 17))
    )


def test_the_usage_of_an_unused_avatar_is_empty(library: Library, project_id: str) -> None:
    usage = library.app.stats.usage(add_avatar(library, project_id))
    assert (usage.events, usage.summary) == ((), ())
