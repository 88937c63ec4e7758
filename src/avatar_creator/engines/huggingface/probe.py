"""Whether a photograph would be made: asked over the network, at no cost."""

import time
from collections.abc import Iterator
from typing import Any

from huggingface_hub import HfApi, constants, get_session

from avatar_creator.engines.base import Probe, Setup
from avatar_creator.engines.hub.credentials import Credential, check_hub, find_token
from avatar_creator.engines.hub.http_limits import Exchange, run_bounded
from avatar_creator.engines.hub.response_body import shorten
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.model_index import LOOKUP_S, ModelIndex, lookup_target
from avatar_creator.engines.huggingface.models import MODELS
from avatar_creator.engines.huggingface.options import name_of
from avatar_creator.errors import AvatarError

_RIGHT = "inference.serverless.write"  # "Make calls to Inference Providers"
_CREDITS = "https://huggingface.co/settings/billing"


def probe(setup: Setup, index: ModelIndex) -> Iterator[Probe]:
    """Yield what the Hub says of the token, its rights, the credits and the models, and which providers are reached."""
    try:
        credential = find_token(setup.settings.get("hf_token"))
    except AvatarError as error:
        yield Probe(False, "token", error.message, error.hint)
        return
    yield from _account(credential)
    providers: dict[str, None] = {}
    for known in MODELS.values():
        name = name_of(known.id, known.lora)
        try:
            entry = index.entry(known.lora or known.id, credential)
        except Exception as error:  # noqa: BLE001 - whatever the client raises is translated
            yield _failed(error, f"model {name}", credential, known.id)
            continue
        serving = [one.provider for one in entry.providers if one.makes_pictures and (one.weights or not known.lora)]
        providers |= dict.fromkeys(serving)
        if serving:
            yield Probe(True, f"model {name}", f"served by {', '.join(serving)}.")
        else:
            yield Probe(False, f"model {name}", "served by no provider now.", "Choose another --model.")
    for provider in providers:
        yield _reach(provider, credential)


def _account(credential: Credential) -> Iterator[Probe]:
    exchange = Exchange(time.monotonic() + LOOKUP_S, credential)
    try:
        check_hub()
        who: Any = run_bounded(exchange, lambda: HfApi().whoami(token=credential.value))
        name = shorten(str(who["name"]), credential)  # an account has a name
    except Exception as error:  # noqa: BLE001
        yield _failed(error, "token", credential)
        return
    yield Probe(True, "token", f"{credential.source}: accepted, of {name}.")
    if _may_infer(who):
        yield Probe(True, "permission", "The token may call Inference Providers.")
    else:
        hint = 'Tick "Make calls to Inference Providers" at https://huggingface.co/settings/tokens'
        yield Probe(False, "permission", "The token may not call Inference Providers.", hint)
    plan = "PRO" if who.get("isPro") else "free"
    more = "more can be charged" if who.get("canPay") else "no payment method is set, so it ends with them"
    yield Probe(True, "credits", f"A {plan} account: monthly credits are included, and {more}.", f"See {_CREDITS}")


def _may_infer(who: Any) -> bool:
    """Return whether the token has the right. Tokens of the roles "read" and "write" have all rights of their user."""
    match who:
        case {"auth": {"accessToken": {"role": "fineGrained", "fineGrained": dict(fine)}}}:
            scoped = [one.get("permissions") for one in _listed(fine.get("scoped")) if isinstance(one, dict)]
            return any(_RIGHT in _listed(rights) for rights in (fine.get("global"), *scoped))
        case {"auth": {"accessToken": {"role": "fineGrained"}}}:
            return False
    return True


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _reach(provider: str, credential: Credential) -> Probe:
    """Make a request for nothing: any response shows that the provider is reached."""
    exchange = Exchange(time.monotonic() + LOOKUP_S, credential)
    url = constants.INFERENCE_PROXY_TEMPLATE.format(provider=provider)
    started = time.monotonic()
    try:
        run_bounded(exchange, lambda: get_session().get(url))
    except Exception as error:  # noqa: BLE001
        return _failed(error, f"provider {provider}", credential)
    return Probe(True, f"provider {provider}", f"reached in {(time.monotonic() - started) * 1000:.0f} ms.")


def _failed(error: Exception, subject: str, credential: Credential, model: str = "") -> Probe:
    failure = translate(error, lookup_target(model, credential))
    return Probe(False, subject, failure.error.message, failure.error.hint)
