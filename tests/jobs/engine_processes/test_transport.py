"""Transports: how they are written, and what the processes get that they start."""

import os
from collections.abc import Mapping

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.jobs.engine_processes import transport
from avatar_creator.jobs.engine_processes.transport import Transport, read_transports
from avatar_creator.processes.messages import Broken

CARD = {"CUDA_VISIBLE_DEVICES": "1"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("here", Transport("here", 1)),
        ("here*4", Transport("here", 4)),
        (" here * 4 ", Transport("here", 4)),
        ("CUDA_VISIBLE_DEVICES=1 here", Transport("CUDA_VISIBLE_DEVICES=1 here", 1, (), CARD)),
        ("A='b c' here*2", Transport("A=*** here", 2, (), {"A": "b c"})),
        (
            "ssh gpu2 avatar engine-process",
            Transport("ssh gpu2 avatar engine-process", 1, ("ssh", "gpu2", "avatar", "engine-process")),
        ),
        (
            "srun -n1 avatar engine-process*50",
            Transport("srun -n1 avatar engine-process", 50, ("srun", "-n1", "avatar", "engine-process")),
        ),
        ("run '*' \"$HOME; ls\"", Transport("run '*' \"$HOME; ls\"", 1, ("run", "*", "$HOME; ls"))),
    ],
)
def test_it_is_words_and_never_a_line_of_a_shell(text: str, read: Transport) -> None:
    assert read_transports([text]) == (read,)


def test_the_same_one_twice_has_twice_as_many() -> None:
    assert read_transports(["here", "ssh a b", "here*3"]) == (
        Transport("here", 4),
        Transport("ssh a b", 1, ("ssh", "a", "b")),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it names no command"),
        ("A=1", "it names no command"),
        ("*4", "it names no command"),
        ("here*0", "the number after * is to be 1 to 1000"),
        ("here*two", "what follows * is no number"),
        ("here*2*2", "what follows * is no number"),
        ("here*99999", "the number after * is to be 1 to 1000"),
        ("here now", "nothing can stand behind here but *N"),
        ("ssh 'gpu2", "a quote is not closed"),
        ("ssh\x1b[2J", "has some that cannot be seen"),
        ("x" * 1001, "it is longer than 1000 characters"),
        ("cuda:1", "a card is named by a variable"),
    ],
)
def test_what_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match="engine process is '") as caught:
        read_transports([text])
    assert said in caught.value.message
    assert caught.value.hint


def test_values_of_variables_are_in_no_name_and_no_error() -> None:
    a, b = read_transports(["HF_TOKEN=sesame here*2", "HF_TOKEN=other here"])
    assert (str(a), str(b)) == ("HF_TOKEN=*** here*2", "HF_TOKEN=***(2) here"), "a pool knows them by their names"
    assert b.variables == {"HF_TOKEN": "other"}
    assert read_transports([a.name, b.name])[1].is_here, "other commands read the names"
    for bad in ("K=sesame here now", "K='sesame no end", "K=sesame", "K=sesame cuda:1", f"K=sesame {'x' * 1000}"):
        with pytest.raises(InvalidInput) as caught:
            read_transports([bad])
        assert "K=***" in caught.value.message
        assert "sesame" not in caught.value.message


def test_what_a_command_says_of_its_end_repeats_no_value_of_a_variable() -> None:
    said = "env: invalid: SECRET=sesame" if os.name == "posix" else pytest.skip("needs a shell")
    (one,) = read_transports([f"sh -c 'echo {said} >&2' SECRET=sesame"])
    process = one.start("offline")
    with pytest.raises(Broken):
        process.receive()
    ended = process.how_ended()
    process.end()
    assert ended == "exit code 0: env: invalid: SECRET=***"


def test_so_are_too_many() -> None:
    with pytest.raises(InvalidInput, match="more than 1000"):
        read_transports(["here*999", "ssh a b", "ssh b b"])


def test_none_of_them_gets_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = {
        "HF_TOKEN",
        "HF_HUB_TOKEN",
        "FAL_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "AVATAR_HF_TOKEN",
        "AVATAR_HOME",
        "db_password",
    }
    for name in (*secret, "HF_HOME", "SSH_AUTH_SOCK", "SLURM_JOB_ID", "MONKEY", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.setenv(name, "1")
    got: list[Mapping[str, str]] = []
    monkeypatch.setattr(
        "avatar_creator.jobs.engine_processes.process.PipedProcess",
        lambda _engine, _command, environment, **_said: got.append(environment),
    )
    for each in read_transports(["CUDA_VISIBLE_DEVICES=7 here", "ssh gpu2 avatar engine-process"]):
        each.start("offline")
    here, there = got
    assert not secret & (here.keys() | there.keys())
    assert here["CUDA_VISIBLE_DEVICES"] == "7"
    assert {"HF_HOME", "PATH"} <= here.keys()
    assert not {"SSH_AUTH_SOCK", "MONKEY"} & here.keys()
    assert {"HF_HOME", "PATH", "SSH_AUTH_SOCK", "SLURM_JOB_ID", "MONKEY"} <= there.keys()
    assert transport.HERE == "here"
