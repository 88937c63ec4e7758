"""What is charged and reserved under the limits, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from avatar_rows import (
    RUNNER,
    column,
    ensure_project,
    generated_avatar,
    insert,
    make_tables,
    new_generation,
    opened,
    project_row,
    rows,
)

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Status
from avatar_creator.errors import InvalidInput, LimitReached
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from avatar_creator.storage.leases import Charge, Lease, Leases
from avatar_creator.storage.new_generation import NewGeneration
from sql import run_sql

PAID = Charge("fal-ai", "flux", rerolled=False)
WHY = Failure("engine", "It failed.", None)
Set = Callable[..., None]


@pytest.fixture
def limits(home: Home) -> Set:
    def set_(**limits: float) -> None:
        home.create()
        home.config.write_text("".join(f"{name} = {most}\n" for name, most in limits.items()))

    return set_


def photograph(library: Library, **given: Any) -> NewGeneration:
    project = library.app.generations.ensure_project("default")
    values: dict[str, Any] = {"engine": "huggingface", "paid": True, "price_usd": 0.25, "provider": "fal-ai", **given}
    new = new_generation(project, **values)
    new.model = "flux"
    return new


def queue(library: Library, count: int = 1, **given: Any) -> list[str]:
    news = [photograph(library, **given) for _ in range(count)]
    library.app.generations.add(*news)
    return [new.id for new in news]


def claim(library: Library) -> Lease | None:
    claimed = library.app.leases.claim(RUNNER, [], idle=True)
    return claimed.lease if claimed else None


def begun(library: Library) -> Lease:
    lease = claim(library)
    assert lease is not None
    return lease


def call(leases: Leases, lease: Lease, number: int = 1) -> None:
    """Write that a service is about to be called for the nth time."""
    assert leases.advance(lease, Progress(lease.id, attempt=number), Progress(lease.id, attempt=number - 1))


def spent(library: Library) -> tuple[int, int]:
    """Return how many pictures the limits count as spent, and as reserved."""
    spending = library.app.spending
    return spending.since("2000-01-01").counted.pictures, spending.reserved().pictures


def test_what_is_queued_is_reserved_up_to_the_limit_and_refused_beyond(library: Library, limits: Set) -> None:
    limits(max_images_day=3)
    queue(library, 2)
    with pytest.raises(LimitReached) as refused:
        queue(library, 2)
    assert refused.value.message == (
        "This would pay for 2 pictures: the limit is 3 pictures a day (max_images_day), with 0 spent and 2 reserved."
    )
    assert "To change the limit: avatar config set max_images_day N" in (refused.value.hint or "")
    queue(library)
    assert spent(library) == (0, 3)
    assert library.generations.count() == 3  # all or none
    library.app.generations.add(new_generation(ensure_project(library.app.leases)))  # a drawing is free


def test_zero_pays_for_nothing(library: Library, limits: Set) -> None:
    limits(max_usd_month=0)
    with pytest.raises(LimitReached, match="nothing is paid for, since max_usd_month is 0"):
        queue(library)


def test_what_ends_without_a_charge_is_free_again(library: Library, limits: Set) -> None:
    limits(max_images_day=2)
    ids = queue(library, 2)
    library.app.generations.cancel_some(ids[:1])
    assert spent(library) == (0, 1)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.leases.end(lease, Status.FAILED, WHY, calls_ended=1)
    assert spent(library) == (0, 0)
    library.app.generations.retry(ids[0], None)
    library.app.generations.retry(ids[1], None)
    assert spent(library) == (0, 2)
    library.app.generations.cancel_some(ids)
    queue(library, 2)
    with pytest.raises(LimitReached):
        library.app.generations.retry(ids[0], None)
    assert column(library, ids[0], "status") == "cancelled"


def test_a_charge_takes_the_place_of_what_was_reserved(library: Library, limits: Set) -> None:
    limits(max_images_month=2)
    (id_,) = queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    for _ in range(2):  # an interrupted step is made again
        library.app.leases.charge(lease, [PAID])
    assert spent(library) == (1, 0)
    library.app.leases.complete(lease, generated_avatar(lease.project_id, lease))
    assert spent(library) == (1, 0)
    assert column(library, id_, "cost_usd, pictures") == (0.25, 1)
    assert library.show(lease.avatar_id).cost_usd == 0.25
    library.delete([lease.avatar_id])
    queue(library)
    with pytest.raises(LimitReached, match=r"with 1 spent and 1 reserved"):
        queue(library)


def test_another_call_after_a_charge_is_another_picture(library: Library, limits: Set) -> None:
    limits(max_images_day=2)
    queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.leases.charge(lease, [PAID])
    (other,) = queue(library)
    with pytest.raises(LimitReached):
        call(library.app.leases, lease, 2)
    assert column(library, lease.id, "attempt, call_open, reserved") == (1, 0, 0)
    library.app.generations.cancel_some([other])
    call(library.app.leases, lease, 2)
    assert spent(library) == (1, 1)


def test_a_failed_call_may_be_repeated_without_another_reservation(library: Library, limits: Set) -> None:
    limits(max_images_day=1)
    queue(library)
    lease = begun(library)
    for number in (1, 2, 3):
        call(library.app.leases, lease, number)
    assert spent(library) == (0, 1)


def test_a_call_that_was_cut_off_counts_as_spent_until_its_charge_is_known(library: Library, limits: Set) -> None:
    limits(max_images_day=2)
    (id_,) = queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    assert library.app.leases.interrupt(lease)
    assert spent(library) == (1, 0)  # it may have been charged
    again = begun(library)
    library.app.leases.charge(again, [PAID])  # of the response that was saved
    assert spent(library) == (1, 0)
    assert rows(library.home.database, "SELECT sum(pictures) FROM charge_day_tally") == [(1,)]
    library.app.leases.end(again, Status.FAILED, WHY, calls_ended=1)
    assert library.app.generations.retry(id_, None)
    assert spent(library) == (1, 1)


def test_a_new_call_after_one_that_was_cut_off_is_another_picture(library: Library, limits: Set) -> None:
    limits(max_images_day=1)
    queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.leases.interrupt(lease)
    again = begun(library)
    with pytest.raises(LimitReached):
        call(library.app.leases, again, 2)


def test_a_charge_that_comes_after_the_end_is_counted_once(library: Library) -> None:
    (id_,) = queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.generations.cancel_some([id_], at_once=True)
    assert spent(library) == (1, 0)
    for _ in range(2):
        library.app.leases.charge(lease, [PAID])
    assert spent(library) == (1, 0)
    assert column(library, id_, "cost_usd, pictures") == (0.25, 1)


def test_what_is_reserved_no_more_leaves_no_rest(library: Library) -> None:
    ids = queue(library, 15, price_usd=0.009175)
    assert [begun(library).id for _ in ids] == ids
    for id_ in ids:
        library.cancel([id_])
    assert str(library.app.spending.reserved().usd) == "0.0"


def test_a_deleted_project_gives_back_what_it_reserved_and_no_more(library: Library) -> None:
    queue(library, 3)
    call(library.app.leases, begun(library))
    charged = begun(library)
    call(library.app.leases, charged)
    library.app.leases.charge(charged, [PAID])
    library.projects.delete("default")
    assert spent(library) == (2, 0)


def test_a_worker_waits_for_another_day_and_makes_what_is_free_meanwhile(library: Library, limits: Set) -> None:
    (id_,) = queue(library)
    (drawing,) = (new_generation(ensure_project(library.app.leases)),)
    library.app.generations.add(drawing)
    limits(max_images_day=0)
    assert begun(library).id == drawing.id
    assert claim(library) is None
    assert list(library.app.leases.over_limit) == ["huggingface"]
    assert column(library, id_, "status, fence") == ("pending", 0)
    why, until = library.app.spending.why_waits(0.25) or ("", None)
    assert why == "the limit of 0 pictures a day (max_images_day)"
    assert (until or "").endswith("T00:00:00.000000Z")
    limits(max_images_day=1)
    assert begun(library).id == id_
    assert list(library.app.leases.over_limit) == []


@pytest.mark.parametrize("owner", [None, RUNNER])
def test_what_needs_no_further_payment_is_made_at_an_exhausted_limit(
    library: Library, limits: Set, owner: str | None
) -> None:
    refused, fetched = queue(library, 2, owner=owner)
    library.app.generations.cancel_some([fetched])
    limits(max_images_day=0)
    assert library.app.generations.retry(fetched, None, has_response=True)
    run_sql(library.home, "UPDATE generations SET owner = ? WHERE id = ?", owner, fetched)
    leases = library.app.leases
    first = leases.claim_owned(RUNNER) if owner else leases.claim(RUNNER, [], idle=True)
    assert first is not None
    assert first.lease.id == fetched
    assert column(library, refused, "status") == "pending"
    if owner:
        with pytest.raises(LimitReached):
            leases.claim_owned(RUNNER)
        return
    assert not library.app.generations.has_work([], over_limit=["huggingface"])
    assert claim(library) is None
    leases.interrupt(first.lease)
    assert library.app.generations.has_work([], over_limit=["huggingface"])


def test_an_order_of_a_saved_response_still_pays_for_another_picture(library: Library, limits: Set) -> None:
    (id_,) = queue(library)
    library.app.generations.cancel_some([id_])
    library.app.generations.retry(id_, None, has_response=True)
    assert spent(library) == (0, 0)
    limits(max_images_day=0)
    with pytest.raises(LimitReached):
        call(library.app.leases, begun(library))


def test_what_an_inline_run_owns_is_refused_when_it_begins(library: Library, limits: Set) -> None:
    queue(library, owner=RUNNER)
    limits(max_usd_day=0.2)
    with pytest.raises(LimitReached, match=r"This would pay for 1 picture, about \$0.250: the limit is \$0.200 a day"):
        library.app.leases.claim_owned(RUNNER)


def test_dollars_are_counted_by_the_price_of_each(library: Library, limits: Set) -> None:
    limits(max_usd_day=1)
    queue(library, 2)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.leases.charge(lease, [PAID])
    queue(library, price_usd=0.5)
    with pytest.raises(LimitReached, match=r"with \$0.250 spent and \$0.750 reserved"):
        queue(library, price_usd=0.001)


def test_ten_cents_ten_times_are_a_dollar(library: Library, limits: Set) -> None:
    limits(max_usd_day=1)
    for _ in range(10):
        queue(library, price_usd=0.1)
    with pytest.raises(LimitReached):
        queue(library, price_usd=0.000001)


def test_a_picture_of_unknown_price_is_refused_under_a_limit_in_dollars(library: Library, limits: Set) -> None:
    (waiting,) = queue(library, price_usd=None)
    limits(max_usd_month=100, max_images_day=5)
    with pytest.raises(LimitReached, match="What the picture costs is not known") as refused:
        queue(library, price_usd=None)
    assert "prices in config.toml" in (refused.value.hint or "")
    assert claim(library) is None
    assert library.app.spending.why_waits(None) == ("a price: the limit is $100.00 a month (max_usd_month)", None)
    assert column(library, waiting, "status") == "pending"


def test_what_another_provider_charged_costs_what_nobody_knows(library: Library) -> None:
    (id_,) = queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.leases.charge(lease, [PAID, Charge("replicate", "flux", rerolled=True)])
    assert column(library, id_, "cost_usd, price_usd") == (None, None)
    day = "SELECT provider, pictures, unpriced, usd, expected_usd FROM charge_day_tally ORDER BY provider"
    assert rows(library.home.database, day) == [("fal-ai", 1, 0, 0.25, 0.0), ("replicate", 1, 1, 0.0, 0.25)]
    assert library.app.spending.since("2000-01-01").counted.usd == 0.5  # a limit counts what was expected


def test_days_and_months_are_those_of_utc(library: Library, limits: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    def set_clock(day: str) -> None:
        monkeypatch.setattr("avatar_creator.storage.spending.now", lambda: f"{day}T23:59:59.999999Z")

    set_clock("2028-02-28")
    queue(library)
    lease = begun(library)
    call(library.app.leases, lease)
    library.app.leases.charge(lease, [PAID])
    limits(max_images_day=1, max_images_month=2)
    with pytest.raises(LimitReached) as refused:
        queue(library)
    assert (refused.value.hint or "").startswith("The day ends at 2028-02-29 00:00 UTC.")
    set_clock("2028-02-29")
    (id_,) = queue(library)
    library.app.generations.cancel_some([id_])
    limits(max_images_month=1)
    with pytest.raises(LimitReached) as refused:
        queue(library)
    assert (refused.value.hint or "").startswith("The month ends at 2028-03-01 00:00 UTC.")
    set_clock("2028-03-01")
    queue(library)


@pytest.mark.parametrize(
    ("day", "next_day", "next_month"),
    [
        ("2026-01-31", "2026-02-01", "2026-02-01"),
        ("2026-02-28", "2026-03-01", "2026-03-01"),
        ("2028-02-28", "2028-02-29", "2028-03-01"),
        ("2026-04-30", "2026-05-01", "2026-05-01"),
        ("2026-12-31", "2027-01-01", "2027-01-01"),
        ("2026-12-01", "2026-12-02", "2027-01-01"),
    ],
)
def test_a_limit_is_whole_again_when_its_day_or_month_is_over(
    library: Library, limits: Set, monkeypatch: pytest.MonkeyPatch, day: str, next_day: str, next_month: str
) -> None:
    limits(max_images_day=1, max_images_month=2)
    monkeypatch.setattr("avatar_creator.storage.spending.now", lambda: f"{day}T23:59:59.999999Z")
    ends = [limit.resets_at.partition("T") for limit in library.app.spending.report(None).limits]
    assert ends == [(each, "T", "00:00:00.000000Z") for each in (next_day, next_month)]


def test_twenty_a_day_need_nobody_to_agree(library: Library) -> None:
    queue(library, 30)  # somebody has
    ids = queue(library, 19, unasked=True)
    with pytest.raises(InvalidInput, match=r"This would pay for 2 pictures: with 19 of today \(UTC\) more than 20"):
        queue(library, 2, unasked=True)
    queue(library, 1, unasked=True)
    with pytest.raises(InvalidInput):
        queue(library, 1, unasked=True)
    queue(library, 1)
    library.app.generations.cancel_some(ids)
    queue(library, 19, unasked=True)


def test_what_an_older_version_queued_is_reserved(home: Home) -> None:
    """Its rows do not say that they are paid for: the step that adds the columns does."""
    home.create()
    with opened(home.database) as connection:
        make_tables(connection, 6)
        insert(connection, "projects", project_row("prj_1", "default"))
        for n, (engine, status) in enumerate(
            [("huggingface", "pending"), ("huggingface", "completed"), ("offline", "pending")]
        ):
            values = {
                "id": f"gen_{n}",
                "project_id": "prj_1",
                "avatar_id": f"av_{n}",
                "status": status,
                "stage": "queued",
            }
            values |= {"stage": "queued", "progress": "0", "attempt": "0"}
            facts = {"engine": engine, "model": "m", "seed": 1, "request": "{}", "created_at": "", "updated_at": ""}
            insert(connection, "generations", {**values, **facts})
    with open_library(home.root) as library:
        assert spent(library) == (0, 1)


@pytest.mark.parametrize("agreed", [True, False])
def test_what_is_taken_up_again_is_agreed_to_as_it_is_asked_for_now(library: Library, agreed: bool) -> None:
    (id_,) = queue(library, unasked=agreed)
    library.app.generations.cancel_some([id_])
    assert library.app.recipes.adopt(id_, photograph(library, unasked=not agreed))
    assert column(library, id_, "unasked, reserved") == (int(not agreed), 1)
    assert rows(library.home.database, "SELECT sum(unasked) FROM reserved_tally") == [(int(not agreed),)]
    if not agreed:  # as many as nobody need agree to
        queue(library, 19, unasked=True)
        library.app.generations.cancel_some([id_])
        queue(library, 1, unasked=True)
        with pytest.raises(InvalidInput, match="nobody has agreed to"):
            library.app.recipes.adopt(id_, photograph(library, unasked=True))
