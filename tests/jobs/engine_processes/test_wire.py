"""What goes to an engine process and comes from it: all of it comes out as it went in, and nonsense is refused."""

import io
from dataclasses import replace
from typing import Any

import pytest
from apart import PERSONA, made_here, request

from avatar_creator._version import __version__
from avatar_creator.errors import (
    AvatarError,
    EngineBusy,
    EngineError,
    EngineRefused,
    InvalidInput,
    NotConfigured,
    StorageError,
)
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Broken, Message


def sent(message: Message) -> Message:
    pipe = io.BytesIO()
    messages.write(pipe, message)
    pipe.seek(0)
    return messages.read(pipe)


def test_a_request_comes_out_as_it_went_in_however_long_it_is() -> None:
    asked = request(persona=replace(PERSONA, background="She sails 🛥. " * 35), jpeg_quality=80)
    asked = replace(asked, prompt=asked.prompt._replace(full="a boat 🛥 " * 9000))
    assert wire.request_of(sent(wire.request(asked, 9)), "offline") == (replace(asked, project="", seed=9), 9)


def test_a_picture_comes_out_as_it_went_in() -> None:
    made = made_here(request(), 7)._replace(not_shown=("It lacks a hat.",), provider="here")
    assert wire.made_of(sent(wire.made(made))) == made


@pytest.mark.parametrize(
    "error",
    [
        EngineError("It broke.", hint="Mend it."),
        EngineError("No card.", ends_run=True),
        EngineRefused("Not that."),
        InvalidInput("steps is 0.", hint="Give 1."),
        StorageError("The picture is damaged."),
    ],
)
def test_an_error_comes_out_as_it_went_in(error: AvatarError) -> None:
    told = wire.failure_of(sent(wire.failure(error)))
    assert type(told) is type(error)
    assert isinstance(told, AvatarError)
    assert (told.message, told.hint) == (error.message, error.hint)
    assert getattr(told, "ends_run", None) == getattr(error, "ends_run", None)


def test_an_error_of_another_kind_counts_as_the_nearest() -> None:
    assert type(wire.failure_of(sent(wire.failure(EngineBusy("Later.", retry_after_s=3))))) is EngineError


def test_a_bug_says_where_it_was_and_no_token() -> None:
    try:
        dict[str, str]().pop("hf_abcdefghijklmnopqrstuvwxyz")
    except KeyError as error:
        told = wire.failure_of(sent(wire.failure(error)))
    assert isinstance(told, wire.ProcessBug)
    assert str(told) == "KeyError: 'hf_***'"
    assert "test_wire.py" in told.__notes__[0]


@pytest.mark.parametrize(
    "head",
    [
        {"error": None},
        {"error": ["SystemExit", "x", None, False]},
        {"error": ["EngineError", 1, None, False]},
        {"error": ["EngineError", "x", None]},
        {"bug": []},
        {"bug": "x"},
    ],
)
def test_an_error_that_ours_never_sends_is_refused(head: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        wire.failure_of(Message(head))


@pytest.mark.parametrize(
    "message",
    [
        Message({"made": []}),
        Message({"made": ["jpeg", 1, 1, ""]}, [b"", b""]),
        Message({"made": ["gif", 1, 1, ""]}, [b"", b"", b"{}"]),
        Message({"made": ["jpeg", 1, 1, ""]}, [b"", b"", b"[]"]),
        Message({"made": ["jpeg", 1, 1, ""]}, [b"", b"", b'{"not_shown": []}']),
        Message({"made": ["jpeg", 1, 1, ""]}, [b"", b"", b"[" * 100_000]),
        Message({"made": None}, [b"", b"", b"{}"]),
        Message({"made": ["jpeg", "64", 64, "ab", None]}, [b"", b"", b"{}"]),
        Message({"made": ["jpeg", 64, 64, None, None]}, [b"", b"", b"{}"]),
        Message({"made": ["jpeg", 64, 64, "ab", 7]}, [b"", b"", b"{}"]),
    ],
)
def test_a_picture_that_ours_never_sends_is_refused(message: Message) -> None:
    with pytest.raises(Broken):
        wire.made_of(message)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"protocol": 1, "version": "0.0.1"}, f"is of version '0.0.1', and the worker of version {__version__}."),
        ({"protocol": 99, "version": __version__}, "is of version protocol 99, and the worker of version protocol 1."),
    ],
)
def test_another_version_is_named(head: dict[str, Any], said: str) -> None:
    with pytest.raises(NotConfigured) as caught:
        wire.facts_of(Message(head))
    assert caught.value.message.endswith(said)


@pytest.mark.parametrize(
    "head",
    [
        {},
        {"protocol": 1},
        {"version": 3},
        {**wire.READY.head, "facts": ["gpu"]},
        {**wire.READY.head, "facts": {"device": [[[]]]}},
    ],
)
def test_what_is_no_first_message_is_refused(head: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        wire.facts_of(Message(head))


def test_facts_come_out_as_they_went_in_but_nothing_that_a_terminal_obeys() -> None:
    assert wire.facts_of(sent(wire.ready({"device": "cuda:0", "host": "a\x1b[2J"}))) == {
        "device": "cuda:0",
        "host": "a\\x1b[2J",
    }
    many = wire.facts_of(wire.ready({f"{n}\x1b" + "x" * 9999: "x" * 9999 for n in range(99)}))
    assert len(many) == 16
    assert {len(text) for pair in many.items() for text in pair} == {200}
    assert "\x1b" not in "".join(many)


def test_a_phase_is_a_short_text() -> None:
    assert wire.phase_of(wire.ALIVE) is None
    assert wire.phase_of(Message({"phase": "\x1b" + "x" * 9999})) == ("\\x1b" + "x" * 9999)[:200]
    with pytest.raises(Broken):
        wire.phase_of(Message({"phase": {}}))
