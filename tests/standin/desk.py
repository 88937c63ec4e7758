"""Where inference calls are taken, pictures made, and handed out."""

import itertools
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from . import behaviours
from .accounts import Account
from .behaviour import Behaviour
from .orders import Order, Provider
from .pictures import ENDINGS, Encoded, Wish, picture
from .providers import ENDPOINT, PROVIDERS
from .record import Made, Seen, bearer, made
from .repos import TASK
from .schema import Refused
from .wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from .hub import StandIn

_ROUTER = "router.huggingface.co"
_ENDPOINTS = ".endpoints.huggingface.cloud"
_WELL = Behaviour("well", paid=True)
_NOT_FOUND = json_answer({"error": "Not Found"}, 404)
_NO_SUCH_USER = json_answer({"error": "Invalid username or password."}, 401)


class _Stored(NamedTuple):
    picture: Encoded
    wish: Wish
    made: Made | None


class Desk:
    """Takes calls, as the providers would, and keeps what they made."""

    def __init__(self, hub: "StandIn") -> None:
        self._hub = hub
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._made: list[Made] = []
        self._orders: dict[str, Order] = {}
        self._stored: dict[str, _Stored] = {}
        self._under_way: list[float] = []  # until when

    @property
    def pictures(self) -> list[Made]:
        with self._lock:
            return list(self._made)

    def call(self, request: Request, seen: Seen) -> Answer:
        """Answer an inference call: refuse what is not allowed or not valid, then do as planned."""
        try:
            provider, wish = self._wish(request)
        except Refused as refused:
            return refused.answer
        behaviour = self._hub.next_behaviour(seen) or self._crowded(seen, provider, request) or _WELL
        makes = behaviour.paid or behaviour.outcome != "made"
        if not makes:
            return replace(behaviour.answer() if behaviour.answer else Answer(200), wire=behaviour.wire)
        if behaviour.wire == "hang":
            self._make(provider, wish, behaviour, 0.0)
            return Answer(200, wire="hang")
        answers_first = provider.answers_first(request)
        begun_at = time.monotonic() + (self._hub.queued_s if answers_first else 0)
        ready_at = begun_at + self._hub.delay_s
        if behaviour.wire == "whole" and not behaviour.answer:  # else nobody follows it
            seen.busy_until = ready_at
        if not answers_first:
            self._hub.wait(self._hub.delay_s)
        order = self._make(provider, wish, behaviour, ready_at)
        order.begun_at = begun_at
        if answers_first:
            self._hub.wait(self._hub.accept_s)
        if behaviour.outcome == "failed" and behaviour.answer:
            order.failure = behaviour.answer()
        elif behaviour.answer:
            return replace(behaviour.answer(), wire=behaviour.wire)
        return replace(provider.first_answer(order) if answers_first else provider.answer(order), wire=behaviour.wire)

    def _crowded(self, seen: Seen, provider: Provider, request: Request) -> Behaviour | None:
        """Count a call as under way, or say that there are too many."""
        most, now = self._hub.most_at_once, time.monotonic()
        if most is None:
            return None
        queued_s = self._hub.queued_s if provider.answers_first(request) else 0.0
        with self._lock:
            self._under_way = [until for until in self._under_way if until > now]
            if len(self._under_way) < most:
                self._under_way.append(now + queued_s + self._hub.delay_s)
                return None
        seen.behaviour = "crowded"
        return behaviours.rate_limited(self._hub.retry_after_s)

    def download(self, request: Request, behaviour: Behaviour | None) -> Answer:
        """Hand out a picture."""
        stored = self._stored.get(request.host + request.path)
        if stored is None:
            return _NOT_FOUND
        if stored.made:
            with self._lock:
                stored.made.downloads += 1
        found = stored.picture
        if behaviour and behaviour.spoil:
            found = behaviour.spoil(stored.wish, found)
        return Answer(200, found.data, {"content-type": found.media})

    def poll(self, request: Request) -> Answer:
        """Say how far an order is."""
        router = request.host == _ROUTER
        provider, _, rest = request.path.lstrip("/").partition("/") if router else ("", "", request.path)
        orders = (self._orders.get(each.find_order(f"/{rest}")) for each in PROVIDERS.values())
        order = next(filter(None, orders), None)
        if order is None or (router and provider != order.wish.provider):
            return _NOT_FOUND
        if refused := self._refused(request, PROVIDERS[order.wish.provider]):
            return refused
        answer = PROVIDERS[order.wish.provider].poll(order, request, time.monotonic())
        if order.withdrawn:
            with self._lock:
                self._made = [each for each in self._made if each is not order.made]
        return answer

    def _wish(self, request: Request) -> tuple[Provider, Wish]:
        provider, path = _find_provider(request, self._hub.own_hosts)
        if provider is None:
            raise Refused(_NOT_FOUND)
        if refused := self._refused(request, provider):
            raise Refused(refused)
        model = provider.find_model(path, request.body)
        if model is None:
            raise Refused(_NOT_FOUND)
        if provider is not ENDPOINT:
            self._check_mapped(provider, model)
        return provider, provider.read(model, request, self._hub.mappings, next(self._ids))

    def _refused(self, request: Request, provider: Provider) -> Answer | None:
        """Tell who may not call: the router and endpoints take tokens, a provider its own key."""
        secret = bearer(request.headers)
        if request.host in self._hub.own_hosts:
            return None
        if request.host in provider.hosts:
            kind = request.headers.get("authorization", "").partition(" ")[0]
            asked = "Key" if provider.name == "fal-ai" else "Bearer"
            known = secret == self._hub.keys[request.host] and kind == asked
            return None if known else json_answer({"detail": "Cannot access application: authentication failed"}, 401)
        account = self._hub.tokens.get(secret or "")
        if account is None:
            return _NO_SUCH_USER
        return None if request.host.endswith(_ENDPOINTS) else _not_allowed(account, request)

    def _check_mapped(self, provider: Provider, model: str) -> None:
        for repo in self._hub.mappings.values():
            for line in repo.mapping:
                if (line["provider"], line["providerId"], line["task"]) == (provider.name, model, TASK):
                    if repo.gated == "manual" and behaviours.gated.answer:
                        raise Refused(behaviours.gated.answer())
                    return
        raise Refused(json_answer({"error": f"Model {model} not supported by provider {provider.name}"}, 400))

    def _make(self, provider: Provider, wish: Wish, behaviour: Behaviour, ready_at: float) -> Order:
        order = Order(f"{next(self._ids):016x}", wish, ready_at, behaviour.outcome, behaviour.error, behaviour.flagged)
        for number in range(wish.count):
            each = replace(wish, seed=wish.seed + number)
            good = picture(each)
            made_now = made(each) if behaviour.paid else None
            stored = _Stored(behaviour.spoil(each, good) if behaviour.spoil else good, each, made_now)
            order.pictures.append(stored.picture)
            ending = ENDINGS[stored.picture.media]
            url = provider.cdn.format(id=order.id, number=number, ending=ending)
            with self._lock:
                if made_now:
                    self._made.append(made_now)
                    order.made = made_now
                if url:
                    order.urls.append(url)
                    self._stored[url.removeprefix("https://")] = stored
        with self._lock:
            self._orders[order.id] = order
        return order


def _find_provider(request: Request, own_hosts: set[str]) -> tuple[Provider | None, str]:
    """Return who is called, and the path at its own host."""
    if request.host == _ROUTER:
        name, _, path = request.path.lstrip("/").partition("/")
        return PROVIDERS.get(name), f"/{path}"
    if request.host.endswith(_ENDPOINTS) or (request.host in own_hosts and request.path == "/endpoint"):
        return ENDPOINT, request.path
    return next((each for each in PROVIDERS.values() if request.host in each.hosts), None), request.path


def _not_allowed(account: Account, request: Request) -> Answer | None:
    if not account.may_infer:
        return json_answer(
            {
                "error": "This authentication method does not have sufficient permissions to call Inference Providers "
                f"on behalf of user {account.name}"
            },
            403,
        )
    payer = request.headers.get("x-hf-bill-to")
    if payer and payer not in account.organisations:
        return json_answer({"error": f"You are not a member of the organization {payer}"}, 403)
    return None
