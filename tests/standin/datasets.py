"""The data sets on the Hub: made, looked at, and filled by commits, whose large files go to a store beside it."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from .accounts import Account
from .repos import missing
from .wire import Answer, Request, json_answer

STORE = "hub-lfs.s3.amazonaws.com"
_API, _GIT = "/api/datasets/", "/datasets/"
_LARGE = (".jpg", ".jpeg", ".png", ".webp", ".parquet")  # as .gitattributes of a new data set says


@dataclass
class Dataset:
    """A data set: its files by their names, and a message for each commit. ``large`` are in the store."""

    private: bool
    files: dict[str, bytes] = field(default_factory=lambda: {".gitattributes": b"*.jpg filter=lfs\n"})
    large: set[str] = field(default_factory=set)
    commits: list[str] = field(default_factory=list)


class Datasets:
    """All data sets of a stand-in, and the store of their large files."""

    def __init__(self) -> None:
        self.repos: dict[str, Dataset] = {}
        self.store: dict[str, bytes] = {}  # by SHA-256
        self.puts: list[str] = []  # the SHA-256 of each file that was sent

    def create(self, request: Request, account: Account) -> Answer:
        owner = request.body.get("organization") or account.name
        repo_id = f"{owner}/{request.body['name']}"
        if account.role == "read" or owner not in {account.name, *account.organisations}:
            said = f'You don\'t have the rights to create a dataset under the namespace "{owner}"'
            return json_answer({"error": said}, 403)
        url = f"https://huggingface.co/datasets/{repo_id}"
        if repo_id in self.repos:
            return json_answer({"error": "You already created this dataset repo", "url": url}, 409)
        self.repos[repo_id] = Dataset(request.body.get("visibility") == "private" or request.body.get("private", False))
        return json_answer({"url": url, "name": repo_id, "id": "0" * 24})

    def answer(self, request: Request, account: Account | None) -> Answer:  # noqa: PLR0911 - one for each request
        """Answer what is asked of one data set."""
        if request.path.startswith(_GIT):
            repo_id, _, what = request.path.removeprefix(_GIT).partition(".git/info/lfs/")
        else:
            owner, name, *rest = request.path.removeprefix(_API).split("/", 2)
            repo_id, what = f"{owner}/{name}", rest[0] if rest else ""
        found = self.repos.get(repo_id)
        if found is None or (found.private and account is None):
            return missing(known_user=account is not None)
        writes = request.method == "POST"
        if writes and (account is None or account.role == "read" or repo_id.split("/")[0] != account.name):
            return json_answer({"error": "Forbidden: you don't have write access to this repository"}, 403)
        match what.partition("/")[0]:
            case "tree":
                return json_answer([_entry(name, data, found) for name, data in found.files.items()])
            case "preupload":
                return json_answer({"files": [_mode(each, found) for each in request.body["files"]]})
            case "objects":
                return self._objects(request, what)
            case "commit":
                return self._commit(request, repo_id, found)
        facts = {"_id": "0" * 24, "id": repo_id, "private": found.private, "sha": f"{len(found.commits):040x}"}
        return json_answer(facts | {"tags": [], "downloads": 0, "likes": 0, "gated": False, "disabled": False})

    def put(self, request: Request) -> Answer:
        """Take a large file into the store."""
        data = _body(request)
        sha256 = hashlib.sha256(data).hexdigest()
        if not request.path.endswith(sha256):
            return Answer(400, b"<Error><Code>BadDigest</Code></Error>", {"content-type": "application/xml"})
        self.store[sha256] = data
        self.puts.append(sha256)
        return Answer(200, headers={"etag": f'"{sha256[:32]}"'})

    def _objects(self, request: Request, what: str) -> Answer:
        if what.endswith("verify"):
            return json_answer({} if request.body["oid"] in self.store else {"error": "missing"})
        base = f"https://huggingface.co{request.path.removesuffix('/batch')}"
        objects = [
            each
            if each["oid"] in self.store
            else {
                **each,
                "actions": {
                    "upload": {"href": f"https://{STORE}/repos/{each['oid']}?X-Amz-Signature=secret"},
                    "verify": {"href": f"{base}/verify"},
                },
            }
            for each in request.body["objects"]
        ]
        return json_answer({"transfer": "basic", "objects": objects})

    def _commit(self, request: Request, repo_id: str, found: Dataset) -> Answer:
        lines = [json.loads(line) for line in _body(request).splitlines()]
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "file":
                    found.files[value["path"]] = base64.b64decode(value["content"])
                    found.large.discard(value["path"])
                case "lfsFile":
                    if value["oid"] not in self.store:
                        return json_answer({"error": "LFS pointer pointed to a file that does not exist"}, 400)
                    found.files[value["path"]] = self.store[value["oid"]]
                    found.large.add(value["path"])
        found.commits.append(lines[0]["value"]["summary"])
        oid = f"{len(found.commits):040x}"
        url = f"https://huggingface.co/datasets/{repo_id}/commit/{oid}"
        return json_answer({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})


def validated(request: Request) -> Answer:
    """Say whether the head of a card is YAML that the Hub takes: it begins and ends with three hyphens."""
    good = request.body["content"].startswith("---\n") and "\n---\n" in request.body["content"]
    errors = [] if good else [{"message": "the head is no YAML"}]
    return json_answer({"errors": errors, "warnings": []}, 200 if good else 400)


def _mode(asked: dict[str, Any], found: Dataset) -> dict[str, Any]:
    name = asked["path"]
    mode = "lfs" if name.endswith(_LARGE) else "regular"
    return {"path": name, "uploadMode": mode, "shouldIgnore": False, "oid": _oid(name, found)}


def _entry(name: str, data: bytes, found: Dataset) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "path": name, "size": len(data), "oid": _git_sha1(data)}
    if name in found.large:
        entry["lfs"] = {"oid": _oid(name, found), "size": len(data), "pointerSize": 130}
    return entry


def _oid(name: str, found: Dataset) -> str | None:
    if name not in found.files:
        return None
    data = found.files[name]
    return hashlib.sha256(data).hexdigest() if name in found.large else _git_sha1(data)


def _git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _body(request: Request) -> bytes:
    return request.raw.partition(b"\r\n\r\n")[2]
