"""The power is cut at any moment of what the program really did: nothing that was said is lost.

`python -m benchmarks.powerloss` looks at many more moments, and prints figures.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from powerloss import kernel
from powerloss.campaign import attack
from powerloss.checks import Ran, check
from powerloss.mutations import MUTATIONS
from powerloss.replay import Model
from powerloss.scenarios import SCENARIOS, Recorded, Scenario, play

WHY_NOT = kernel.why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

Play = Callable[[Scenario, str | None], Recorded]
STATES = 1000 // (len(SCENARIOS) * len(Model)) + 1
MOST = 10_000  # of which the first dozens are enough, but for one that needs a moment of five
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
FIRST, EXISTING = BY_NAME["first run"], BY_NAME["existing home"]
_SHOWN_BY = {  # a word of a mutation, and a scenario
    "answered": "paid",
    "shard": "paid shard",
    "merge": "merge of many",
    " new ": "first run",
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Record each scenario once, and all cuts are made of that."""
    known: dict[tuple[Scenario, str | None], Recorded] = {}

    def recorded(scenario: Scenario, mutation: str | None) -> Recorded:
        if (scenario, mutation) not in known:
            known[scenario, mutation] = play(scenario, tmp_path_factory.mktemp("power"), mutation)
        return known[scenario, mutation]

    return recorded


@pytest.mark.parametrize("model", Model)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_was_said_survives(played: Play, scenario: Scenario, model: Model) -> None:
    figures = attack(played(scenario, None), model, STATES, seed="1")
    assert figures.violations == []
    assert figures.distinct > STATES / 10


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_without_any_of_its_syncs_something_is_lost(played: Play, mutation: str) -> None:
    """So that the checks are known to see what they are for."""
    scenario = next((BY_NAME[name] for word, name in _SHOWN_BY.items() if word in mutation), EXISTING)
    assert attack(played(scenario, mutation), Model.STRICT, MOST, seed="1", first=True).violations != []


@pytest.mark.parametrize("mutation", ["a picture is not synced", "commits are not synced"])
def test_no_journal_makes_up_for_data_that_is_not_synced(played: Play, mutation: str) -> None:
    assert attack(played(EXISTING, mutation), Model.ORDERED, MOST, seed="1", first=True).violations != []


def test_the_end_is_what_the_program_left(played: Play) -> None:
    recorded = played(FIRST, None)
    everything = recorded.ran(len(recorded.recording.operations))
    assert [len(ran.said.split()) for ran in everything] == [3]
    assert recorded.ran(0) == []


def test_a_home_that_is_gone_breaks_every_promise(tmp_path: Path) -> None:
    generation, avatar, deleted = "gen_0000000000000", "av_0000000000000", "av_0000000000001"
    ran = [
        Ran(("generate",), f"{generation}\n"),
        Ran(("upload",), f"{avatar}\n{deleted}\n"),
        Ran(("delete", deleted), f"Deleted {deleted}.\n"),
    ]
    assert check(tmp_path / "home", ran) == [f"{generation} is forgotten", f"{avatar} is forgotten"]
