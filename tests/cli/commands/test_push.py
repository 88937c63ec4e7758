"""Data sets that go to the Hub: `avatar export --push`, against the stand-in of it."""

import hashlib
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from types import SimpleNamespace

import pytest
from huggingface_hub.utils import _http

from cli.commandline import Avatar, plain, process, start, terminal
from engines.photographs import standing_in
from standin import Behaviour, StandIn, behaviours
from standin.record import Kind
from standin.wire import Answer
from waiting import until

REPO = "ann/people"
PUSH = ("export", "--push", REPO, "--yes")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, avatar: Avatar) -> Iterator[StandIn]:
    """A stand-in of the Hub, whose waits take no time; nobody else gets the token."""
    del avatar  # whose home is made in an environment of its own
    with standing_in(monkeypatch) as opened:
        monkeypatch.setenv("HF_TOKEN", opened.write_token)
        monkeypatch.setattr(_http, "time", SimpleNamespace(sleep=lambda _seconds: None))
        yield opened
        assert (opened.leaks, opened.strays) == ([], [])


@pytest.fixture(autouse=True)
def people(avatar: Avatar, hub: StandIn) -> list[str]:
    del hub
    named = (("Ana Costa", 1), ("Ben Li", 2), ("Ana Costa", 3))
    return [avatar.avatar("--persona-name", name, "--seed", seed, "--engine", "offline")["id"] for name, seed in named]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = set(Path(gettempdir()).glob("avatar-push-*"))
    yield
    assert set(Path(gettempdir()).glob("avatar-push-*")) == before


def test_a_data_set_goes_to_the_hub(avatar: Avatar, hub: StandIn) -> None:
    run = avatar(*PUSH, "--json")
    found = hub.datasets.repos[REPO]
    assert found.private
    assert sorted(found.files) == [
        ".gitattributes",
        "README.md",
        "train/Ana-Costa-2.jpg",
        "train/Ana-Costa.jpg",
        "train/Ben-Li.jpg",
        "train/metadata.jsonl",
    ]
    for line in found.files["train/metadata.jsonl"].splitlines():
        row = json.loads(line)
        assert hashlib.sha256(found.files[f"train/{row['file_name']}"]).hexdigest() == row["sha256"]
    assert b'pretty_name: "people"' in found.files["README.md"]
    assert gettempdir().encode() not in b"".join(found.files.values())
    url = f"https://huggingface.co/datasets/{REPO}"
    assert run.json == {
        "repository": REPO,
        "url": url,
        "commit": f"{url}/commit/{1:040x}",
        "public": False,
        "pictures": 3,
        "files": 5,
        "sent": 5,
        "changed": True,
    }
    assert "ann/people (new, private): 3 pictures in 5 files" in run.err
    assert hub.write_token not in run.out + run.err


def test_the_same_once_more_is_no_commit(avatar: Avatar, hub: StandIn) -> None:
    avatar(*PUSH)
    again = avatar(*PUSH, "--json")
    assert (again.json["changed"], again.json["commit"], again.json["sent"]) == (False, None, 0)
    assert "All of it was there already" in again.err
    assert len(hub.datasets.repos[REPO].commits) == 1
    assert len(hub.datasets.puts) == 3


@pytest.mark.parametrize("kind", ["put", "commit"])
def test_the_same_command_goes_on(avatar: Avatar, hub: StandIn, kind: Kind) -> None:
    hub.script(kind, behaviours.forbidden)
    avatar.refused(*PUSH, code=5 if kind == "put" else 4)
    assert hub.datasets.repos[REPO].commits == []
    avatar(*PUSH)
    assert len(hub.datasets.puts) == len(set(hub.datasets.puts)) == 3  # none is sent twice
    assert len(hub.datasets.repos[REPO].files) == 6


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_stopped_leaves_nothing_here_and_goes_on(hub: StandIn, number: signal.Signals) -> None:
    env = hub.environment() | {"HF_TOKEN": hub.write_token}
    stalled = Behaviour("stalled", answer=lambda: Answer(200), wire="hang")
    hub.script("put", *[stalled] * 2)
    with start(*PUSH, **env) as running:
        until(lambda: len(hub.datasets.puts) == 1 and len([s for s in hub.requests if s.kind == "put"]) == 3)
        running.send_signal(number)
        out, err = running.communicate()
    assert (running.returncode, out) == (130, "")
    assert "Stopped by the user" in err
    assert hub.datasets.repos[REPO].commits == []
    again = process(*PUSH, **env)
    assert again.code == 0, again
    assert len(hub.datasets.puts) == len(set(hub.datasets.puts)) == 3
    assert hub.write_token not in err + again.out + again.err


def test_parquet_goes_with_a_card(avatar: Avatar, hub: StandIn, tmp_path: Path) -> None:
    out = tmp_path / "people.parquet"
    avatar(*PUSH, "--as", "parquet", "--split", "test", "-o", out)
    files = hub.datasets.repos[REPO].files
    assert sorted(files)[1:] == ["README.md", "data/test-00000-of-00001.parquet"]
    assert files["data/test-00000-of-00001.parquet"] == out.read_bytes()
    assert b'"path": "data/test-*"' in files["README.md"]


def test_only_the_export_goes_up(avatar: Avatar, hub: StandIn, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "train").mkdir(parents=True)
    for name in ("secret.txt", ".env", "train/mine.jpg", "export.jsonl"):
        (out / name).write_text("secret")
    avatar(*PUSH, "-o", out, "--force")
    assert len(hub.datasets.repos[REPO].files) == 6
    assert b"secret" not in hub.datasets.repos[REPO].files.values()
    assert (out / "train" / "Ben-Li.jpg").exists()


def test_a_repository_without_an_owner_is_of_the_token(avatar: Avatar, hub: StandIn) -> None:
    avatar("export", "--push", "people", "--yes", "--public")
    assert not hub.datasets.repos[REPO].private


def test_nobody_publishes_by_accident(avatar: Avatar, hub: StandIn) -> None:
    avatar(*PUSH, "--public")
    said = avatar.refused(*PUSH)
    assert f"{REPO} is public, and public is not asked for" in said
    hub.datasets.repos[REPO].private = True
    run = avatar(*PUSH, "--public")
    assert f"{REPO} is private and stays so" in run.err
    assert hub.datasets.repos[REPO].private


def test_a_split_beside_another_needs_both(avatar: Avatar, hub: StandIn, tmp_path: Path) -> None:
    avatar(*PUSH, "-o", tmp_path / "out")
    said = avatar.refused(*PUSH, "--split", "test")
    assert "has train/metadata.jsonl already" in said
    avatar(*PUSH, "--split", "test", "-o", tmp_path / "out", "--force")
    assert b'"split": "test"' in hub.datasets.repos[REPO].files["README.md"]
    assert b'"split": "train"' in hub.datasets.repos[REPO].files["README.md"]


def test_files_of_an_earlier_push_are_named(avatar: Avatar, hub: StandIn, people: list[str]) -> None:
    avatar(*PUSH)
    run = avatar("export", people[0], *PUSH[1:])
    assert "2 files of an earlier push stay there: " in run.err
    assert len(hub.datasets.repos[REPO].files) == 6


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--push", "a/b/c"), "push is 'a/b/c'"),
        (("--push", "../x"), "push is '../x'"),
        (("--push", "x.git"), "push is 'x.git'"),
        (("--push", ""), "push is ''"),
        (("--push", "https://huggingface.co/datasets/ann/people"), "which no data set can be called"),
        (("--push", REPO, "--manifest", "csv"), "push and manifest are both given"),
        (("--push", REPO, "--as", "personas"), "as is 'personas'"),
        (("--push", REPO, "-o", "x.zip"), "a folder is pushed"),
        (("--push", REPO, "--split", "all"), "split is 'all'"),
    ],
)
def test_what_cannot_be_is_said(avatar: Avatar, hub: StandIn, options: tuple[str, ...], said: str) -> None:
    assert said in avatar.refused("export", *options, "--yes")
    assert hub.datasets.repos == {}


def test_what_is_for_a_push_alone(avatar: Avatar, tmp_path: Path) -> None:
    assert "output is not given" in avatar.refused("export")
    assert "public is given without push" in avatar.refused("export", "-o", tmp_path / "x", "--public")


def test_without_a_terminal_yes_is_needed(avatar: Avatar, hub: StandIn) -> None:
    assert "Say --yes" in avatar.refused(*PUSH[:-1])
    assert hub.requests == []


@pytest.mark.parametrize(
    ("kind", "behaviour", "code", "said", "hint"),
    [
        ("whoami", behaviours.unauthorized, 4, "token from HF_TOKEN was refused", "hf auth login"),
        ("create", behaviours.forbidden, 4, f"may not write to {REPO}", "--push NAME"),
        ("commit", behaviours.forbidden, 4, f"may not write to {REPO}", "--push NAME"),
        ("preupload", behaviours.not_found, 3, f"has no {REPO}", "--push owner/name"),
        ("create", behaviours.rate_limited(30), 5, "limits the rate", "again in 31 s"),
        ("preupload", behaviours.rate_limited(30), 5, "limits the rate", "again in 31 s"),
        ("tree", behaviours.error_500, 5, "HTTP 500", "again later"),
        ("dataset", behaviours.bad_gateway_html, 5, "HTTP 502", "again later"),
        ("create", behaviours.html_200, 5, "cannot be read", "a proxy or the login page"),
        ("put", behaviours.error_500, 5, "HTTP 500", "again later"),
        ("put", behaviours.download_403, 5, "The store of Hugging Face failed with HTTP 403", "again later"),
        ("put", behaviours.closed, 5, "The connection to Hugging Face broke", "again later"),
        ("commit", behaviours.too_large, 5, "HTTP 413", "Change what"),
        ("commit", behaviours.cut, 5, "broke", "again later"),
        ("card", behaviours.bad_request, 5, "Invalid metadata", "Change what"),
        ("connect", behaviours.proxy_502, 5, "cannot reach Hugging Face", "again later"),
    ],
)
def test_what_goes_wrong_is_said(
    avatar: Avatar, hub: StandIn, kind: Kind, behaviour: Behaviour, code: int, said: str, hint: str
) -> None:
    if kind == "tree":
        avatar(*PUSH)
    hub.always(kind, behaviour)
    text = avatar.refused(*PUSH, code=code)
    assert said in text
    assert hint in text
    assert hub.write_token not in text


def test_a_token_is_needed_that_may_write(avatar: Avatar, hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.read_only_token)
    assert "may read, and not write" in avatar.refused(*PUSH, code=4)
    monkeypatch.delenv("HF_TOKEN")
    assert "hf auth login" in avatar.refused(*PUSH, code=4)
    monkeypatch.setenv("HF_TOKEN", hub.write_token)
    assert 'under the namespace "bob"' in avatar.refused("export", "--push", "bob/x", "--yes", code=4)


@pytest.mark.parametrize("public", [True, False])
def test_a_public_one_is_warned_of_that_is_not_commercial(avatar: Avatar, hub: StandIn, public: bool) -> None:
    avatar.avatar("--persona-name", "Cy", "--engine", "huggingface")
    run = avatar(*PUSH, *(["--public"] if public else []))
    assert ("Not for commercial use" in run.err) == public
    assert b"Not for commercial use" in hub.datasets.repos[REPO].files["README.md"]


def test_nobody_is_pushed(avatar: Avatar, hub: StandIn, people: list[str]) -> None:
    for each in people:
        Path(avatar("show", each, "--json").json["image_path"]).unlink()
    assert "no avatar to push" in avatar.refused(*PUSH)
    assert hub.datasets.repos == {}


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "pushed"), [("n\r", False), ("y\r", True)])
def test_on_a_terminal_it_is_asked(hub: StandIn, typed: str, pushed: bool) -> None:
    env = {**hub.environment(), "HF_TOKEN": hub.write_token}
    run = terminal(*PUSH[:-1], "--public", typed=typed, env=env)
    seen = " ".join(plain(run.out).split())
    assert "ann/people (new, public: everybody may see it): 3 pictures in 5 files" in seen
    assert "Licences: " in seen
    assert f"Push to https://huggingface.co/datasets/{REPO}? [y/N]" in seen
    assert (REPO in hub.datasets.repos, "Nothing was pushed." in seen) == (pushed, not pushed)
    assert run.code == (0 if pushed else 130)
