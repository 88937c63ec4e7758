"""What exceptions of the client mean, where a model is downloaded."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from avatar_creator.engines.hub.addresses import ForbiddenAddress, ProxyDown
from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.hub.http_limits import TooLarge, Unconnectable
from avatar_creator.engines.local.hub_errors import Asked, HubOutOfReach, said_of
from avatar_creator.errors import EngineBusy, EngineError, EngineRefused, NotConfigured, NotFound, StorageError

REPO = "someone/portraits"
TOKEN = "hf_" + "q" * 34
WITH = Asked(REPO, Credential(TOKEN, "HF_TOKEN"), "v1", "vae/a.safetensors", Path("/"))
WITHOUT = WITH._replace(credential=None)


def of_status(kind: Any, status: int, host: str = "huggingface.co", **headers: str) -> Exception:
    request = httpx2.Request("GET", f"https://{host}/{REPO}")
    response = httpx2.Response(status, request=request, headers=headers, json={"error": f"no, {TOKEN}"})
    error: Exception = kind("said by the client", response=response)
    return error


@pytest.mark.parametrize(
    ("error", "asked", "kind", "said"),
    [
        (of_status(GatedRepoError, 401), WITHOUT, NotConfigured, f"{REPO} is gated, and there is no token."),
        (of_status(GatedRepoError, 403), WITH, NotConfigured, "The token from HF_TOKEN has no access"),
        (of_status(GatedRepoError, 401), WITH, NotConfigured, "The token from HF_TOKEN was refused."),
        (of_status(RepositoryNotFoundError, 404), WITH, NotFound, f"has no model {REPO}."),
        (of_status(RepositoryNotFoundError, 401), WITHOUT, NotFound, f"has no model {REPO}."),
        (of_status(RevisionNotFoundError, 404), WITH, NotFound, f"{REPO} has no revision 'v1'."),
        (of_status(RemoteEntryNotFoundError, 404), WITH, NotFound, "has no file 'vae/a.safetensors'."),
        (of_status(HfHubHTTPError, 401), WITH, NotConfigured, "The token from HF_TOKEN was refused."),
        (of_status(HfHubHTTPError, 403), WITHOUT, NotConfigured, f"does not give {REPO} to you: no, hf_***"),
        (of_status(HfHubHTTPError, 429, **{"retry-after": "9"}), WITH, HubOutOfReach, "limits the rate"),
        (of_status(HfHubHTTPError, 503), WITH, HubOutOfReach, "failed with HTTP 503"),
        (of_status(HfHubHTTPError, 400), WITH, EngineRefused, f"refused {REPO} with HTTP 400"),
        (of_status(HfHubHTTPError, 403, "cdn.example.com"), WITH, EngineBusy, "The store of Hugging Face failed"),
        (OfflineModeIsEnabled("off"), WITH, HubOutOfReach, "(HF_HUB_OFFLINE)"),
        (Unconnectable("SSL_CERT_FILE is 'x', which does not exist"), WITH, NotConfigured, "SSL_CERT_FILE is 'x'"),
        (ProxyDown("HTTPS_PROXY"), WITH, HubOutOfReach, "The proxy that HTTPS_PROXY names"),
        (ForbiddenAddress("is not public"), WITH, EngineError, "leads to an address that is not public."),
        (httpx2.ConnectError("x"), WITH, HubOutOfReach, "cannot be reached."),
        (httpx2.ConnectError("CERTIFICATE_VERIFY_FAILED"), WITH, HubOutOfReach, "certificate of Hugging Face"),
        (httpx2.ProxyError("x"), WITH, HubOutOfReach, "The proxy does not pass on"),
        (httpx2.ReadTimeout("x"), WITH, HubOutOfReach, "sends nothing more."),
        (httpx2.RemoteProtocolError("x"), WITH, HubOutOfReach, "The connection to Hugging Face broke."),
        (TooLarge(), WITH, EngineError, "is larger than the Hub says"),
        (TooLarge(), WITH._replace(file=None), EngineError, "is larger than any model's."),
        (OSError("Consistency check failed: file should be"), WITH, EngineError, "is not as large as the Hub says"),
        (OSError(28, "No space left on device"), WITH, StorageError, "The disk is full: / has "),
        (PermissionError(13, "Permission denied", "/cache"), WITH, StorageError, "/cache: Permission denied."),
        (ValueError(f"odd {TOKEN}"), WITH, EngineError, f"{REPO} cannot be downloaded: odd ***."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_is_a_sentence_with_a_way_out(error: Exception, asked: Asked, kind: type, said: str) -> None:
    found = said_of(error, asked)
    assert type(found) is kind
    assert said in found.message
    assert TOKEN not in f"{found.message} {found.hint}"


def test_what_the_client_wraps_is_found_below() -> None:
    wrapped = LocalEntryNotFoundError("An error happened while trying to locate the file on the Hub")
    wrapped.__cause__ = OSError("outgoing traffic has been disabled")
    wrapped.__cause__.__context__ = httpx2.ConnectError("x")
    assert isinstance(said_of(wrapped, WITH), HubOutOfReach)


def test_a_chain_that_leads_back_ends() -> None:
    first, second = ValueError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first
    assert "one" in said_of(first, WITH).message
