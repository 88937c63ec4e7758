"""One model at a time on a card, whoever of a user has it: by real processes, and without torch."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from avatar_creator.engines.local import card_lock
from avatar_creator.engines.local.card_lock import CardLock
from avatar_creator.engines.local.devices import Device
from avatar_creator.errors import Cancelled
from engines.local_requests import Watching

CARD = Device("cuda:0", "NVIDIA Pretend", "GPU-1")
HOLD = """
import sys, time
from pathlib import Path
from avatar_creator.engines.local.card_lock import CardLock
from avatar_creator.engines.local.devices import Device
card = CardLock(Device("cuda:0", "NVIDIA Pretend", "GPU-1"), Path(sys.argv[1]))
card.take(None)
print("held", flush=True)
time.sleep(600)
"""


class Unwilling(Watching):
    """Wants the picture no more after having heard so many times what is waited for."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._left = times

    def phase(self, what: str, /) -> None:
        super().phase(what)
        self._left -= 1
        if self._left == 0:
            raise Cancelled("Cancelled.")


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_lock, "_POLL_S", 0.02)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that has the card."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "held\n"
        yield started
        started.kill()


def test_a_card_is_waited_for_in_words_until_its_holder_dies(holder: "subprocess.Popen[str]", tmp_path: Path) -> None:
    watch, card = Unwilling(3), CardLock(CARD, tmp_path)
    with pytest.raises(Cancelled):
        card.take(watch)
    assert set(watch.phases) == {"waiting for the NVIDIA Pretend: another worker makes pictures with it"}
    assert not CardLock(CARD, tmp_path).is_waited_for(), "who gave up waits no more"
    other, another_card = Watching(), CardLock(CARD._replace(id="GPU-2"), tmp_path)
    another_card.take(other)
    assert other.phases == []
    another_card.give_back()
    holder.kill()
    holder.wait()
    card.take(watch)
    assert len(watch.phases) == 3, "it is free at once"
    card.give_back()


def test_the_holder_is_told_that_somebody_waits(tmp_path: Path) -> None:
    card, other = CardLock(CARD, tmp_path), CardLock(CARD, tmp_path)
    card.take(Watching())
    assert not card.is_waited_for()

    class Looking(Watching):
        def phase(self, what: str, /) -> None:
            super().phase(what)
            assert card.is_waited_for()
            card.give_back()

    watch = Looking()
    other.take(watch)
    assert len(watch.phases) == 1
    assert not other.is_waited_for()
    other.give_back()


def test_a_session_without_a_folder_of_its_own_has_one_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    card = CardLock(CARD)
    card.take(Watching())
    card.give_back()
