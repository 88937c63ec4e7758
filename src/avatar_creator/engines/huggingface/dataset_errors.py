"""What goes wrong with a data set on the Hub, as the user is told of it."""

from http import HTTPStatus

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from avatar_creator.engines.hub.credentials import Credential, hub_name, is_hugging_face
from avatar_creator.engines.hub.http_limits import Exchange
from avatar_creator.engines.hub.response_body import error_sentence, retry_delay_s, shorten
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.provider_errors import OFFLINE, Operation, Target
from avatar_creator.errors import AvatarError, EngineBusy, EngineError, EngineRefused, NotConfigured, NotFound

_TOKENS = "https://huggingface.co/settings/tokens"
_AGAIN = "Type the same command again{when}: it goes on, and sends no file twice."
_BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.TOO_MANY_REQUESTS)


def said_of(error: Exception, exchange: Exchange, repository: str, credential: Credential) -> AvatarError:
    """Return what an exception of the client means, whatever the exception holds."""
    while isinstance(error, RuntimeError) and isinstance(error.__cause__, Exception):  # of a file among others
        error = error.__cause__
    if type(error) is not ValueError:  # in which the client says itself what the Hub does not take
        error = exchange.status_error(error)
    if isinstance(error, HfHubHTTPError | httpx2.HTTPStatusError):
        return _of_status(error, error.response, repository, credential)
    if type(error) is ValueError:
        said = shorten(str(error), credential).rstrip(".")
        return EngineRefused(f"{hub_name()} does not take the data set: {said}.", hint="Change what the message names.")
    failure = translate(error, Target(Operation.LOOKUP, repository, credential=credential)).error
    if isinstance(failure, EngineError):
        temporary = isinstance(failure, EngineBusy) or not failure.hint or "--provider" in failure.hint
        failure.hint = _AGAIN.format(when=" later") if temporary else failure.hint
    elif failure.hint:
        failure.hint = failure.hint.replace(f", {OFFLINE}", ".")
    return failure


def read_only(credential: Credential) -> NotConfigured:
    """Return the error of a token that may read alone."""
    return NotConfigured(
        f"The token from {credential.source} may read, and not write.",
        hint=f"Make one of the type write at {_TOKENS}, then: hf auth login, or set HF_TOKEN.",
    )


def refused_token(credential: Credential, detail: str = "") -> NotConfigured:
    """Return the error of a token that the Hub does not know, or not any more."""
    return NotConfigured(
        f"The token from {credential.source} was refused{detail}.",
        hint=f"Make a new one at {_TOKENS}, then: hf auth login, or set HF_TOKEN.",
    )


def _of_status(error: Exception, response: httpx2.Response, repository: str, credential: Credential) -> AvatarError:
    status, name = response.status_code, hub_name()
    detail = error_sentence(error, response, credential)
    if not is_hugging_face(response.request.url.host):  # where it keeps large files; that never gets the token
        return EngineBusy(f"The store of {name} failed with HTTP {status}{detail}.", hint=_AGAIN.format(when=" later"))
    if status == HTTPStatus.UNAUTHORIZED:
        return refused_token(credential, detail)
    if status == HTTPStatus.FORBIDDEN:
        return NotConfigured(
            f"The token from {credential.source} may not write to {repository}{detail}.",
            hint=f"Have it write there at {_TOKENS}, or name a repository of yours: --push NAME",
        )
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(f"{name} has no {repository}{detail}.", hint="Check the name: --push owner/name")
    if status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        seconds = retry_delay_s(response)
        when = " later" if seconds is None else f" in {seconds:.0f} s"
        what = "limits the rate" if status == HTTPStatus.TOO_MANY_REQUESTS else f"failed with HTTP {status}"
        return EngineBusy(f"{name} {what}{detail}.", hint=_AGAIN.format(when=when), retry_after_s=seconds)
    return EngineRefused(
        f"{name} refused the data set with HTTP {status}{detail}.", hint="Change what the message names."
    )
