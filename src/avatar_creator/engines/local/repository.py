"""A repository of the Hub: its commit, its files, whether this user may have them, and one of them at a time.

huggingface_hub speaks to it, and writes the files into its cache. hf_xet is not used: that has a HTTP client of its
own, which knows nothing of `http_limits`.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from huggingface_hub import HfApi, constants, get_hf_file_metadata, get_session, hf_hub_download, hf_hub_url
from huggingface_hub.hf_api import ModelInfo
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from avatar_creator.domain.license import License
from avatar_creator.engines.hub.credentials import check_hub, find_token, hub_name, token_source
from avatar_creator.engines.hub.http_limits import BackgroundWork, Exchange, run_bounded
from avatar_creator.engines.hub.plain_client import plain_client
from avatar_creator.engines.hub_models import license_of
from avatar_creator.engines.local import cache
from avatar_creator.engines.local.hub_errors import Asked, damaged, said_of
from avatar_creator.engines.local.selection import RemoteFile
from avatar_creator.errors import EngineError, EngineRefused

_LOOKUP_S = 60.0
_FILES_MOST = 20_000  # of a repository: more are no model
_PATIENCE_S = 120.0  # for a file: a Hub that is busy is waited for
_SLOWEST = 20_000  # bytes a second, for which there is more time
_POLL_S = 0.1
_END_S = 0.8  # for the client to remove what it had of a file
_CHUNK = (
    2**20
)  # bytes after which a file is said to have grown, or read at once; the client's own are ten times as many
_SHA256, _SHA1 = 64, 40  # digits

_Result = TypeVar("_Result")
OnBytes = Callable[[int], object]
"""Is given how many more bytes of a file are here; fewer than none, where it is begun anew."""


class Repository(NamedTuple):
    """A repository as it is on the Hub now."""

    id: str
    commit: str
    license: License
    files: tuple[RemoteFile, ...]
    revision: str | None = None


class HubFiles:
    """The files of the Hub's repositories, for a user."""

    def __init__(self, configured: str | None) -> None:
        """``configured`` is the token of the settings. Raises NotConfigured for one that is none, or no Hub."""
        check_hub()
        self._credential = find_token(configured) if token_source(configured) else None
        self._token = self._credential.value if self._credential else False

    def get_repository(self, repo: str, revision: str | None = None) -> Repository:
        """Return a repository. A gated one is shown to everybody: whether its files may be had, they say themselves.

        Raises AvatarError.
        """
        asked = Asked(repo, self._credential, revision)
        api = HfApi(token=self._token)
        info = self._bounded(
            asked, lambda: api.model_info(repo, revision=revision, files_metadata=True, timeout=_LOOKUP_S)
        )
        card: Any = info.card_data
        license_, name, link = (getattr(card, key, None) for key in ("license", "license_name", "license_link"))
        found = name if license_ == "other" else license_
        terms = license_of(repo, found if isinstance(found, str) else None, link if isinstance(link, str) else None)
        return Repository(repo, _commit(info, asked), terms, _files(info, asked), revision)

    def check_access(self, repository: Repository, file: RemoteFile) -> None:
        """Raise NotConfigured where this user may not have a file: no licence accepted, or no token for it."""
        url = hf_hub_url(repository.id, file.path, revision=repository.commit)
        asked = Asked(repository.id, self._credential, repository.revision, file.path)
        self._bounded(asked, lambda: get_hf_file_metadata(url, token=self._token, timeout=_LOOKUP_S))

    def index_of(self, repository: Repository) -> dict[str, Any]:
        """Return what the index of a model's parts holds. Raises EngineRefused for a repository without one."""
        repo = repository.id
        if not any(each.path == cache.INDEX for each in repository.files):
            raise EngineRefused(
                f"{repo} is no model that diffusers loads: it has no {cache.INDEX}.",
                hint="Choose one in the layout of diffusers: avatar models list. A LoRA is given by --lora",
            )
        url = hf_hub_url(repo, cache.INDEX, revision=repository.commit)

        def read() -> bytes:
            response = get_session().get(url, headers=build_hf_headers(token=self._token), follow_redirects=True)
            hf_raise_for_status(response)
            return bytes(response.content)

        content = self._bounded(Asked(repo, self._credential, file=cache.INDEX), read)
        try:
            index = json.loads(content)
        except (ValueError, RecursionError):
            index = None
        return index if isinstance(index, dict) else {}

    def fetch(self, repository: Repository, file: RemoteFile, folder: Path, on_bytes: OnBytes) -> None:
        """Have a file in the cache at ``folder``. Raises AvatarError.

        It is compared with the Hub's checksum, and removed where it differs. An interrupt leaves no part of it, unless
        the Hub sends nothing at that moment.
        """
        asked = Asked(repository.id, self._credential, repository.revision, file.path, folder)
        growth = _Growth(on_bytes)
        path = self._have(repository, file, asked, growth)
        growth.report(file.bytes)
        check(path, file, asked)

    def link(self, repository: Repository, file: RemoteFile, folder: Path) -> None:
        """Have a file that is in the cache already stand in the tree of this commit, too. Raises AvatarError."""
        asked = Asked(repository.id, self._credential, repository.revision, file.path, folder)
        self._have(repository, file, asked, _Growth(lambda _count: None))

    def _have(self, repository: Repository, file: RemoteFile, asked: Asked, growth: "_Growth") -> Path:
        deadline = time.monotonic() + _PATIENCE_S + file.bytes / _SLOWEST
        exchange = Exchange(deadline, self._credential, file_bytes=file.bytes)
        arguments: dict[str, Any] = {
            "revision": repository.commit,
            "cache_dir": asked.folder,
            "token": self._token,
            "tqdm_class": growth.bar,
        }
        with plain_client():
            constants.DOWNLOAD_CHUNK_SIZE = _CHUNK
            work = BackgroundWork(exchange, lambda: hf_hub_download(repository.id, file.path, **arguments))
            try:
                while not work.wait(_POLL_S):
                    growth.report()
                return Path(work.result())
            except Exception as error:  # noqa: BLE001 - whatever the client raises
                raise said_of(error, asked) from None
            finally:
                work.abandon()
                work.wait(_END_S)

    def _bounded(self, asked: Asked, work: Callable[[], _Result]) -> _Result:
        exchange = Exchange(time.monotonic() + _LOOKUP_S, self._credential)
        try:
            with plain_client():
                return run_bounded(exchange, work)
        except Exception as error:  # noqa: BLE001 - whatever the client raises
            raise said_of(exchange.status_error(error), asked) from None


def check(path: Path, file: RemoteFile, asked: Asked) -> None:
    """Remove a file that is not as the Hub says, and raise EngineError."""
    size = path.stat().st_size
    if size == file.bytes and _digest(path, file) == file.digest:
        return
    cache.discard(path)
    why = "has another checksum than the Hub says" if size == file.bytes else "is not as large as the Hub says"
    raise damaged(asked, why)


class _Growth:
    """How much of a file is here, as the client says it to what it takes for a bar."""

    def __init__(self, on_bytes: OnBytes) -> None:
        self.bytes = self._reported = 0
        self._on_bytes = on_bytes

    def report(self, all_bytes: int | None = None) -> None:
        """Say how many more there are, of ``all_bytes`` or of those that came."""
        now = self.bytes if all_bytes is None else all_bytes
        self._on_bytes(now - self._reported)
        self._reported = now

    @property
    def bar(self) -> type:
        growth = self

        class Bar:
            def __init__(self, *, initial: int = 0, **_: Any) -> None:
                growth.bytes = initial

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                """Nothing is drawn."""

            def update(self, count: float | None = 1) -> None:
                growth.bytes += int(count or 0)

        return Bar


def _commit(info: ModelInfo, asked: Asked) -> str:
    if info.sha is None or not _is_digest(info.sha, _SHA1):
        raise EngineError(f"{hub_name()} does not say which commit of {asked.repo} it has.", hint="Check HF_ENDPOINT.")
    return info.sha


def _files(info: ModelInfo, asked: Asked) -> tuple[RemoteFile, ...]:
    siblings = info.siblings or []
    if len(siblings) > _FILES_MOST:
        raise EngineRefused(f"{asked.repo} has {len(siblings):,} files, which no model has.", hint="Choose another.")
    return tuple(_sound(siblings, asked))


def _sound(siblings: list[Any], asked: Asked) -> Iterator[RemoteFile]:
    """Yield files. Raises EngineError where a size or checksum is missing or none; the client checks no types."""
    for each in siblings:
        digest = each.lfs.sha256 if each.lfs else each.blob_id
        if (
            not _is_digest(digest, _SHA256, _SHA1)
            or not isinstance(each.rfilename, str)
            or type(each.size) is not int
            or each.size < 0
        ):
            raise EngineError(
                f"{hub_name()} does not say how large the files of {asked.repo} are, and what they hold.",
                hint="Check HF_ENDPOINT: a mirror may leave it out.",
            )
        yield RemoteFile(each.rfilename, each.size, digest)


def _is_digest(value: object, *lengths: int) -> bool:
    """Return whether a value is a checksum of so many digits: it names files of the cache."""
    return isinstance(value, str) and len(value) in lengths and not set(value) - set("0123456789abcdef")


def _digest(path: Path, file: RemoteFile) -> str:
    if len(file.digest) == _SHA256:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    hashed = hashlib.sha1(b"blob %d\0" % file.bytes, usedforsecurity=False)  # as Git does
    with path.open("rb") as opened:
        while part := opened.read(_CHUNK):
            hashed.update(part)
    return hashed.hexdigest()
