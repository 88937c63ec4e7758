"""The files of models on the Hub: their list, the small ones themselves, and the large ones at a store beside it."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from .repos import Repo
from .wire import Answer, Request, json_answer

CDN = "cas-bridge.xethub.hf.co"
_LARGE = (".safetensors", ".bin")
_RANGE = re.compile(r"bytes=(\d+)-")


def pipeline(*, shards: int = 2, size: int = 1000, **parts: str) -> dict[str, bytes]:
    """Return the files of a tiny model in the layout of diffusers; ``parts`` are those besides a transformer."""
    index: dict[str, Any] = {"_class_name": "FluxPipeline", "_diffusers_version": "0.30.0.dev0"}
    index |= {"transformer": ["diffusers", "FluxTransformer2DModel"], "vae": ["diffusers", "AutoencoderKL"]}
    index |= {name: ["transformers", class_] for name, class_ in parts.items()}
    names = [f"diffusion_pytorch_model-{n + 1:05}-of-{shards:05}.safetensors" for n in range(shards)]
    files = {
        "model_index.json": json.dumps(index).encode(),
        "README.md": b"# A tiny model",
        "vae/config.json": b"{}",
        "vae/diffusion_pytorch_model.safetensors": b"v" * size,
        "transformer/config.json": b"{}",
        "transformer/diffusion_pytorch_model.safetensors.index.json": json.dumps(
            {"weight_map": {f"w{n}": name for n, name in enumerate(names)}}
        ).encode(),
        **{f"transformer/{name}": bytes([65 + n]) * size for n, name in enumerate(names)},
        "whole-model.safetensors": b"x" * size,  # the same once more, in one file
    }
    for name in parts:
        files |= {f"{name}/config.json": b"{}", f"{name}/model.safetensors": name[:1].encode() * size}
    return files


def siblings(repo: Repo) -> dict[str, Any]:
    """Return the list of a model's files, as the Hub has it."""
    listed = []
    for path, data in repo.files.items():
        each: dict[str, Any] = {"rfilename": path, "size": len(data), "blobId": git_sha1(data)}
        if path.endswith(_LARGE):
            each["lfs"] = {"sha256": sha256(data), "size": len(data), "pointerSize": 130}
        listed.append(each)
    return {"siblings": listed}


def asked_file(request: Request) -> tuple[str, str]:
    """Return the model and the file that are asked for."""
    repo_id, _, rest = request.path.lstrip("/").partition("/resolve/")
    return repo_id, rest.partition("/")[2]


def file_answer(repo_id: str, repo: Repo, path: str) -> Answer:
    """Return a small file, or where a large one is."""
    if path not in repo.files:
        return json_answer({"error": "Entry not found"}, 404, x_error_code="EntryNotFound", x_repo_commit=repo.sha)
    data = repo.files[path]
    headers = {"x-repo-commit": repo.sha, "etag": f'"{git_sha1(data)}"'}
    if path.endswith(_LARGE):
        headers |= {"x-linked-etag": f'"{sha256(data)}"', "x-linked-size": str(len(data))}
        headers |= {
            "x-xet-hash": sha256(data),
            "x-xet-refresh-route": f"/api/models/{repo_id}/xet-read-token/{repo.sha}",
        }
        return Answer(302, headers=headers | {"location": f"https://{CDN}/{repo_id}/{path}?X-Amz-Signature=secret"})
    return Answer(200, repo.sent.get(path, data), headers)


def stored_answer(request: Request, models: Mapping[str, Repo]) -> Answer:
    """Return a large file, or the rest of it."""
    owner, name, path = request.path.lstrip("/").split("/", 2)
    repo = models[f"{owner}/{name}"]
    data = repo.sent.get(path, repo.files[path])
    start = _RANGE.fullmatch(request.headers.get("range", ""))
    if start:
        rest = data[int(start[1]) :]
        return Answer(206, rest, {"content-range": f"bytes {start[1]}-{len(data) - 1}/{len(data)}"})
    return Answer(200, data)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
