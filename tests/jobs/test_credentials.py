from collections.abc import Mapping
from typing import Any

import pytest
from scripted import queued, request

from avatar_creator.errors import NotConfigured
from avatar_creator.jobs.credentials import Credentials
from avatar_creator.library import Library
from sql import run_sql


class FakeFingerprint:
    """The credentials of a process, by engine and the variable that names them."""

    def __init__(self, **held: str) -> None:
        self.held = held

    def __call__(self, engine: str, options: Mapping[str, Any]) -> str | None:
        if engine == "offline":
            return None
        name = options.get("key_variable") or "HF"
        if name not in self.held:
            raise NotConfigured(f"There is no {name}.")
        return self.held[name]


def asking(library: Library, credential: str, **options: str) -> str:
    asked = request().as_json() | {"options": options}
    return queued(library, engine="huggingface", credential=credential, request=asked)


def test_a_process_without_any_holds_none(library: Library) -> None:
    credentials = Credentials(library.app.generations, FakeFingerprint())
    assert credentials.refresh() == ()


def test_what_it_always_has_is_known_without_anybody_asking(library: Library) -> None:
    credentials = Credentials(library.app.generations, FakeFingerprint(HF="abc"))
    assert credentials.refresh() == credentials.refresh() == credentials.held == ("abc",)


def test_a_credential_that_is_waited_for_is_found_by_the_options_of_its_request(library: Library) -> None:
    credentials = Credentials(library.app.generations, FakeFingerprint(HF="abc", FAL="fal"))
    credentials.refresh()
    asking(library, "fal", key_variable="FAL")
    assert credentials.refresh() == ("abc", "fal")


@pytest.mark.parametrize("also", [{}, {"other": "x"}])
def test_what_comes_and_goes_is_noticed(library: Library, also: dict[str, str]) -> None:
    fingerprint = FakeFingerprint(**also)
    credentials = Credentials(library.app.generations, fingerprint)
    asking(library, "fal", key_variable="FAL")
    assert credentials.refresh() == ()
    fingerprint.held["FAL"] = "fal"
    assert credentials.refresh() == ("fal",)
    run_sql(library.home, "DELETE FROM generations")
    assert credentials.refresh() == ("fal",)  # it has it still, for those that come
    del fingerprint.held["FAL"]
    assert credentials.refresh() == ()


def test_one_that_is_not_the_one_that_was_asked_for_is_held_all_the_same(library: Library) -> None:
    """The variable has another key now: who waits for the first one waits on."""
    credentials = Credentials(library.app.generations, FakeFingerprint(FAL="new"))
    asking(library, "old", key_variable="FAL")
    assert credentials.refresh() == ("new",)
    assert library.app.leases.claim("run_1", credentials.held, idle=True) is None
