"""avatar models: what is on the disk, downloads against the stand-in of the Hub, and what goes wrong with them."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from huggingface_hub import constants, file_download
from huggingface_hub.utils import _http

from avatar_creator.engines.local import stored
from avatar_creator.engines.local.locks import file_lock
from avatar_creator.home import Home
from cli.commandline import Avatar, Run, plain, start, terminal
from engines.photographs import standing_in
from standin import DEV, LORA, SCHNELL, Behaviour, Repo, StandIn, behaviours
from standin.models import pipeline
from waiting import until

KLEIN = "black-forest-labs/FLUX.2-klein-4B"
OWN = "portrait-house/own-model"
YES = ("--yes", "--accept-license")
VAE = "vae/diffusion_pytorch_model.safetensors"
SLOW = Behaviour("slow", wire="slow")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the Hub."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "hf" / "hub"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, avatar: Avatar, cache: Path) -> Iterator[StandIn]:
    """A stand-in of the Hub with tiny models, whose waits take no time; nobody else gets the token."""
    del avatar, cache  # whose home is made in an environment of its own
    with standing_in(monkeypatch) as opened:
        for module in (_http, file_download):
            monkeypatch.setattr(module, "time", SimpleNamespace(sleep=lambda _seconds: None))
        opened.mappings[DEV].files = pipeline(text_encoder="CLIPTextModel")
        opened.mappings[LORA].files = {"lora.safetensors": b"l" * 50, "README.md": b"# A LoRA"}
        opened.mappings[KLEIN] = Repo(sha="8" * 40, card={"license": "apache-2.0"}, files=pipeline())
        opened.mappings[OWN] = Repo(sha="9" * 40, card={"license": "cc-by-nc-4.0"}, files=pipeline())
        yield opened
        assert (opened.leaks, opened.strays) == ([], [])


def entry(avatar: Avatar, name: str) -> Any:
    """Return what `models list` says of a model."""
    return next(each for each in avatar("models", "list", "--json").json if each["name"] == name)


def fetched(hub: StandIn) -> list[str]:
    """Return the names of the large files that were asked for, in order."""
    return [seen.path.rpartition("/")[2] for seen in hub.requests if seen.kind == "store"]


def pieces(cache: Path) -> list[Path]:
    return list(cache.rglob("*.incomplete"))


def env(hub: StandIn, cache: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process of its own."""
    return hub.environment() | {"HF_HOME": str(cache.parent), **more}


class TestList:
    def test_every_model_of_the_table_is_shown(self, avatar: Avatar, cache: Path) -> None:
        del cache
        assert [line[:4] for line in avatar("models", "list").lines] == [
            ["klein-4b", "no", "Apache-2.0", "open"],
            ["z-image-turbo", "no", "Apache-2.0", "open"],
            ["flux-realism", "no", "FLUX.1 [dev] Non-Commercial License", "gated"],
            ["flux-dev", "no", "FLUX.1 [dev] Non-Commercial License", "gated"],
            ["flux-schnell", "no", "Apache-2.0", "gated"],
            ["qwen-image", "no", "Apache-2.0", "open"],
        ]

    def test_another_model_of_the_cache_is_shown_too(self, avatar: Avatar, hub: StandIn, cache: Path) -> None:
        avatar("models", "pull", OWN, *YES)
        (cache / "datasets--some--thing").mkdir()
        (cache / "models--some--text-model" / "refs").mkdir(parents=True)
        assert avatar("models", "list", "--quiet").lines[-1] == [OWN]
        assert len(avatar("models", "list").lines) == 7
        assert entry(avatar, OWN)["state"] == "whole"
        del hub

    def test_on_a_terminal_it_is_a_table(self, cache: Path, home: Home) -> None:
        del home
        seen = plain(terminal("models", "list", env={"HF_HOME": str(cache.parent)}).out)
        assert "klein-4b       no     16.0 GB  16.0 GB" in seen
        assert "avatar models pull NAME" in seen
        assert max(map(len, seen.splitlines())) <= 80


class TestPull:
    def test_a_model_is_downloaded_without_what_it_does_not_need(
        self, avatar: Avatar, hub: StandIn, cache: Path
    ) -> None:
        del hub
        run = avatar("models", "pull", "klein-4b", "--yes", "--json")
        files = pipeline()
        wanted = {name for name in files if "/" in name or name == "model_index.json"}
        tree = cache / f"models--{KLEIN.replace('/', '--')}" / "snapshots" / ("8" * 40)
        assert {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()} == wanted
        assert all((tree / name).read_bytes() == files[name] for name in wanted)
        size = sum(len(files[name]) for name in wanted)
        assert run.json == {
            "name": "klein-4b",
            "repository": KLEIN,
            "revision": "8" * 40,
            "lora": None,
            "lora_revision": None,
            "files": len(wanted),
            "downloaded_bytes": size,
            "disk_bytes": size - len(files["vae/config.json"]) + 40,  # two are the same; the commit is noted
        }
        assert entry(avatar, "klein-4b") | {"license": None} == {
            "name": "klein-4b",
            "repository": KLEIN,
            "lora": None,
            "license": None,
            "gated": False,
            "download_bytes": 15_981_000_000,
            "weights_bytes": 15_964_000_000,
            "largest_part_bytes": 8_045_000_000,
            "state": "whole",
            "lora_state": None,
            "disk_bytes": run.json["disk_bytes"],
            "pieces_bytes": 0,
            "revision": "8" * 40,
        }

    def test_one_that_is_here_is_not_downloaded_again(self, avatar: Avatar, hub: StandIn) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        before = fetched(hub)
        run = avatar("models", "pull", KLEIN.lower(), "--yes")  # as the table knows it, in any case
        assert (fetched(hub), run.lines[0][2:]) == (before, ["0", "0"])
        assert "All of it was here already." in run.err

    def test_the_lora_and_the_gate_come_before_the_model(self, avatar: Avatar, hub: StandIn) -> None:
        run = avatar("models", "pull", "flux-realism", "--accept-license")
        assert fetched(hub)[0] == "lora.safetensors"
        gates = [seen.path.partition("/resolve/")[::2] for seen in hub.requests if seen.kind == "file"][:2]
        assert gates == [(f"/{LORA}", f"{'1' * 40}/lora.safetensors"), (f"/{DEV}", f"{'2' * 40}/model_index.json")]
        assert f"{LORA} and {DEV}: FLUX.1 [dev] Non-Commercial License, commercial use: no" in run.err
        assert "you may use the pictures" in run.err
        assert entry(avatar, "flux-realism")["lora_state"] == "whole"
        assert entry(avatar, "flux-dev")["state"] == "whole"

    def test_the_model_alone(self, avatar: Avatar, hub: StandIn) -> None:
        avatar("models", "pull", "flux-realism", "--lora", "none", "--accept-license")
        assert "lora.safetensors" not in fetched(hub)
        assert avatar("models", "list").lines[2][1] == "partly"

    def test_a_lora_alone(self, avatar: Avatar, hub: StandIn) -> None:
        run = avatar("models", "pull", "--lora", f"{LORA}/lora.safetensors", "--accept-license", "--json")
        assert (run.json["name"], run.json["repository"], fetched(hub)) == (LORA, None, ["lora.safetensors"])

    def test_a_licence_is_accepted_once(self, avatar: Avatar, hub: StandIn, home: Home) -> None:
        said = avatar.refused("models", "pull", OWN, "--yes", code=4)
        assert f"The licence of {OWN} is not accepted." in said
        assert "--accept-license" in said
        assert fetched(hub) == []
        avatar("models", "pull", OWN, "--accept-license")
        accepted = json.loads(home.accepted_licenses.read_text())
        assert [(each["of"], each["name"]) for each in accepted] == [(OWN, "cc-by-nc-4.0")]
        avatar("models", "rm", OWN, "--yes")
        avatar("models", "pull", OWN, "--yes")
        assert home.accepted_licenses.stat().st_mode & 0o077 == 0

    def test_one_that_restricts_nobody_needs_no_more_than_yes(self, avatar: Avatar, hub: StandIn) -> None:
        assert "Say --yes" in avatar.refused("models", "pull", "klein-4b")
        assert fetched(hub) == []

    @pytest.mark.parametrize("typed", ["y\n", "n\n"])
    def test_on_a_terminal_it_is_asked(self, hub: StandIn, cache: Path, typed: str) -> None:
        run = terminal("models", "pull", OWN, typed=typed, env=env(hub, cache))
        seen = " ".join(plain(run.out).split())
        assert "Accept its licence and download" in seen
        assert (run.code, bool(fetched(hub))) == ((0, True) if typed == "y\n" else (130, False))
        assert ("Nothing was downloaded." in seen) is (typed == "n\n")

    def test_files_that_can_run_code_are_left_out(self, avatar: Avatar, hub: StandIn, cache: Path) -> None:
        hub.mappings[KLEIN].files |= {"vae/diffusion_pytorch_model.bin": b"a pickle", "vae/run.py": b"print()"}
        run = avatar("models", "pull", "klein-4b", "--yes")
        assert "2 files that can run code are left out" in run.err
        assert [path for path in cache.rglob("*") if path.suffix in {".bin", ".py"}] == []

    def test_in_a_pipe_it_says_how_far_it_is(self, avatar: Avatar, hub: StandIn) -> None:
        del hub
        run = avatar("models", "pull", "klein-4b", "--yes")
        lines = [line for line in run.err.splitlines() if line.startswith("Downloading klein-4b: ")]
        assert 2 < len(lines) <= 10
        assert lines[-1].endswith("100 %")
        assert "Downloading" not in avatar("models", "pull", OWN, *YES, "--quiet").err

    def test_the_last_state_that_was_downloaded_is_used(self, avatar: Avatar, hub: StandIn) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        hub.mappings[KLEIN].sha = "7" * 40
        hub.mappings[KLEIN].files |= {VAE: b"better"}
        before = len(fetched(hub))
        avatar("models", "pull", "klein-4b", "--yes")
        assert fetched(hub)[before:] == ["diffusion_pytorch_model.safetensors"]
        assert entry(avatar, "klein-4b")["revision"] == "7" * 40

    def test_offline_with_all_of_it_here(self, avatar: Avatar, hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
        avatar("models", "pull", "flux-realism", "--accept-license")
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        seen = len(hub.requests)
        run = avatar("models", "pull", "flux-realism")
        assert "what is on this disk is whole" in run.err
        said = avatar.refused("models", "pull", "klein-4b", code=5)
        assert "offline mode of Hugging Face is on (HF_HUB_OFFLINE), and klein-4b is not whole on this disk." in said
        assert len(hub.requests) == seen

    def test_a_hub_that_fails_is_not_needed_for_what_is_here(self, avatar: Avatar, hub: StandIn) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        hub.always("lookup", behaviours.error_500)
        assert "what is on this disk is whole" in avatar("models", "pull", "klein-4b").err
        assert "not whole on this disk" in avatar.refused("models", "pull", OWN, code=5)

    def test_a_connection_that_breaks_is_made_again(self, avatar: Avatar, hub: StandIn) -> None:
        hub.mappings[KLEIN].files = pipeline(size=3_000_000)
        hub.script("store", behaviours.cut)
        run = avatar("models", "pull", "klein-4b", "--yes")
        ranges = [seen.headers.get("range") for seen in hub.requests if seen.kind == "store"]
        assert ranges[:2] == [None, "bytes=1048576-"]
        assert "100 %" in run.err

    @pytest.mark.parametrize("sent", [b"V" * 1000, b"v" * 2000, b"v" * 500])
    def test_a_file_that_is_not_as_the_hub_says_is_downloaded_anew(
        self, avatar: Avatar, hub: StandIn, cache: Path, sent: bytes
    ) -> None:
        hub.mappings[KLEIN].sent = {VAE: sent}
        said = avatar.refused("models", "pull", "klein-4b", "--yes", code=5)
        assert f"{VAE} of {KLEIN} " in said
        assert pieces(cache) == []
        assert entry(avatar, "klein-4b")["state"] == "partly"
        hub.mappings[KLEIN].sent = {}
        before = len(fetched(hub))
        run = avatar("models", "pull", "klein-4b", "--yes")
        assert fetched(hub)[before:] == ["diffusion_pytorch_model.safetensors"]
        assert "are here already" in run.err

    def test_a_disk_that_is_too_small_is_seen_before(
        self, avatar: Avatar, hub: StandIn, monkeypatch: pytest.MonkeyPatch, cache: Path
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10**9, 10**9, 1000))
        said = avatar.refused("models", "pull", "klein-4b", "--yes", code=6)
        assert f"are to be downloaded, and {cache} has 0.0 MB left." in said
        assert "HF_HOME" in said
        assert fetched(hub) == []

    def test_a_disk_that_fills_up_leaves_the_whole_files(
        self, avatar: Avatar, hub: StandIn, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        del hub

        class Full:
            def __init__(self, **_: Any) -> None:
                raise OSError(28, "No space left on device")

        real = file_download.http_get
        monkeypatch.setattr(
            file_download, "http_get", lambda url, *args, **more: Full() if VAE in url else real(url, *args, **more)
        )
        said = avatar.refused("models", "pull", "klein-4b", "--yes", code=6)
        assert f"The disk is full: {cache} has " in said
        assert "Files that are whole stay." in said
        assert pieces(cache) == []
        assert entry(avatar, "klein-4b")["state"] == "partly"

    @pytest.mark.slow
    def test_ctrl_c_leaves_whole_files_and_no_pieces(self, hub: StandIn, cache: Path, avatar: Avatar) -> None:
        hub.mappings[KLEIN].files = pipeline(size=400_000)
        hub.always("store", SLOW)
        with start("models", "pull", "klein-4b", "--yes", **env(hub, cache)) as running:
            until(lambda: len(fetched(hub)) == 2 and pieces(cache))
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=10)
        assert (running.returncode, pieces(cache)) == (130, [])
        assert "files that are whole stay" in err
        first = fetched(hub)[0]
        hub.always("store", None)
        avatar("models", "pull", "klein-4b", "--yes")
        assert fetched(hub).count(first) == 1

    @pytest.mark.slow
    def test_after_a_kill_the_pieces_are_removed_and_named(self, hub: StandIn, cache: Path, avatar: Avatar) -> None:
        hub.mappings[KLEIN].files = pipeline(size=2_000_000)
        hub.always("store", SLOW)
        with start("models", "pull", "klein-4b", "--yes", **env(hub, cache)) as running:
            until(lambda: stored.bytes_of_pieces(KLEIN) > 0)
            running.kill()
            running.communicate()
        assert entry(avatar, "klein-4b")["pieces_bytes"] > 0
        hub.always("store", None)
        run = avatar("models", "pull", "klein-4b", "--yes")
        assert "that interrupted downloads left." in run.err
        assert (pieces(cache), entry(avatar, "klein-4b")["state"]) == ([], "whole")

    @pytest.mark.slow
    def test_the_second_of_two_waits_and_says_so(self, hub: StandIn, cache: Path, avatar: Avatar) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        before, first = fetched(hub), stored.PullLock(KLEIN)
        assert first.take(0)
        with start("models", "pull", "klein-4b", "--yes", **env(hub, cache)) as second:
            assert second.stderr
            assert second.stderr.readline() == f"Another process downloads {KLEIN}; waiting for it.\n"
            first.give_back()
            _, err = second.communicate(timeout=30)
        assert (second.returncode, fetched(hub)) == (0, before)
        assert "All of it was here already." in err

    def test_what_another_client_downloads_is_left_alone(self, avatar: Avatar, hub: StandIn, cache: Path) -> None:
        blobs = cache / f"models--{KLEIN.replace('/', '--')}" / "blobs"
        locks = cache / ".locks" / blobs.parent.name
        for folder in (blobs, locks):
            folder.mkdir(parents=True)
        for name in ("abc.1.incomplete", "def.2.incomplete"):
            (blobs / name).write_bytes(b"1234")
        lock = file_lock(locks / "abc.lock")
        lock.acquire()
        avatar("models", "pull", "klein-4b", "--yes")
        lock.release()
        assert [path.name for path in pieces(cache)] == ["abc.1.incomplete"]
        del hub

    def test_a_file_that_was_not_checked_before_a_kill_is_checked(
        self, avatar: Avatar, hub: StandIn, cache: Path
    ) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        place = cache / f"models--{KLEIN.replace('/', '--')}"
        blob = (place / "snapshots" / ("8" * 40) / VAE).resolve()
        blob.write_bytes(b"V" * 1000)
        (cache / ".locks" / place.name / "avatar-unchecked").write_text(f"{'8' * 40}/{VAE}")
        before = len(fetched(hub))
        avatar("models", "pull", "klein-4b", "--yes")
        assert (len(fetched(hub)) - before, blob.read_bytes()) == (1, b"v" * 1000)


class Case(NamedTuple):
    argv: tuple[str, ...]
    code: int
    said: str


class TestRefused:
    @pytest.mark.parametrize(
        "case",
        [
            Case((), 2, "No model is named."),
            Case(("klain-4b",), 2, "Did you mean klein-4b?"),
            Case(("/some/folder",), 2, "model is '/some/folder', which is not known."),
            Case(("klein-4b", "--lora", "nobody"), 2, "lora is 'nobody', which cannot be one."),
            Case(("nobody/nothing",), 3, "Hugging Face has no model nobody/nothing."),
            Case(("klein-4b", "--revision", "v9"), 3, f"{KLEIN} has no revision 'v9'."),
            Case((LORA,), 5, "it has no model_index.json."),
            Case(("klein-4b", "--lora", f"{LORA}/other.safetensors"), 5, f"{LORA} has no file 'other.safetensors'."),
            Case(("klein-4b", "--lora", f"{LORA}/lora.pt"), 5, "which can run code"),
            Case(("klein-4b", "--lora", SCHNELL), 2, f"Say which: --lora {SCHNELL}/one.safetensors"),
        ],
        ids=lambda case: " ".join(case.argv) or "nothing",
    )
    def test_what_cannot_be_had_is_said(self, avatar: Avatar, hub: StandIn, case: Case) -> None:
        hub.mappings[SCHNELL].files = {"one.safetensors": b"1", "two.safetensors": b"2"}
        assert case.said in avatar.refused("models", "pull", *case.argv, *YES, code=case.code)
        assert fetched(hub) == []

    def test_a_gate_without_a_token(self, avatar: Avatar, hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HF_TOKEN")
        said = avatar.refused("models", "pull", "flux-dev", *YES, code=4)
        assert f"{DEV} is gated, and there is no token." in said
        assert f"Accept its licence at https://huggingface.co/{DEV}, make a token at " in said
        assert "hf auth login, export HF_TOKEN=…, or avatar config set hf_token" in said
        avatar("models", "pull", "klein-4b", "--yes")  # which needs none
        del hub

    def test_a_gate_with_a_token_that_has_no_access(self, avatar: Avatar, hub: StandIn) -> None:
        hub.mappings[DEV].gated = "manual"
        said = avatar.refused("models", "pull", "flux-realism", *YES, code=4)
        assert f"The token from HF_TOKEN has no access to {DEV}, which is gated." in said
        assert "A fine-grained token also needs the permission to read the contents of public gated repos" in said
        assert fetched(hub) == []

    def test_a_token_that_the_hub_does_not_know(
        self, avatar: Avatar, hub: StandIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 34)
        said = avatar.refused("models", "pull", "flux-dev", *YES, code=4)
        assert "The token from HF_TOKEN was refused." in said
        del hub

    @pytest.mark.parametrize(
        "file", ["vae/../../../evil.safetensors", "vae/a\nb.safetensors", f"vae/{'x' * 300}.safetensors"]
    )
    def test_a_name_that_plays_tricks(self, avatar: Avatar, hub: StandIn, tmp_path: Path, file: str) -> None:
        hub.mappings[KLEIN].files[file] = b"evil"
        assert "a name that is not taken" in avatar.refused("models", "pull", "klein-4b", *YES, code=5)
        assert list(tmp_path.rglob("evil*")) == []

    @pytest.mark.parametrize(
        ("index", "said"),
        [
            ({}, "names no pipeline of diffusers"),
            ([], "names no pipeline of diffusers"),
            ({"_class_name": "X", "unet": ["my_code", "Net"]}, "needs code of its own for its 'unet' ('my_code')"),
            ({"_class_name": ["p", "X"], "vae": ["diffusers", "V"]}, "names no pipeline of diffusers"),
            ({"_class_name": "X", "unet": ["diffusers", "Net"]}, "lacks its part 'unet'"),
        ],
    )
    def test_an_index_that_leads_nowhere(self, avatar: Avatar, hub: StandIn, index: Any, said: str) -> None:
        hub.mappings[KLEIN].files["model_index.json"] = json.dumps(index).encode()
        assert said in avatar.refused("models", "pull", "klein-4b", *YES, code=5)

    def test_weights_that_can_run_code_alone(self, avatar: Avatar, hub: StandIn) -> None:
        files = hub.mappings[KLEIN].files
        files["vae/diffusion_pytorch_model.bin"] = files.pop(VAE)
        said = avatar.refused("models", "pull", "klein-4b", *YES, code=5)
        assert "weights as 'vae/diffusion_pytorch_model.bin', which can run code" in said

    def test_errors_are_json_for_scripts(self, avatar: Avatar, hub: StandIn) -> None:
        del hub
        run = avatar("models", "pull", "nobody/nothing", "--yes", "--json", code=3)
        assert run.error["code"] == "not_found"


class TestRemove:
    def test_a_model_is_removed_with_its_lora(self, avatar: Avatar, hub: StandIn, cache: Path) -> None:
        avatar("models", "pull", "flux-realism", "--accept-license")
        taken = entry(avatar, "flux-realism")["disk_bytes"]
        run = avatar("models", "rm", "flux-realism", "--yes", "--json")
        assert run.json == {"name": "flux-realism", "repositories": [DEV, LORA], "freed_bytes": taken}
        assert "flux-dev needs the same files" in run.err
        assert [path.name for path in cache.iterdir() if path.name.startswith(("models--", ".avatar"))] == []
        assert "is not on this disk" in avatar.refused("models", "rm", "flux-realism", "--yes", code=3)
        del hub

    def test_what_else_is_linked_to_is_not_counted(self, avatar: Avatar, hub: StandIn, tmp_path: Path) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        taken = entry(avatar, "klein-4b")["disk_bytes"]
        blob = next(path for path in (tmp_path / "hf").rglob("blobs/*") if path.stat().st_size == 1000)
        os.link(blob, tmp_path / "elsewhere")
        assert entry(avatar, "klein-4b")["disk_bytes"] == taken - 1000
        del hub

    def test_one_that_is_used_stays(self, avatar: Avatar, hub: StandIn, cache: Path) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        for used in (both := [stored.Uses(), stored.Uses()]):  # as engines in one process
            used.begin([KLEIN])
        for used in both:
            assert f"{KLEIN} is used by a process" in avatar.refused("models", "rm", "klein-4b", "--yes", code=6)
            assert entry(avatar, "klein-4b")["state"] == "whole"
            used.end()
        avatar("models", "rm", "klein-4b", "--yes")
        assert list((cache / ".locks").rglob("avatar-use-*")) == []
        del hub

    def test_one_that_is_downloaded_stays(self, avatar: Avatar, hub: StandIn) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        lock = stored.PullLock(KLEIN)
        assert lock.take(0)
        assert "is being downloaded" in avatar.refused("models", "rm", "klein-4b", "--yes", code=6)
        lock.give_back()
        del hub

    def test_it_is_asked(self, hub: StandIn, cache: Path, avatar: Avatar) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        assert "Say --yes" in avatar.refused("models", "rm", "klein-4b")
        run: Run = terminal("models", "rm", "klein-4b", typed="n\n", env=env(hub, cache))
        assert (run.code, entry(avatar, "klein-4b")["state"]) == (130, "whole")

    def test_what_a_killed_one_left_is_removed(self, avatar: Avatar, hub: StandIn, cache: Path) -> None:
        avatar("models", "pull", "klein-4b", "--yes")
        (cache / ".avatar-removing-0011aabb").mkdir()
        avatar("models", "rm", "klein-4b", "--yes")
        assert list(cache.glob(".avatar-removing-*")) == []
        del hub
