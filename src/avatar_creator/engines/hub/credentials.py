"""The token or key: where it is found, what it must look like, and which host may see it.

Quick to import: the choice of an engine needs it.
"""

import json
import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from avatar_creator.domain.text import shown, visible, without_tokens
from avatar_creator.engines.base import Setup
from avatar_creator.errors import InvalidInput, NotConfigured

TOKEN_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")  # in the client's order
TOKEN = re.compile(r"hf_[A-Za-z0-9._-]+")
_KEY = re.compile(r"[!-~]+")
_TOKENS_PAGE = "https://huggingface.co/settings/tokens"
HUB = "Hugging Face"
_HUB = "huggingface.co"
_OWN_ENDPOINTS = ".endpoints.huggingface.cloud"  # Inference Endpoints run under the user's own token
_HUB_VARIABLE = "HF_ENDPOINT"  # of the client: another address of the Hub


class Credential(NamedTuple):
    """A token of Hugging Face, or with ``direct`` a provider's own key; ``source`` says where it was found."""

    value: str
    source: str
    direct: bool = False

    def __repr__(self) -> str:
        return f"Credential({self.source})"

    @property
    def fingerprint(self) -> str:
        """A few digits that differ for another token, and do not reveal it."""
        from hashlib import sha256  # noqa: PLC0415 - it loads OpenSSL, which a plan does not need

        return sha256(self.value.encode()).hexdigest()[:8]

    def is_in(self, data: bytes) -> bool:
        """Return whether the data hold it: plain, escaped for JSON or escaped for a URL."""
        forms = {self.value, json.dumps(self.value)[1:-1], quote(self.value, safe="")}
        return any(form.encode() in data for form in forms)

    def may_go_to(self, host: str) -> bool:
        """Return whether a host may see it: a token is for Hugging Face's hosts, a key for all others."""
        return is_hugging_face(host) is not self.direct


def is_hugging_face(host: str) -> bool:
    """Return whether a host is Hugging Face's, or the one that HF_ENDPOINT names in place of the Hub."""
    return host == _HUB or host.endswith((f".{_HUB}", _OWN_ENDPOINTS)) or host == _mirror()


def hub_name() -> str:
    """Return the name of the Hub for messages. It names HF_ENDPOINT where that is set."""
    given = urlsplit(os.environ.get(_HUB_VARIABLE, ""))
    return f"{_HUB_VARIABLE} ({given.hostname}{given.path.rstrip('/')})" if given.hostname else HUB


def check_hub() -> None:
    """Raise NotConfigured where HF_ENDPOINT is no address, or one that a token must not be sent to."""
    given = os.environ.get(_HUB_VARIABLE)
    if given is None:
        return
    scheme, _, rest = given.strip().partition("://")
    host = _mirror()
    hint = f"Give it as https://HOST, or unset it: unset {_HUB_VARIABLE}"
    if scheme not in {"http", "https"} or not host or "@" in rest:  # a password is not repeated
        what = "holds a password" if "@" in given else f"is {shown(given)}, which is no address"
        raise NotConfigured(f"{_HUB_VARIABLE} {what}.", hint=hint)
    if scheme == "http" and not is_loopback(host):
        raise NotConfigured(f"{_HUB_VARIABLE} is {shown(given)}: a token would go there in the clear.", hint=hint)


def is_loopback(host: str) -> bool:
    """Return whether what is sent to a host stays on this machine."""
    from ipaddress import ip_address  # noqa: PLC0415 - a plan does not need it

    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def in_the_clear(credential: Credential, address: str) -> NotConfigured:
    """Return the error of a credential that would be sent without encryption."""
    kind = "key" if credential.direct else "token"
    return NotConfigured(
        f"The {kind} from {credential.source} is not sent to {shown(address)}: anybody on the way could read it.",
        hint="Give an address that begins with https://",
    )


def _mirror() -> str | None:
    try:
        return urlsplit(os.environ.get(_HUB_VARIABLE, "").strip()).hostname
    except ValueError:
        return None


def token_source(configured: str | None) -> str | None:
    """Return where a token is found: the environment, the settings (``configured``) or a login. Does not read it."""
    for variable in TOKEN_VARIABLES:
        if os.environ.get(variable, "").strip():
            return variable
    if configured:
        return "the setting hf_token"
    if os.environ.get("HF_OIDC_RESOURCE") or _is_logged_in():
        return "hf auth login"
    return None


def ready(setup: Setup) -> str | None:
    """Say why `auto` takes the engine; None without a token."""
    source = token_source(setup.settings.get("hf_token"))
    return source and f"Photographed by the huggingface engine, with the token from {source}."


def find_token(configured: str | None) -> Credential:
    """Return the token. Raises NotConfigured if there is none, or it does not look like one."""
    source = token_source(configured)
    if source is None:
        raise NotConfigured(
            "There is no Hugging Face token.",
            hint=f"Make one at {_TOKENS_PAGE}, then: hf auth login, export HF_TOKEN=…, or avatar config set hf_token. "
            "Without one: --engine offline",
        )
    value = os.environ.get(source) or (configured if source.startswith("the setting") else _login())
    value = (value or "").strip()
    if not TOKEN.fullmatch(value):
        raise NotConfigured(
            f"The token from {source} does not look like one: it must start with hf_, without quotes or blanks.",
            hint=f"Copy the token again from {_TOKENS_PAGE}",
        )
    return Credential(value, source)


def find_key(variable: str) -> Credential:
    """Return a provider's own key from a variable of the environment. Raises InvalidInput."""
    value = os.environ.get(variable, "").strip()
    if not value:
        raise InvalidInput(  # the name is not repeated: it may be the key itself
            "provider_key_env names a variable that is not set.",
            hint="Put the provider's own key into a variable, and give that variable's name.",
        )
    if value.startswith("hf_") or not _KEY.fullmatch(value):
        raise InvalidInput(
            f"The variable {variable} holds no provider's own key.",
            hint="A token of Hugging Face needs no --provider-key-env.",
        )
    return Credential(value, variable, direct=True)


def scrub(text: str, credential: Credential | None = None) -> str:
    """Return the text with all tokens removed."""
    if credential:
        text = text.replace(credential.value, "***")
    return without_tokens(text)


def _is_logged_in() -> bool:
    # The same path as huggingface_hub.constants, which takes longer to import than a drawing to make. A test compares.
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    path = os.environ.get("HF_TOKEN_PATH") or Path(home) / "token"
    try:
        return Path(os.path.expandvars(Path(path).expanduser())).stat().st_size > 0
    except (OSError, RuntimeError, ValueError):  # no such file, no home folder, a NUL in the path
        return False


def _login() -> str | None:
    from huggingface_hub import errors, get_token  # noqa: PLC0415 - it knows how to renew one

    try:
        return get_token()
    except (OSError, ValueError):  # not text, or a folder
        return None
    except errors.OIDCError as error:
        raise NotConfigured(
            f"The token of HF_OIDC_RESOURCE cannot be had: {visible(without_tokens(str(error)))[:200]}",
            hint="Unset HF_OIDC_RESOURCE, or give a token: export HF_TOKEN=…",
        ) from None
