"""A data set on the Hub: what is in it, and what is put there by one commit.

huggingface_hub speaks to it. What it would say on stderr is silenced, and hf_xet is not used: that has a HTTP client
of its own, which knows nothing of `http_limits`. Files go by Git LFS, which the Hub has for everybody without hf_xet.
"""

import hashlib
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile

from avatar_creator.domain.text import shown, without_tokens
from avatar_creator.engines.hub.credentials import check_hub, find_token
from avatar_creator.engines.hub.http_limits import BackgroundWork, Exchange, run_bounded
from avatar_creator.engines.hub.plain_client import plain_client
from avatar_creator.engines.huggingface.dataset_errors import read_only, refused_token, said_of
from avatar_creator.errors import InvalidInput

_KIND = "dataset"
_NAME = re.compile(r"(?!.*(\.\.|--))(?:[\w.-]+/)?[A-Za-z0-9_][\w.-]*(?<![.-])", re.ASCII)  # the Hub's rule
_LONGEST = 96  # characters of an id on the Hub
_LOOKUP_S = 60.0
_AT_ONCE = 4  # files that are sent
_PATIENCE_S = 120.0  # for a file: a Hub that is busy is waited for
_SLOWEST = 50_000  # bytes a second, for which there is more time
_BLOCK = 2**20

_Result = TypeVar("_Result")


class Pushed(NamedTuple):
    """What a push came to; ``sent`` files are new there or have changed, ``commit`` is None where there are none."""

    repository: str
    url: str
    commit: str | None
    public: bool
    pictures: int
    files: int
    sent: int

    @property
    def id(self) -> str:
        return self.url

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "changed": self.commit is not None}


class DatasetRepository:
    """A data set on the Hub, which may not be there yet."""

    def __init__(self, given: str, configured: str | None, *, public: bool = False) -> None:
        """Look it up; ``configured`` is the token of the settings, ``public`` says who may see it if it is new.

        Raises InvalidInput for a name that the Hub does not take, and for one that is public unasked, NotConfigured
        without a token that may write, EngineError where the Hub cannot be reached.
        """
        name = _checked(given)
        check_hub()
        self._credential = find_token(configured)
        self._api = HfApi(token=self._credential.value)
        self._files: dict[str, str] = {}
        self.id = name
        owner = self._owner()
        self.id = name if "/" in name else f"{owner}/{name}"
        self.name = name.rpartition("/")[2]
        self.exists, self.public = self._visibility(public=public)
        if self.public and not public:
            raise InvalidInput(
                f"{self.id} is public, and public is not asked for.",
                hint="Say --public to have everybody see it, or name another repository.",
            )
        if self.exists:
            self._files = dict(self._bounded(_LOOKUP_S, self._listed))

    @property
    def url(self) -> str:
        return f"{self._api.endpoint}/datasets/{self.id}"

    def has(self, name: str) -> bool:
        """Return whether a file is there."""
        return name in self._files

    def others(self, files: Mapping[str, Path], folders: tuple[str, ...]) -> list[str]:
        """Return the names of files in some of its folders that a push of ``files`` neither writes nor removes."""
        return [name for name in self._files if name.startswith(folders) and name not in files]

    def push(
        self, files: Mapping[str, Path], pictures: int, message: str, on_sent: Callable[[], object] = lambda: None
    ) -> Pushed:
        """Have files there, by their names, in one commit; ``on_sent`` is called for each. Raises AvatarError.

        What is there already is not sent again, and of an interrupted push neither what the Hub got of it.
        """
        if not self.exists:
            self._bounded(
                _LOOKUP_S,
                lambda: self._api.create_repo(self.id, repo_type=_KIND, private=not self.public, exist_ok=True),
            )
            self.exists = True
        changed: list[CommitOperationAdd] = []
        for name, path in files.items():
            if self._is_there(name, path):
                on_sent()
            else:
                changed.append(CommitOperationAdd(name, path))
        commit = None
        if changed:
            self._send(changed, on_sent)
            commit = self._bounded(_time_for(changed), lambda: self._commit(changed, message))
        return Pushed(self.id, self.url, commit, self.public, pictures, len(files), len(changed))

    def _owner(self) -> str:
        """Return whose token it is: a repository without an owner is theirs."""
        who: Any = self._bounded(_LOOKUP_S, self._api.whoami)
        match who:
            case {"auth": {"accessToken": {"role": "read"}}}:
                raise read_only(self._credential)
        return str(who["name"])

    def _visibility(self, *, public: bool) -> tuple[bool, bool]:
        """Return whether it is there, and whether everybody may see it, or will."""
        try:
            found = self._bounded(_LOOKUP_S, lambda: self._api.dataset_info(self.id), RepositoryNotFoundError)
        except RepositoryNotFoundError as error:
            if error.response.status_code == 401:  # noqa: PLR2004 - HTTP: of a token that is none
                raise refused_token(self._credential) from None
            return False, public
        return True, not found.private

    def _listed(self) -> list[tuple[str, str]]:
        try:
            tree = list(self._api.list_repo_tree(self.id, recursive=True, repo_type=_KIND))
        except (EntryNotFoundError, RevisionNotFoundError):  # nothing was put there yet
            return []
        return [
            (each.path, each.lfs.sha256 if each.lfs else each.blob_id) for each in tree if isinstance(each, RepoFile)
        ]

    def _is_there(self, name: str, path: Path) -> bool:
        there = self._files.get(name)
        return there is not None and there in {_sha256(path), _git_sha1(path)}

    def _send(self, files: Sequence[CommitOperationAdd], on_sent: Callable[[], object]) -> None:
        """Have the contents of files on the Hub, a few at once; small texts go with the commit.

        Each alone: the client would send several in threads of its own, which know nothing of `http_limits`.
        """
        under_way: deque[tuple[Exchange, BackgroundWork[None]]] = deque()
        with plain_client():
            try:
                for each in files:
                    under_way.append(self._begin(each))
                    if len(under_way) == _AT_ONCE:
                        self._end(*under_way.popleft(), on_sent)
                while under_way:
                    self._end(*under_way.popleft(), on_sent)
            finally:
                for _, work in under_way:
                    work.abandon()

    def _begin(self, file: CommitOperationAdd) -> "tuple[Exchange, BackgroundWork[None]]":
        exchange = Exchange(time.monotonic() + _time_for([file]), self._credential)
        return exchange, BackgroundWork(
            exchange, lambda: self._api.preupload_lfs_files(self.id, [file], repo_type=_KIND, free_memory=False)
        )

    def _end(self, exchange: Exchange, work: "BackgroundWork[None]", on_sent: Callable[[], object]) -> None:
        try:
            work.result()
        except Exception as error:  # noqa: BLE001 - whatever the client raises
            raise said_of(error, exchange, self.id, self._credential) from None
        on_sent()

    def _commit(self, changed: list[CommitOperationAdd], message: str) -> str:
        return str(self._api.create_commit(self.id, changed, commit_message=message, repo_type=_KIND).commit_url)

    def _bounded(
        self, seconds: float, work: Callable[[], _Result], but: type[Exception] | tuple[type[Exception], ...] = ()
    ) -> _Result:
        """Return what ``work`` does. Raises AvatarError for all that goes wrong, ``but`` what the caller knows."""
        exchange = Exchange(time.monotonic() + seconds, self._credential)
        try:
            with plain_client():
                return run_bounded(exchange, work)
        except but:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the client raises
            raise said_of(error, exchange, self.id, self._credential) from None


def _checked(given: str) -> str:
    """Return the name of a repository. Raises InvalidInput for one that the Hub would refuse."""
    name = given.strip()
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or name.endswith(".git") or without_tokens(name) != name:
        raise InvalidInput(
            f"push is {shown(given)}, which no data set can be called.",
            hint="Give it as name or owner/name: letters, digits, - _ and .",
        )
    return name


def _time_for(files: list[CommitOperationAdd]) -> float:
    sizes: Iterator[int] = (each.upload_info.size for each in files)
    return _PATIENCE_S + sum(sizes) / _SLOWEST


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git_sha1(path: Path) -> str:
    """Return the hash by which Git knows a file that it has itself."""
    hashed = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_BLOCK):
            hashed.update(piece)
    return hashed.hexdigest()
