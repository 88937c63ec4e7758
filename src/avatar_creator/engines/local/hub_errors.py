"""What goes wrong with a download from the Hub, as the user is told of it."""

import errno
import shutil
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import httpx2
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from avatar_creator.domain.text import shown
from avatar_creator.engines.hub.addresses import ForbiddenAddress, ProxyDown
from avatar_creator.engines.hub.credentials import Credential, hub_name, is_hugging_face
from avatar_creator.engines.hub.http_limits import TooLarge, Unconnectable, Unreadable
from avatar_creator.engines.hub.response_body import error_sentence, retry_delay_s, shorten
from avatar_creator.engines.hub_models import HUB
from avatar_creator.errors import (
    AvatarError,
    EngineBusy,
    EngineError,
    EngineRefused,
    NotConfigured,
    NotFound,
    StorageError,
)

_TOKENS = f"{HUB}/settings/tokens"
_HOW = "hf auth login, export HF_TOKEN=…, or avatar config set hf_token"
_AGAIN = "Type the same command again{when}: files that are whole stay."
_ONLINE = "Type: unset HF_HUB_OFFLINE"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


class HubOutOfReach(EngineBusy):
    """The Hub cannot be asked, now or by the user's own will: what is on the disk already may be enough."""


class Asked(NamedTuple):
    """What was asked for when it failed: a repository of the Hub, a file of it, and with which token."""

    repo: str
    credential: Credential | None
    revision: str | None = None
    file: str | None = None
    folder: Path | None = None


def said_of(error: Exception, asked: Asked) -> AvatarError:
    """Return what an exception of the client means, or one below it, in which it is wrapped."""
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in seen:
        if (found := _meaning(each, asked)) is not None:
            return found
        seen.append(each)
        each = each.__cause__ or each.__context__
    detail = shorten(str(error), asked.credential).rstrip(".") or type(error).__name__
    return EngineError(f"{asked.repo} cannot be downloaded: {detail}.", hint=_AGAIN.format(when=" later"))


def damaged(asked: Asked, why: str) -> EngineError:
    """Return the error of a file that came, and is not what the Hub says of it."""
    return EngineError(
        f"{asked.file} of {asked.repo} {why}: it is removed, and downloaded anew the next time.",
        hint="Type the same command again; if it stays so, a proxy may change what it passes on.",
    )


def no_room(folder: Path, needed: int | None = None) -> StorageError:
    """Return the error of a disk that is too small, for so many bytes or for what came."""
    free = _size(shutil.disk_usage(folder).free)
    hint = "Free some, see what models take: avatar models list; or have them elsewhere: export HF_HOME=/other/disk"
    if needed is None:
        return StorageError(f"The disk is full: {folder} has {free} left. Files that are whole stay.", hint=hint)
    return StorageError(f"{_size(needed)} are to be downloaded, and {folder} has {free} left.", hint=hint)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"  # noqa: PLR2004 - a gigabyte


def _meaning(error: BaseException, asked: Asked) -> AvatarError | None:
    """Return what one exception means; None leaves it to those below it."""
    match error:
        case AvatarError() | LocalEntryNotFoundError():  # the latter is the client's word for any failure
            return error if isinstance(error, AvatarError) else None
        case HfHubHTTPError() | httpx2.HTTPStatusError():
            return _missing(error, asked) or _of_status(error, error.response, asked)
        case TooLarge() | Unreadable():
            if asked.file is None:
                return EngineError(f"The answer of {hub_name()} on {asked.repo} is larger than any model's.")
            return damaged(asked, "is larger than the Hub says")
        case OSError() if type(error) is OSError:
            return _of_disk(error, asked)
    return _of_settings(error, asked) or _network(error)


def _of_disk(error: OSError, asked: Asked) -> AvatarError | None:
    if error.errno in _FULL and asked.folder is not None:
        return no_room(asked.folder)
    if "Consistency check failed" in str(error):
        return damaged(asked, "is not as large as the Hub says")
    return None


def _of_settings(error: BaseException, asked: Asked) -> AvatarError | None:
    """Return what an exception means that the user's environment is to blame for."""
    match error:
        case OfflineModeIsEnabled():
            return HubOutOfReach("The offline mode of Hugging Face is on (HF_HUB_OFFLINE).", hint=_ONLINE)
        case Unconnectable():
            detail = shorten(str(error), asked.credential).split(". ")[0].rstrip(".")
            return NotConfigured(
                f"The network settings of the environment cannot be used: {detail}.",
                hint="Check the variables HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE.",
            )
        case ProxyDown():
            return HubOutOfReach(f"The proxy that {error} names cannot be reached.", hint=f"Set {error} right.")
        case ForbiddenAddress():
            return EngineError(f"{hub_name()} leads to an address that {error}.", hint="Check HF_ENDPOINT.")
        case PermissionError() if error.filename is not None:
            return StorageError(
                f"{error.filename}: {error.strerror}.",
                hint="Make it writable for you, or set HF_HOME to another folder.",
            )
    return None


def _missing(error: BaseException, asked: Asked) -> AvatarError | None:
    """Return what is said of a repository, revision or file that is not there, or not for this user."""
    page, credential = f"{HUB}/{asked.repo}", asked.credential
    response = getattr(error, "response", None)
    is_unknown_token = credential and response is not None and response.status_code == HTTPStatus.UNAUTHORIZED
    match error:
        case RepositoryNotFoundError() if credential and is_unknown_token:  # a GatedRepoError is one, too
            return _refused_token(credential)
        case GatedRepoError():
            return _gated(asked)
        case RepositoryNotFoundError():
            hidden = "" if credential else f"; a private one needs a token: {_HOW}"
            return NotFound(f"{hub_name()} has no model {asked.repo}.", hint=f"Check its id, as at {HUB}{hidden}.")
        case RevisionNotFoundError():
            given = shown(asked.revision or "main")
            return NotFound(f"{asked.repo} has no revision {given}.", hint=f"Check it at {page}/tree/main")
        case EntryNotFoundError():
            given = shown(asked.file or "")
            return NotFound(f"{asked.repo} has no file {given}.", hint=f"See what it has: {page}/tree/main")
    return None


def _gated(asked: Asked) -> NotConfigured:
    page, credential = f"{HUB}/{asked.repo}", asked.credential
    if credential is None:
        return NotConfigured(
            f"{asked.repo} is gated, and there is no token.",
            hint=f"Accept its licence at {page}, make a token at {_TOKENS}, then: {_HOW}",
        )
    return NotConfigured(
        f"The token from {credential.source} has no access to {asked.repo}, which is gated.",
        hint=f"Accept its licence at {page} with the account of the token. A fine-grained token also needs the "
        f"permission to read the contents of public gated repos: {_TOKENS}",
    )


def _refused_token(credential: Credential) -> NotConfigured:
    return NotConfigured(
        f"The token from {credential.source} was refused.", hint=f"Make a new one at {_TOKENS}, then: {_HOW}"
    )


def _of_status(error: Exception, response: httpx2.Response, asked: Asked) -> AvatarError:
    status, name = response.status_code, hub_name()
    detail = error_sentence(error, response, asked.credential)
    if not is_hugging_face(response.request.url.host):  # where it has large files; that never gets the token
        return EngineBusy(f"The store of {name} failed with HTTP {status}{detail}.", hint=_AGAIN.format(when=" later"))
    if status == HTTPStatus.UNAUTHORIZED and asked.credential:
        return _refused_token(asked.credential)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return NotConfigured(
            f"{name} does not give {asked.repo} to you{detail}.",
            hint=f"See {HUB}/{asked.repo}; a token is given by: {_HOW}",
        )
    if status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        seconds = retry_delay_s(response)
        when = " later" if seconds is None else f" in {seconds:.0f} s"
        what = "limits the rate" if status == HTTPStatus.TOO_MANY_REQUESTS else f"failed with HTTP {status}"
        return HubOutOfReach(f"{name} {what}{detail}.", hint=_AGAIN.format(when=when), retry_after_s=seconds)
    return EngineRefused(f"{name} refused {asked.repo} with HTTP {status}{detail}.", hint=f"See {HUB}/{asked.repo}")


def _network(error: BaseException) -> HubOutOfReach | None:
    name, again = hub_name(), _AGAIN.format(when=" later")
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return HubOutOfReach(
            f"The certificate of {name} is not trusted.",
            hint="A proxy of your network may replace it; give its certificate: export SSL_CERT_FILE=…",
        )
    match error:
        case httpx2.ProxyError():
            return HubOutOfReach(f"The proxy does not pass on to {name}.", hint="Check HTTPS_PROXY.")
        case httpx2.ConnectError() | httpx2.ConnectTimeout():
            return HubOutOfReach(f"{name} cannot be reached.", hint=f"Check the network. {again}")
        case httpx2.TimeoutException() | TimeoutError():
            return HubOutOfReach(f"{name} sends nothing more.", hint=again)
        case httpx2.TransportError():
            return HubOutOfReach(f"The connection to {name} broke.", hint=again)
    return None
