import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from avatar_rows import begin, generated_avatar, insert, new_avatar, new_generation, project_row, stored_picture
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from indexed import assert_indexed

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.library import Library, open_library
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.migrations import MIGRATIONS, _statements, migrate, version


def fresh() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


def test_migrating_counts_the_steps_and_does_each_once() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        assert version(connection) == 0
        for _ in range(2):
            migrate(connection)
            assert version(connection) == len(MIGRATIONS)


@pytest.mark.parametrize("step", MIGRATIONS)
def test_no_statement_of_a_step_is_lost(step: str) -> None:
    """What does not end in a semicolon would not be executed."""
    assert "".join(_statements(step)) == step
    assert all(sqlite3.complete_statement(statement) for statement in _statements(step))


def test_people_who_were_there_before_people_were_counted_are_counted() -> None:
    step = next(n for n, each in enumerate(MIGRATIONS) if "people_tally" in each)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in _statements("".join(MIGRATIONS[:step])):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {step}")
        insert(connection, "projects", project_row("prj_1", "Band"))
        known = {row[1] for row in connection.execute("PRAGMA table_info(avatars)")}
        for who in (Persona("Ann", 32), Persona("Bea", 32), Persona("Cid")):
            values = new_avatar("prj_1", persona=who, attributes=Attributes(age_range="adult")).values(now())
            insert(connection, "avatars", {name: value for name, value in values.items() if name in known})
        migrate(connection)
        tallied = connection.execute("SELECT * FROM people_tally ORDER BY avatars").fetchall()
        assert tallied == [("prj_1", "", "adult", "", 1), ("prj_1", "", 32, "", 2)]


@pytest.mark.parametrize("others", ["band", "BAND"])
def test_project_names_are_unique_whatever_their_case(others: str) -> None:
    with closing(fresh()) as connection:
        insert(connection, "projects", project_row("prj_1", "Band"))
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            insert(connection, "projects", project_row("prj_2", others))


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM projects WHERE name = 'x'", "projects_by_name"),
        ("SELECT * FROM avatars WHERE project_id = 'x' ORDER BY id DESC", "avatars_by_project"),
        ("SELECT * FROM avatars WHERE project_id = 'x' AND original_sha256 = 'y'", "avatars_by_original"),
        ("SELECT * FROM avatars WHERE usage_count > 0 ORDER BY usage_count DESC, id DESC", "avatars_by_usage"),
        (
            "SELECT * FROM avatars WHERE usage_count > 0 AND project_id = 'x' ORDER BY usage_count DESC, id DESC",
            "avatars_by_project_usage",
        ),
        ("SELECT * FROM generations WHERE status = 'processing'", "generations_ended"),
        ("SELECT * FROM generations WHERE status = 'failed' AND finished_at < 'x'", "generations_ended"),
        ("SELECT * FROM generation_events WHERE generation_id = 'x' ORDER BY rowid", "generation_events_by_generation"),
        ("DELETE FROM generations WHERE project_id = 'x'", "generations_by_project"),
        ("SELECT * FROM usage_events WHERE avatar_id = 'x' ORDER BY id DESC", "usage_events_by_avatar"),
    ],
)
def test_an_index_serves_what_commands_ask(sql: str, index: str) -> None:
    with closing(fresh()) as connection:
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert f"INDEX {index} " in f"{plan} "
    assert "TEMP B-TREE" not in plan  # nothing is sorted


PICKS = st.integers(0, 1000)  # of what is there, counted round
ENGINES = st.sampled_from(["offline", "huggingface"])
DAYS = st.sampled_from(["2024-02-29T23:59:59.999999Z", "2024-03-01T00:00:00.000000Z", "2025-01-01T12:00:00.000000Z"])


class Tallies(RuleBasedStateMachine):
    """Whatever is done through either door, in whatever order, the tallies say what a count would."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library: Library = open_library(self.folder)
        self.projects: list[str] = [self.library.app.generations.ensure_project("default")]
        self.avatars: dict[str, str] = {}
        self.lease: dict[Lease, str] = {}
        self.runners = count(1)
        self.raw = sqlite3.connect(self.library.home.database, isolation_level=None)
        self.raw.execute("PRAGMA foreign_keys = ON")

    def teardown(self) -> None:
        self.raw.close()
        self.library.close()
        shutil.rmtree(self.folder)

    @rule(pick=PICKS)
    def add_project(self, pick: int) -> None:
        self.projects.append(self.library.app.catalog.add_project(f"{pick} {len(self.projects)} {now()}"))

    @rule(pick=PICKS, size=st.integers(1, 10**9))
    def upload(self, pick: int, size: int) -> None:
        new = new_avatar(self.projects[pick % len(self.projects)], picture=stored_picture(size, size % 7))
        self.library.app.catalog.add_avatar(new)
        self.avatars[new.id] = new.project_id

    @rule(pick=PICKS, at=DAYS, uses=st.integers(0, 3))
    def insert_by_hand(self, pick: int, at: str, uses: int) -> None:
        new = new_avatar(self.projects[pick % len(self.projects)])
        values: dict[str, Any] = new.values(at) | {"usage_count": uses}
        insert(self.raw, "avatars", values)
        self.avatars[new.id] = new.project_id

    @rule(pick=PICKS, engine=ENGINES)
    def begin(self, pick: int, engine: str) -> None:
        project_id = self.projects[pick % len(self.projects)]
        lease = begin(self.library.app.leases, new_generation(project_id, engine=engine), f"run_{next(self.runners)}")
        self.lease[lease] = project_id

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS)
    def begin_anew(self, pick: int) -> None:
        avatar_id, project_id = list(self.avatars.items())[pick % len(self.avatars)]
        version = self.library.app.recipes.find_versions([avatar_id])[avatar_id] + 1
        new = new_generation(project_id, avatar_id=avatar_id, version=version)
        self.lease[begin(self.library.app.leases, new, f"run_{next(self.runners)}")] = project_id

    @precondition(lambda self: self.lease)
    @rule(pick=PICKS, size=st.integers(1, 10**9))
    def complete(self, pick: int, size: int) -> None:
        lease = list(self.lease)[pick % len(self.lease)]
        project_id = self.lease.pop(lease)
        self.library.app.leases.advance(lease, Progress(lease.id, Stage.SAVING, 70))
        picture = replace(stored_picture(size, size % 7), sha256=str(size % 3))
        self.library.app.leases.complete(lease, generated_avatar(project_id, lease, picture=picture))
        self.avatars[lease.avatar_id] = project_id

    @precondition(lambda self: self.versions())
    @rule(pick=PICKS)
    def restore(self, pick: int) -> None:
        versions = self.versions()
        self.library.app.recipes.restore(*versions[pick % len(versions)])

    def versions(self) -> list[tuple[str, int]]:
        return self.raw.execute("SELECT avatar_id, version FROM avatar_versions ORDER BY avatar_id, version").fetchall()

    @precondition(lambda self: self.lease)
    @rule(pick=PICKS, status=st.sampled_from([Status.FAILED, Status.CANCELLED, Status.PENDING]))
    def end(self, pick: int, status: Status) -> None:
        lease = list(self.lease)[pick % len(self.lease)]
        del self.lease[lease]
        assert self.library.app.leases.end(lease, status, Failure("engine", "It failed.", None))
        assert not self.library.app.leases.end(lease, status, Failure("engine", "It failed.", None))

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS)
    def use(self, pick: int) -> None:
        self.library.app.catalog.add_usage(list(self.avatars)[pick % len(self.avatars)], app="game", action="shown")

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS, age=st.sampled_from([None, 19, 64]), gender=st.sampled_from([None, "male", "Male"]))
    def edit(self, pick: int, age: int | None, gender: str | None) -> None:
        id_ = list(self.avatars)[pick % len(self.avatars)]
        attributes = Attributes(gender=gender, age_range="adult", ethnicity="white" if age else None)
        cleared = [] if age else ["persona_age", "ethnicity"]
        self.library.app.catalog.edit_avatar(id_, persona=Persona(age=age), attributes=attributes, cleared=cleared)

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS, count=st.integers(1, 3))
    def remove_avatars(self, pick: int, count: int) -> None:
        start = pick % len(self.avatars)
        gone = list(self.avatars)[start : start + count]
        self.library.app.catalog.remove_avatars(gone)
        for id_ in gone:
            del self.avatars[id_]

    @precondition(lambda self: len(self.projects) > 1)
    @rule(pick=PICKS)
    def remove_project(self, pick: int) -> None:
        gone = self.projects.pop(pick % len(self.projects))
        self.library.app.catalog.remove_project(gone)
        self.avatars = {id_: project_id for id_, project_id in self.avatars.items() if project_id != gone}
        self.lease = {lease: project_id for lease, project_id in self.lease.items() if project_id != gone}

    @invariant()
    def people_are_counted(self) -> None:
        counted = (
            "SELECT project_id, coalesce(gender, ''), coalesce(persona_age, age_range, ''), coalesce(ethnicity, ''),"
            " count(*) FROM avatars GROUP BY 1, 2, 3, 4"
        )
        tallied = "SELECT project_id, gender, age, ethnicity, avatars FROM people_tally"
        assert set(self.raw.execute(tallied)) == set(self.raw.execute(counted))

    @invariant()
    def tallies_equal_counts(self) -> None:
        avatars: dict[str, tuple[int, int, int]] = {}
        days: Counter[tuple[str, str]] = Counter()
        sql = "SELECT project_id, bytes + thumbnail_bytes, usage_count, created_at FROM avatars"
        for project_id, size, uses, at in self.raw.execute(sql):
            before = avatars.get(project_id, (0, 0, 0))
            avatars[project_id] = (before[0] + 1, before[1] + size, before[2] + uses)
            days[at[:10], project_id] += 1
        sql = "SELECT v.project_id, sum(v.bytes + v.thumbnail_bytes) FROM avatar_versions v JOIN avatars a"
        for project_id, size in self.raw.execute(f"{sql} ON a.id = v.avatar_id GROUP BY v.project_id"):
            number, before_bytes, uses = avatars[project_id]
            avatars[project_id] = (number, before_bytes + size, uses)
        generations = Counter(self.raw.execute("SELECT project_id, status, engine FROM generations"))

        tallied = self.raw.execute("SELECT project_id, avatars, bytes, usage FROM avatar_tally")
        assert {row[0]: row[1:] for row in tallied if any(row[1:])} == avatars
        assert self.tally("SELECT day, project_id, avatars FROM day_tally") == days
        assert self.tally("SELECT project_id, status, engine, generations FROM generation_tally") == generations
        for table in ("avatar_tally", "day_tally", "generation_tally"):
            named = {row[0] for row in self.raw.execute(f"SELECT project_id FROM {table}")}
            assert named <= set(self.projects)  # a removed project leaves no tally
        assert len(self.avatars) == sum(count for count, _, _ in avatars.values())
        present = self.raw.execute("SELECT id, version FROM avatars").fetchall()
        assert set(present).isdisjoint(self.versions())
        assert {avatar_id for avatar_id, _ in self.versions()} <= set(self.avatars)

    @invariant()
    def index_equals_rows(self) -> None:
        assert_indexed(self.library)

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS, tag=st.sampled_from(["hero", "Équipe", "年"]))
    def tag(self, pick: int, tag: str) -> None:
        self.library.app.tags.change([list(self.avatars)[pick % len(self.avatars)]], add=[tag])

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS, tag=st.sampled_from(["hero", "Équipe"]))
    def untag(self, pick: int, tag: str) -> None:
        self.library.app.tags.change([list(self.avatars)[pick % len(self.avatars)]], remove=[tag])

    @precondition(lambda self: self.avatars)
    @rule(pick=PICKS, name=st.sampled_from(["Ann", "Zoë", "太郎"]))
    def describe(self, pick: int, name: str) -> None:
        id_ = list(self.avatars)[pick % len(self.avatars)]
        self.library.app.catalog.edit_avatar(id_, name=name, alt_text=f"A drawing of {name}")
        self.library.app.tags.star([id_], starred=len(name) > 2)

    def tally(self, sql: str) -> dict[tuple[Any, ...], int]:
        return {tuple(row[:-1]): row[-1] for row in self.raw.execute(sql) if row[-1]}


TestTallies = Tallies.TestCase
TestTallies.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
