"""The engines of a process: which one is chosen, that each is loaded once, and that what it holds is given back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES, Entry, automatic, load_engine
from avatar_creator.engines.base import EnginePlan, Setup, Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import InvalidInput, NotConfigured
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from avatar_creator.settings.engines import ConfiguredEngines
from avatar_creator.settings.values import DEFAULTS

WITH_TOKEN = Setup(settings={"hf_token": "hf_" + "Ab1" * 11})


class Holding(OfflineEngine):
    """Holds something that it must give back, and works as many at once as it is let."""

    setups: list[Setup] = []  # noqa: RUF012 - emptied by the fixture
    closed: list[str] = []  # noqa: RUF012
    name = "holding"

    def __init__(self, setup: Setup, /) -> None:
        super().__init__(setup)
        self.setups.append(setup)

    def plan(self, request: PictureRequest) -> EnginePlan:
        return super().plan(request._replace(options={}))._replace(options={})

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        return super().generate(request._replace(options={}), watch)

    def close(self) -> None:
        self.closed.append(self.name)


@pytest.fixture(autouse=True)
def holding(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ENGINES, Holding.name, Entry(f"{__name__}:Holding", ("bill_to",), settings=("bill_to",)))
    yield
    Holding.setups.clear()
    Holding.closed.clear()


def generated(library: Library, seed: int = 7) -> str:
    made = library.generate(persona=Persona("Ann"), engine="holding", seed=seed, width_px=64, height_px=64)
    return made.engine or ""


# -- the choice


def no_setup(_name: str) -> Setup:
    return Setup()


@pytest.fixture
def without_token(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    del home  # whose environment comes first
    monkeypatch.setenv("HF_HOME", str(tmp_path))


@pytest.mark.usefixtures("without_token")
def test_auto_takes_the_first_engine_that_is_ready() -> None:
    assert automatic((), no_setup).name == "offline"
    assert automatic((), lambda _name: WITH_TOKEN) == (
        "huggingface",
        "Photographed by the huggingface engine, with the token from the setting hf_token.",
    )


@pytest.mark.usefixtures("without_token")
def test_auto_takes_an_engine_that_takes_all_options() -> None:
    only = automatic(["art_style"], lambda _name: WITH_TOKEN)
    assert only == ("offline", "Made by the offline engine, the only one with the option --art-style.")
    assert automatic(["bill_to"], lambda _name: WITH_TOKEN).name == "huggingface"
    assert automatic(["bill_to"], no_setup).name == "huggingface", (
        "the first of those that take it: it says what it lacks"
    )
    with pytest.raises(InvalidInput) as caught:
        automatic(["bill_to", "art_style"], no_setup)
    assert caught.value.message == (
        "No engine takes all of this: --bill-to is for the huggingface and holding engines, "
        "--art-style is for the offline engine."
    )


def test_auto_says_which_options_left_one_engine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "both", Entry("no:Where", ("art_style", "bill_to")))
    both = automatic(["art_style", "bill_to"], no_setup)
    assert both == ("both", "Made by the both engine, the only one with all that was given.")


# -- what they are given, and what they give back


def test_an_engine_is_loaded_once_with_the_settings_of_its_own(library: Library) -> None:
    library.config.set("bill_to", "acme")
    library.config.set("hf_token", "hf_" + "Ab1" * 11)
    assert generated(library, 7) == generated(library, 8) == "holding"
    (setup,) = Holding.setups
    assert dict(setup.settings) == {"bill_to": "acme"}
    assert "acme" not in repr(setup)


def test_an_engine_that_cannot_be_loaded_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "local", Entry("no_such_module:Local", package="avatar-creator[local]"))
    with pytest.raises(
        NotConfigured, match="The local engine cannot be loaded: No module named 'no_such_module'"
    ) as seen:
        load_engine("local")
    assert seen.value.hint == "Install what it needs: pip install 'avatar-creator[local]'"


def test_an_engine_whose_libraries_refuse_a_variable_says_which_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "hub", ENGINES["huggingface"]._replace(place=f"{__name__}:refuse"))
    with pytest.raises(NotConfigured, match="cannot be loaded: 'x' is no number") as seen:
        load_engine("hub")
    assert seen.value.hint == "Check the variables of the environment that begin with HF_."


def refuse(_setup: Setup) -> None:
    raise ValueError("'x' is no number")


def test_a_library_that_is_closed_closes_the_engines_that_it_loaded(home: Home) -> None:
    with open_library(home.root) as library:
        generated(library)
        assert Holding.closed == []
    assert Holding.closed == ["holding"]
    library.close()
    assert Holding.closed == ["holding"], "once"
    generated(library)
    library.close()
    assert (len(Holding.setups), Holding.closed) == (2, ["holding"] * 2)


def test_the_engines_of_its_worker_are_closed_too(library: Library) -> None:
    library.app._patient_engines.load("holding")
    library.close()
    assert Holding.closed == ["holding"]


def test_closing_closes_what_was_loaded_and_nothing_else(tmp_path: Path) -> None:
    engines = ConfiguredEngines(DEFAULTS, tmp_path)
    engines.close()
    engines.load("offline")
    engines.close()
    assert Holding.closed == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs forks")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_does_not_close_what_its_parent_holds(library: Library) -> None:
    generated(library)
    child = os.fork()
    if not child:
        code = 2
        try:
            library.close()
            code = len(Holding.closed)
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    library.close()
    assert Holding.closed == ["holding"]
