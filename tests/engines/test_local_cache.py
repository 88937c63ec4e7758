"""Which models lie on the disk, told from the files alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.engines.local import cache, stored
from avatar_creator.errors import StorageError

REPO = "someone/portraits"
COMMIT = "a" * 40


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    return tmp_path / "hub"


def downloaded(hub: Path, repo: str = REPO) -> Path:
    """Write a whole model of three parts into the cache, as the client does, and return its tree."""
    place = hub / f"models--{repo.replace('/', '--')}"
    tree = place / "snapshots" / COMMIT
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(COMMIT)
    index = {
        "_class_name": "FluxPipeline",
        "_diffusers_version": "0.42.1",
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
        "transformer": ["diffusers", "FluxTransformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "image_encoder": [None, None],
    }
    shards = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-2.safetensors"}}
    files = {
        "model_index.json": json.dumps(index),
        "scheduler/scheduler_config.json": "{}",
        "transformer/config.json": "{}",
        "transformer/model.safetensors.index.json": json.dumps(shards),
        "transformer/model-1.safetensors": "1",
        "transformer/model-2.safetensors": "22",
        "vae/config.json": "{}",
        "vae/model.safetensors": "333",
    }
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    return tree


def test_a_file_that_a_user_has_linked_into_the_cache_stays(hub: Path, tmp_path: Path) -> None:
    tree, own = downloaded(hub), tmp_path / "own.safetensors"
    own.write_text("of another model")
    blob = tree.parent.parent / "blobs" / "b"
    blob.parent.mkdir()
    blob.write_text("333")
    linked, stored_ = tree / "transformer" / "model-1.safetensors", tree / "vae" / "model.safetensors"
    for path, target in ((linked, own), (stored_, blob)):
        path.unlink()
        path.symlink_to(target)
        cache.discard(path)
    assert not linked.is_symlink()
    assert not stored_.is_symlink()
    assert own.exists()
    assert not blob.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"HF_HOME": "/somewhere"},
        {"HF_HOME": "$HOME/models"},
        {"HF_HUB_CACHE": "~/there", "HF_HOME": "/somewhere"},
        {"HUGGINGFACE_HUB_CACHE": "/old"},
        {"XDG_CACHE_HOME": "/xdg"},
    ],
)
def test_the_cache_is_where_the_client_has_it(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    statement = "from huggingface_hub import constants; print(constants.HF_HUB_CACHE)"
    asked = subprocess.run(
        [sys.executable, "-c", statement], env=os.environ, capture_output=True, text=True, check=True
    )
    assert str(cache.folder()) == asked.stdout.strip()


def test_a_model_is_found_and_whole(hub: Path) -> None:
    assert cache.find(REPO) is None
    tree = downloaded(hub)
    assert cache.find(REPO) == cache.Snapshot(tree, COMMIT)
    assert cache.missing(tree) == []
    assert cache.class_of(tree) == "FluxPipeline"
    assert list(cache.components_of(tree)) == ["scheduler", "transformer", "vae"]


@pytest.mark.parametrize(
    ("gone", "missed"),
    [
        ("model_index.json", ["model_index.json"]),
        ("transformer/model-2.safetensors", ["transformer/model-2.safetensors"]),
        ("vae/model.safetensors", ["vae/*.safetensors"]),
        ("scheduler/scheduler_config.json", ["scheduler/"]),
    ],
)
def test_half_a_download_is_told_by_what_it_lacks(hub: Path, gone: str, missed: list[str]) -> None:
    tree = downloaded(hub)
    (tree / gone).unlink()
    assert cache.missing(tree) == missed


def test_a_link_that_leads_to_nothing_is_no_file(hub: Path) -> None:
    tree = downloaded(hub)
    weights = tree / "transformer" / "model-1.safetensors"
    weights.unlink()
    weights.symlink_to(hub / "blobs" / "gone")
    assert cache.missing(tree) == ["transformer/model-1.safetensors"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"_class_name": 3}', "[" * 100_000, " " * 2_000_000])
def test_an_index_that_cannot_be_read_is_none(hub: Path, text: str) -> None:
    tree = downloaded(hub)
    (tree / "model_index.json").write_text(text)
    assert (cache.class_of(tree), cache.missing(tree)) == (None, ["model_index.json"])


def test_a_home_that_does_not_exist_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", "~no-such-user/hub")

    assert cache.folder() == Path("~no-such-user/hub")
    assert cache.find(REPO) is None


@pytest.mark.parametrize("length", ["Infinity", "9" * 400, "-9"])
def test_a_shape_that_cannot_be_is_none(hub: Path, length: str) -> None:
    tree = downloaded(hub)
    header = f'{{"a": {{"shape": [{length}]}}}}'.encode()
    (tree / "vae" / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)

    assert cache.parameters(tree, "vae") == 0


def test_a_model_that_is_linked_from_elsewhere_is_not_removed(hub: Path, tmp_path: Path) -> None:
    downloaded(hub)
    place, elsewhere = cache.repository_folder(REPO), tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)

    with pytest.raises(StorageError, match="is a link to"):
        stored.remove(REPO)

    assert cache.missing(cache.repository_folder(REPO) / "snapshots" / COMMIT) == []
