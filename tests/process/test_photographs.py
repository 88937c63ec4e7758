"""Photographs by the whole program against a service that misbehaves: what is paid, kept, said and never shown."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.home import Home
from standin import LORA, Behaviour, StandIn, behaviours
from standin.wire import Answer
from waiting import until

# A shell that starts a job in the background has it ignore Ctrl-C; this one is in the foreground.
FOREGROUND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from avatar_creator.cli.main import run
run()
"""
GENERATE = ("generate", "--persona-name", "Ann", "--width", "512", "--height", "512", "--timeout", "5")
# What the service may do to any of many pictures. The refusals that end a whole run have tests of their own.
ANYTHING: tuple[Behaviour, ...] = (
    behaviours.bad_request,
    behaviours.content_policy,
    behaviours.request_timeout,
    behaviours.rate_limited(0),
    behaviours.error_500,
    behaviours.bad_gateway_html,
    behaviours.loading(0.1),
    behaviours.busy,
    behaviours.gateway_timeout,
    behaviours.error_list,
    behaviours.reset,
    behaviours.cut,
    behaviours.closed,
    behaviours.html_200,
    behaviours.empty_200,
    behaviours.cut_json_200,
    behaviours.no_picture_200,
    behaviours.truncated(0.5),
    behaviours.black,
    behaviours.size(512, 384),
    behaviours.as_webp,
    behaviours.as_rgba_png,
    behaviours.redirect_loop,
)
NEVER_AGAIN = {"bad_request", "content_policy", "redirect_loop"}

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def hub(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:  # noqa: ARG001 - a clean environment first
    with StandIn(tmp_path) as hub:
        for name, value in hub.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AVATAR_RETRY_BASE_S", "0.02")
        yield hub


def _start(*argv: str, program: str = FOREGROUND) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, out, err


def _rows(home: Home, sql: str) -> list[Any]:
    with closing(sqlite3.connect(home.database)) as connection:
        return connection.execute(sql).fetchall()


def test_a_first_photograph_needs_a_token_and_nothing_else(hub: StandIn, home: Home) -> None:
    code, out, err = _ended(_start(*GENERATE, "--seed", "42", "--json"))
    assert (code, err) == (0, "Made by the huggingface engine, the only one with the option --timeout.\n")
    avatar = json.loads(out)["avatar"]
    assert (avatar["engine"], avatar["seed"], avatar["width_px"]) == ("huggingface", 42, 512)
    assert avatar["recipe"]["made_with"]["lora"] == "XLabs-AI/flux-RealismLora"
    assert [(made.seed, made.lora_scale, made.downloads) for made in hub.pictures] == [(42, 0.9, 1)]
    assert [seen.kind for seen in hub.requests] == ["lookup", "call", "poll", "poll", "download"]
    assert _rows(home, "SELECT provider, pictures, attempt FROM generations") == [("fal-ai", 1, 1)]


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_service_does_each_generation_ends_and_each_picture_is_counted(
    hub: StandIn, home: Home, seed: int
) -> None:
    hub.chance(0.3, ANYTHING, seed)
    hub.delay_s = 0.05
    many = ("--count", "40", "--concurrency", "2", "--seed", str(seed), "--yes", "--quiet")
    code, out, _ = _ended(_start(*GENERATE, *many))
    ended = Counter(row[0] for row in _rows(home, "SELECT status FROM generations"))
    assert code == (5 if ended["failed"] else 0)
    assert sum(ended.values()) == ended["completed"] + ended["failed"] == len(out.split()) == 40
    codes = {row[0] for row in _rows(home, "SELECT DISTINCT error_code FROM generations WHERE status = 'failed'")}
    assert codes <= {"engine", "engine_busy", "engine_refused"}
    assert hub.peak == 2
    # Pictures that were made and never arrived whole are charged; only a connection that broke hides one.
    unseen = sum(seen.behaviour in {"cut", "cut_json_200", "gateway_timeout"} for seen in hub.calls)
    [(charged,)] = _rows(home, "SELECT sum(pictures) FROM charge_tally")
    assert charged == len(hub.pictures) - unseen
    assert ended["completed"] == len(_rows(home, "SELECT 1 FROM avatars"))
    seeds = Counter(seen.body["seed"] for seen in hub.calls if seen.behaviour in NEVER_AGAIN)
    again = Counter(seen.body["seed"] for seen in hub.calls)
    assert all(again[each] == 1 or count < again[each] for each, count in seeds.items())
    assert not hub.leaks
    assert not hub.strays


@pytest.mark.parametrize(
    ("behaviour", "code", "exit_code"),
    [
        (behaviours.unauthorized, "not_configured", 4),
        (behaviours.no_credits, "engine_refused", 5),
        (behaviours.forbidden, "engine_refused", 5),
    ],
)
def test_a_refusal_that_holds_for_all_ends_the_run(
    hub: StandIn, home: Home, behaviour: Behaviour, code: str, exit_code: int
) -> None:
    hub.always("call", behaviour)
    ended, _, err = _ended(_start(*GENERATE, "--count", "30", "--concurrency", "2", "--yes"))
    assert ended == exit_code
    assert "0 made, " in err
    assert "not made." in err
    assert len(hub.calls) <= 2
    codes = Counter(row[0] for row in _rows(home, "SELECT error_code FROM generations"))
    assert (codes[code] + codes["cancelled"], 1 <= codes[code] <= 2) == (30, True)


@pytest.mark.parametrize("detached", [(), ("--detach",)])
@pytest.mark.parametrize("behaviour", [behaviours.hang, behaviours.cut, behaviours.gateway_timeout])
def test_a_call_that_may_have_been_billed_uses_a_limit_up(
    hub: StandIn, home: Home, behaviour: Behaviour, detached: tuple[str, ...]
) -> None:
    home.create()
    home.config.write_text("max_images_day = 1\nworker_idle_s = 0\n")
    hub.script("call", behaviour)
    asked = ("generate", "--persona-name", "Ann", "--timeout", "1", "--engine", "huggingface", "--quiet")
    _, out, _ = _ended(_start(*asked, *detached))
    if detached:
        _ended(_start("wait", *out.split()))
    assert len(hub.pictures) == 1
    assert _rows(home, "SELECT status, error_code FROM generations") == [("failed", "limit")]
    assert _ended(_start("generate", "--persona-name", "Bea", "--engine", "huggingface"))[0] == 5
    assert len(hub.pictures) == 1
    spent = json.loads(_ended(_start("stats", "--json"))[1])["spending"]
    assert spent["day"] == {"pictures": 0, "usd": 0.0, "unpriced": 0, "in_doubt": 1}
    assert spent["reserved"]["pictures"] == 0


def test_two_shells_make_pictures_of_their_own(hub: StandIn, home: Home) -> None:
    shells = [_start(*GENERATE, "--count", "5", "--quiet") for _ in range(3)]
    assert [_ended(shell)[0] for shell in shells] == [0, 0, 0]
    assert len(hub.pictures) == len(_rows(home, "SELECT 1 FROM avatars")) == 15


def test_who_reads_slowly_keeps_no_paid_picture_from_its_row(hub: StandIn, home: Home) -> None:
    process = _start(*GENERATE, "--count", "40", "--concurrency", "8", "--yes", "--json")
    # More than a pipe holds, and nobody reads it.
    until(lambda: len(hub.pictures) == 40 and len(_rows(home, "SELECT 1 FROM avatars")) == 40)
    code, out, _ = _ended(process)
    assert (code, len(json.loads(out))) == (0, 40)


def test_the_number_in_a_name_is_that_of_the_seed(hub: StandIn, tmp_path: Path) -> None:
    hub.script("call", behaviours.error_500)  # the first is asked for again, and ends last
    hub.delay_s = 0.1
    asked = ("--count", "4", "--concurrency", "4", "--seed", "7", "--output", str(tmp_path / "{n}-{seed}.jpg"))
    assert _ended(_start(*GENERATE, *asked))[0] == 0
    named = sorted(path.stem.split("-") for path in tmp_path.glob("*-*.jpg"))
    plan = subprocess.run(
        [sys.executable, "-m", "avatar_creator", *GENERATE, "--count", "4", "--seed", "7", "--dry-run", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert named == [[str(n), str(seed)] for n, seed in enumerate(json.loads(plan.stdout)["seeds"], start=1)]


def test_a_lora_that_is_found_missing_only_when_the_picture_is_made_is_said(hub: StandIn) -> None:
    hub.mappings[LORA].mapping.clear()
    hub.script("lookup", behaviours.error_500)  # the plan learns nothing
    code, _, err = _ended(_start(*GENERATE, "--engine", "huggingface", "--count", "2"))
    assert code == 0
    assert err.count("the base model is used alone") == 1
    assert [made.lora for made in hub.pictures] == [None, None]
    for generation in json.loads(_ended(_start("status", "--json"))[1]):
        (unshown,) = generation["not_shown"]  # what its maker says, and not that the plan knew of no maker
        assert unshown.endswith("the base model is used alone.")


def test_what_is_not_sent_is_recorded_and_nobody_says_what_a_photograph_shows(hub: StandIn) -> None:
    del hub
    argv = (*GENERATE, "--gender", "female", "--negative-prompt", "hats", "--engine", "huggingface", "--yes", "--json")
    inline = json.loads(_ended(_start(*argv))[1])
    queued = json.loads(_ended(_start(*argv, "--detach"))[1])
    (waited,) = json.loads(_ended(_start("wait", queued["id"], "--json"))[1])
    unshown = ["FLUX takes no negative prompt: it is recorded, and not sent."]
    assert inline["not_shown"] == queued["not_shown"] == waited["not_shown"] == unshown
    for made in (inline["avatar"], waited["avatar"]):
        assert (made["not_shown"], made["drawn"]) == (unshown, None)
        assert made["alt_text"] == "AI-made photograph, asked for as: female, professional portrait"
        assert json.loads(_ended(_start("inspect", made["image_path"], "--json"))[1])["alt_text"] == made["alt_text"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SSL_CERT_FILE", "/nonexistent"), ("ALL_PROXY", "socks5://127.0.0.1:1"), ("HTTPS_PROXY", "foo://127.0.0.1:1")],
)
def test_an_environment_that_cannot_be_used_is_named(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    del hub
    if variable == "ALL_PROXY":
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv(variable.lower(), raising=False)
    monkeypatch.setenv(variable, value)
    code, out, err = _ended(_start(*GENERATE, "--engine", "huggingface"))
    assert (code, out) == (4, "")
    assert "Hint: Check the variables HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE." in err


def test_a_home_that_cannot_be_found_is_no_bug(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    del hub
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setenv("HF_HOME", "~nosuchuser/x")
    code, _, err = _ended(_start("generate", "--persona-name", "Ann", "--width", "64", "--height", "64"))
    assert (code, "Drawn by the offline engine" in err) == (0, True)


# -- the token


def test_the_token_is_nowhere_to_be_found(hub: StandIn, home: Home) -> None:
    hub.chance(0.5, (*ANYTHING, behaviours.redirect_elsewhere), 7)
    hub.delay_s = 0.2
    process = _start(*GENERATE, "--count", "12", "--concurrency", "4")
    listed = []
    if sys.platform == "linux":
        until(lambda: hub.calls)
        listed = [path.read_bytes() for path in Path("/proc").glob(f"{process.pid}/task/*/cmdline")]
        assert listed
    _, out, err = _ended(process)
    kept = [path.read_bytes() for path in home.root.rglob("*") if path.is_file()]
    assert len(kept) > 2
    token = hub.token.encode()
    assert not [each for each in (*listed, *kept, out.encode(), err.encode()) if token in each]
    assert not hub.leaks


def test_a_token_from_the_settings_goes_to_nobody_else(
    hub: StandIn, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    set_ = [sys.executable, "-m", "avatar_creator", "config", "set", "hf_token"]
    subprocess.run(set_, input=f"  {hub.token}\n", text=True, check=True, capture_output=True)
    assert _ended(_start(*GENERATE))[0] == 0
    own = _ended(_start(*GENERATE, "--model", hub.endpoint))  # an own endpoint that is not Hugging Face's
    assert own[0] == 0, own
    assert len(hub.pictures) == 2
    assert not hub.leaks
    holding = [path.name for path in home.root.rglob("*") if path.is_file() and hub.token in path.read_text("latin-1")]
    assert holding == ["config.toml"]


def test_an_own_endpoint_needs_no_token(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    code, _, err = _ended(_start(*GENERATE, "--model", hub.endpoint))
    assert code == 0, err
    assert "authorization" not in hub.calls[0].headers


def test_nobody_who_gets_a_picture_learns_where_an_own_endpoint_is(
    hub: StandIn, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_OWN_KEY", "key-of-my-own")
    inner = hub.endpoint.replace("127.0.0.1", "localhost")
    for detach in ((), ("--detach",)):
        code, out, err = _ended(
            _start(*GENERATE, "--model", inner, "--provider-key-env", "MY_OWN_KEY", "--quiet", *detach)
        )
        assert code == 0, err
        if detach:
            assert _ended(_start("wait", out.strip()))[0] == 0
    shown = _ended(_start("list", "--json"))[1]
    recipes = [row[0] for row in _rows(home, "SELECT recipe FROM avatars")]
    pictures = [path.read_bytes() for path in home.root.rglob("*.jpg")]
    assert (len(recipes), len(json.loads(shown)), len(pictures)) == (2, 2, 4)
    for told in (shown, *recipes, *(data.decode("latin-1") for data in pictures)):
        assert "localhost" not in told
        assert "MY_OWN_KEY" not in told
    assert {json.loads(recipe)["model"] for recipe in recipes} == {"own endpoint"}
    assert _rows(home, "SELECT DISTINCT model FROM charge_tally") == [("own endpoint",)]


def test_the_same_photograph_has_the_same_recipe_inline_and_detached_in_row_and_file(hub: StandIn) -> None:
    del hub
    inline = json.loads(_ended(_start(*GENERATE, "--seed", "8", "--yes", "--json"))[1])["avatar"]
    queued = _ended(_start(*GENERATE, "--seed", "8", "--yes", "--json", "--detach"))[1]
    (waited,) = json.loads(_ended(_start("wait", json.loads(queued)["id"], "--json"))[1])
    detached = waited["avatar"]
    recipe = inline["recipe"]
    assert recipe == detached["recipe"]
    assert {"model", "lora", "steps", "guidance", "provider"} <= set(recipe["options"])
    for avatar in (inline, detached):
        assert json.loads(_ended(_start("inspect", avatar["image_path"], "--json"))[1])["recipe"] == recipe


# -- the end before the end


@posix
def test_a_paid_picture_whose_decoder_is_stopped_is_made_by_retry_from_what_was_kept(
    hub: StandIn, home: Home, tmp_path: Path
) -> None:
    stopped = tmp_path / "stopped"
    stopped.write_text("#!/bin/sh\nkill -TERM $$\n", "utf-8")
    stopped.chmod(0o700)
    without_decoder = f"import sys\nsys.executable = {str(stopped)!r}\n{FOREGROUND}"
    code, _, err = _ended(_start(*GENERATE, "--quiet", program=without_decoder))
    assert code == 6
    assert "stopped from outside" in err
    [(id_,)] = _rows(home, "SELECT id FROM generations WHERE status = 'failed' AND pictures = 1")
    assert _ended(_start("retry", id_))[0] == 0
    assert _ended(_start("wait", id_))[0] == 0
    assert _rows(home, "SELECT status, pictures FROM generations") == [("completed", 1)]
    assert _rows(home, "SELECT sum(pictures) FROM charge_tally") == [(1,)]
    assert (len(hub.calls), len(hub.pictures)) == (1, 1)


@posix
@pytest.mark.parametrize("kind", ["lookup", "call", "download"])
def test_ctrl_c_ends_at_once_whatever_hangs(hub: StandIn, home: Home, kind: Any) -> None:
    hub.always(kind, behaviours.hang)
    started = time.monotonic()
    process = _start(*GENERATE, "--engine", "huggingface", "--count", "2", "--timeout", "60")
    until(lambda: any(seen.kind == kind for seen in hub.requests))
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, _, err = _ended(process)
    # A picture that is charged and on its way is waited for, but only so long.
    assert time.monotonic() - begun < max(8 if kind == "download" else 2, begun - started)  # a busy machine is slow
    assert code == 130
    assert "Error: Stopped by the user." in err
    if kind != "lookup":  # that is asked before anything is begun
        assert {row[0] for row in _rows(home, "SELECT status FROM generations")} == {"cancelled"}
        # The command again would draw other seeds, and pay for all of them.
        [(batch,)] = set(_rows(home, "SELECT batch_id FROM generations"))
        assert f"Hint: To make the others after all: avatar retry --batch {batch}" in err
    assert not _files(home)


@posix
def test_ctrl_c_ends_a_wait_at_once(hub: StandIn, home: Home) -> None:
    hub.always("call", behaviours.rate_limited(60))
    started = time.monotonic()
    process = _start(*GENERATE)
    waiting = "SELECT waiting_for FROM generations WHERE stage = 'waiting'"
    until(lambda: home.database.exists() and _rows(home, waiting))
    assert _rows(home, waiting) == [("fal-ai limits the rate",)]
    begun = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    assert _ended(process)[0] == 130
    assert time.monotonic() - begun < max(2, begun - started)
    assert len(hub.calls) == 1


def _files(home: Home) -> list[Path]:
    return [path for path in home.pictures.rglob("*") if path.is_file()] if home.pictures.exists() else []


@pytest.mark.parametrize("provider", ["fal-ai", "replicate"])
def test_a_service_that_takes_fewer_at_once_gets_fewer_and_nothing_fails(
    hub: StandIn, home: Home, provider: str
) -> None:
    def refused_with(count: int) -> Behaviour:
        """Return a refusal that waits until so many calls have come: then those of its round are all under way."""
        refusal = behaviours.rate_limited(0)
        assert refusal.answer is not None
        answer = refusal.answer

        def once_all_have_come() -> Answer:
            until(lambda: len(hub.calls) >= count)
            return answer()

        return replace(refusal, answer=once_all_have_come)

    hub.script("call", *[refused_with(12)] * 12, *[refused_with(12 + 6)] * 6)
    hub.most_at_once, hub.retry_after_s, hub.delay_s = 3, 0, 0.1
    many = ("--count", "40", "--concurrency", "12", "--seed", "1", "--yes", "--provider", provider)
    code, _, err = _ended(_start(*GENERATE, *many, "--timeout", "60"))
    assert (code, _rows(home, "SELECT count(*) FROM avatars"), len(hub.pictures)) == (0, [(40,)], 40)
    busy = [line for line in err.splitlines() if "is busy" in line]
    assert busy == [f"{provider} is busy: 6 at once instead of 12.", f"{provider} is busy: 3 at once instead of 6."]
    assert sum(seen.status == 429 for seen in hub.calls) <= 12 + 6 + 4  # and what is tried
