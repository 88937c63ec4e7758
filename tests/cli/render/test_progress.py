"""What the bar of a run says."""

import time

from avatar_creator.cli.render.progress import Tally
from avatar_creator.domain.progress import ITS_TURN, Progress, Wait
from avatar_creator.domain.records import Stage


def _waiting(id_: str, seconds: float) -> Progress:
    return Progress(id_, Stage.WAITING, 45, wait=Wait("rate limit of fal-ai", "", time.monotonic() + seconds))


def test_one_says_its_stage() -> None:
    tally = Tally(1)
    assert tally.said() == ""
    tally.update(Progress("a", Stage.GENERATING, 45))
    assert (tally.said(), tally.percent) == ("generating", 45)


def test_one_says_what_its_engine_does_first() -> None:
    tally = Tally(1)
    tally.update(Progress("a", Stage.GENERATING, 20, phase="loading the \x1b[31mmodel"))
    assert tally.said() == "loading the \\x1b[31mmodel"
    tally.update(Progress("a", Stage.GENERATING, 30))
    assert tally.said() == "generating"


def test_many_say_how_many_are_done_and_under_way() -> None:
    tally = Tally(4)
    for id_ in "abc":
        tally.update(Progress(id_, Stage.GENERATING, 20))
    tally.update(Progress("a", Stage.DONE, 100, ended=True))
    tally.update(Progress("b", Stage.SAVING, 70))
    assert tally.said() == "1/4 generating, 2 at once"
    assert tally.percent == (100 + 70 + 20) / 4
    tally.update(Progress("b", Stage.DONE, 100, ended=True))
    assert tally.said() == "2/4 generating"


def test_many_say_what_is_done_and_not_that_others_wait_for_their_turn() -> None:
    tally = Tally(2)
    tally.update(Progress("a", Stage.GENERATING, 20, phase=ITS_TURN))
    assert tally.said() == "0/2 its turn"
    tally.update(Progress("b", Stage.GENERATING, 20, phase="loading the model"))
    assert tally.said() == "0/2 loading the model"


def test_the_wait_that_ends_first_is_said_and_goes_down_by_itself() -> None:
    tally = Tally(3)
    tally.update(_waiting("a", 50))
    tally.update(_waiting("b", 12))
    tally.update(Progress("c"))
    assert tally.said() == "0/3 waiting 12 s: rate limit of fal-ai"
    tally.update(_waiting("b", -1))
    assert tally.said() == "0/3 waiting 0 s: rate limit of fal-ai"


def test_the_whole_never_goes_back() -> None:
    tally, percents = Tally(2), []
    for progress in (
        Progress("a", Stage.GENERATING, 60),
        Progress("a", Stage.GENERATING, 20),  # a useless one is made again
        Progress("b"),
        Progress("a", Stage.GENERATING, 30, ended=True),  # failed
        Progress("b", Stage.DONE, 100, ended=True),
    ):
        tally.update(progress)
        percents.append(tally.percent)
    assert percents == sorted(percents)
    assert percents[-1] == 100


def test_a_reason_does_no_harm_to_a_terminal() -> None:
    tally = Tally(1)
    tally.update(Progress("a", Stage.WAITING, 20, wait=Wait("\x1b[31m", "", time.monotonic() + 5)))
    assert "\x1b" not in tally.said()
