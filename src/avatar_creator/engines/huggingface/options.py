"""The options that the user chose, checked, with the defaults of the model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from avatar_creator.domain.text import clean_number, shown, without_tokens
from avatar_creator.engines import ENGINES, check_options
from avatar_creator.engines.base import Setup
from avatar_creator.engines.hub.credentials import (
    Credential,
    find_key,
    find_token,
    is_hugging_face,
    is_loopback,
)
from avatar_creator.engines.hub_models import FLUX_DEV, HUB_ID, NO_LORA
from avatar_creator.engines.huggingface.models import (
    AUTO,
    DEFAULT_MODEL,
    GUIDANCE,
    LORA_PROVIDERS,
    LORA_SCALE,
    MODELS,
    OWN_NAME,
    PROVIDERS,
    STEPS,
    TIMEOUT_S,
    Model,
)
from avatar_creator.errors import InvalidInput

_PRIVATE = ("bill_to", "provider_key_env")
_BLANK = re.compile(r"\s")
_URL_LONGEST = 2000  # characters; much longer ones cannot be requested
_OF_THIS_MACHINE = (".", "/", "~")  # how a folder is told from an id of the Hub
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ACCOUNT = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Options:
    """All options; ``model`` and ``lora`` are ids of the Hub, ``endpoint`` is the URL of an own endpoint or None.

    ``guidance`` is None for a model that takes none. Times are seconds.
    """

    model: str
    lora: str | None
    endpoint: str | None
    provider: str
    lora_scale: float
    steps: int
    guidance: float | None
    timeout_s: float
    bill_to: str | None
    require_lora: bool
    reroll: bool
    provider_key_env: str | None

    @property
    def is_flux(self) -> bool:
        return "flux" in self.model.lower()

    @property
    def name(self) -> str:
        """What records call the model."""
        return OWN_NAME if self.endpoint else name_of(self.model, self.lora)

    @property
    def given(self) -> dict[str, Any]:
        """The options as a user would give them: `parse` returns the same for them, whatever its defaults are."""
        given = {name: getattr(self, name) for name in ENGINES["huggingface"].options}
        # A model of the Hub may be a LoRA itself: require_lora can hold although there is no LoRA over it.
        given["lora"] = self.lora or (None if self.require_lora else NO_LORA)
        return {name: value for name, value in given.items() if value is not None}

    @property
    def recorded(self) -> dict[str, Any]:
        """The options for a picture's recipe: without the address of an own endpoint, who pays, and by which key."""
        recorded = {name: value for name, value in self.given.items() if name not in _PRIVATE}
        return recorded | ({"model": OWN_NAME} if self.endpoint else {})


def name_of(model: str, lora: str | None) -> str:
    """Return what records call a model with or without a LoRA."""
    return f"{model}+{lora}" if lora and lora != model else model


def parse(given: Mapping[str, Any]) -> Options:
    """Return the options, with defaults. Raises InvalidInput for one that is unknown or out of its limits."""
    check_options("huggingface", given)
    given = {"model": DEFAULT_MODEL, "provider": AUTO} | {name: one for name, one in given.items() if one is not None}
    chosen = str(given["model"])
    endpoint = chosen if "://" in chosen else None
    known = _endpoint(chosen) if endpoint else _model(chosen)
    options = Options(
        model=known.id,
        lora=_lora(given.get("lora"), known),
        endpoint=endpoint,
        provider=_matching("provider", given["provider"], _WORD, f"Give it as {', '.join(PROVIDERS)}."),
        lora_scale=given.get("lora_scale", LORA_SCALE.default),
        steps=clean_number("steps", given.get("steps", known.steps), least=int(STEPS.least), most=known.most_steps),
        guidance=given.get("guidance", GUIDANCE.default) if known.guided else None,
        timeout_s=given.get("timeout_s", TIMEOUT_S.default),
        bill_to=_account(given.get("bill_to")),
        require_lora=bool(given.get("require_lora", False)),
        reroll=bool(given.get("reroll", True)),
        provider_key_env=_variable(given.get("provider_key_env")),
    )
    _check_together(options, given)
    return options


def find_credential(chosen: Options, configured: str | None) -> Credential | None:
    """Return the key or token to pay with, None where neither is needed; ``configured`` is the token of the settings.

    Raises NotConfigured and InvalidInput.
    """
    if chosen.provider_key_env:
        return find_key(chosen.provider_key_env)
    if chosen.endpoint and not is_hugging_face(urlsplit(chosen.endpoint).hostname or ""):
        return None  # the token is for Hugging Face only
    return find_token(configured)


def fingerprint(given: Mapping[str, Any], setup: Setup) -> str | None:
    """Return the fingerprint of the credential. It needs neither the client nor the network."""
    credential = find_credential(parse(given), setup.settings.get("hf_token"))
    return credential.fingerprint if credential else None


def _check_together(options: Options, given: Mapping[str, Any]) -> None:
    """Raise InvalidInput for options that exclude each other."""
    known = bool(options.endpoint) or given.get("lora") == NO_LORA or options.model in {m.id for m in MODELS.values()}
    if options.require_lora and not options.lora and known:  # any other model may be a LoRA itself
        raise InvalidInput("require_lora asks for a LoRA, and there is none.", hint="Give --lora, or leave it out.")
    if options.guidance is None and given.get("guidance") is not None:
        raise InvalidInput(f"guidance is given, and {options.model} takes none.", hint="Leave out --guidance.")
    if options.endpoint and options.provider != AUTO:
        raise InvalidInput(
            "provider is given, and the model is an own endpoint.",
            hint="Leave out --provider, and the setting of that name: avatar config unset provider",
        )
    if options.provider_key_env and options.endpoint and _is_in_the_clear(options.endpoint):
        raise InvalidInput(
            "provider_key_env is given, and the model is at http://: the key would go there in the clear.",
            hint="Give the address of the model with https://, or leave out --provider-key-env.",
        )
    if options.provider_key_env and options.provider == "hf-inference":
        raise InvalidInput("hf-inference has no key of its own.", hint="Leave out --provider-key-env.")
    if options.provider_key_env and options.provider == AUTO and not options.endpoint:
        raise InvalidInput(
            "provider_key_env is given, and provider is 'auto'.",
            hint=f"Say whose key it is: --provider {LORA_PROVIDERS[0]}",
        )


def _model(chosen: str) -> Model:
    if chosen in MODELS:
        return MODELS[chosen]
    for known in MODELS.values():
        if known.id.lower() == chosen.lower() and known.lora is None:
            return known
    hint = f"Give {', '.join(MODELS)}, an id of the Hub as owner/name, or the URL of an own endpoint."
    if chosen.startswith(_OF_THIS_MACHINE) or chosen.lower() in ENGINES["local"].variants["model"].known:
        hint = (
            "It is one for --engine local. Where both engines share the pictures, leave out --model, and set it: "
            "avatar config set local_model MODEL"
        )
    return Model(_matching("model", chosen, HUB_ID, hint=hint))


def _endpoint(url: str) -> Model:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        schemes = {"https"} if is_hugging_face(host) else {"http", "https"}  # the token is sent only encrypted
        secret = parts.username or parts.query or parts.fragment  # the URL stands in records and files
        usable = bool(host) and parts.scheme in schemes and not secret and not _BLANK.search(url)
    except ValueError:
        usable = False
    if not usable or len(url) > _URL_LONGEST:
        raise InvalidInput(
            "model is a URL that cannot be used.",
            hint="An own endpoint is https://HOST/PATH; its key goes into a variable: --provider-key-env NAME",
        )
    return Model(url)


def _is_in_the_clear(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme != "https" and not is_loopback(parts.hostname or "")


def _lora(given: object, model: Model) -> str | None:
    if given is None:
        return model.lora
    if given == NO_LORA:
        return None
    if model.id != FLUX_DEV:
        raise InvalidInput(
            f"lora is {shown(str(given))}, and LoRAs go over {FLUX_DEV}, not over {shown(model.id)}.",
            hint="Leave out --model or --lora.",
        )
    return _matching("lora", given, HUB_ID, hint=f"Give an id of the Hub as owner/name, or {NO_LORA}.")


def _matching(field: str, value: object, pattern: re.Pattern[str], hint: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value) or without_tokens(value) != value:
        raise InvalidInput(f"{field} is {shown(str(value))}, which cannot be one.", hint=hint)
    return value


def _account(name: object) -> str | None:
    return None if name is None else _matching("bill_to", name, _ACCOUNT, "Give the name of an organization.")


def _variable(name: object) -> str | None:
    if name is not None and (not isinstance(name, str) or not _VARIABLE.fullmatch(name)):
        raise InvalidInput(  # the value is not repeated: it may be the key itself
            "provider_key_env is not the name of a variable.", hint="Give the variable's name, never the key."
        )
    return name
