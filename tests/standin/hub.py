"""The stand-in: one proxy that plays Hugging Face, its providers and their CDNs."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from . import accounts
from .behaviour import Behaviour
from .datasets import STORE, Datasets, validated
from .desk import Desk
from .models import CDN, asked_file, file_answer, siblings, stored_answer
from .pictures import Wish, picture
from .plans import Plans
from .proxy import HOSTS, LOOPBACK, Proxy
from .record import Kind, Made, Seen, bearer, is_leak, peak
from .repos import Repo, gate, missing, model_info, repos
from .wire import Answer, Request, json_answer

_CDNS = {"v3.fal.media", "replicate.delivery", "d1q70pf5vjeyhc.cloudfront.net"}
_TLS_PORT = "443"
_TELEMETRY = ("/api/agent-harnesses", "/api/telemetry/")
_NOT_FOUND = json_answer({"error": "Not Found"}, 404)
_UNKNOWN = json_answer(
    {"error": "Invalid username or password."}, 401, x_error_message="Invalid credentials in Authorization header"
)
# Where the behaviours that redirect lead to.
_REDIRECTED = {
    "/loop": Answer(302, headers={"location": "/loop"}),
    "/elsewhere": Answer(200, picture(Wish("", "", "elsewhere", 512, 512, 1)).data, {"content-type": "image/jpeg"}),
}


class StandIn:
    """Hugging Face on this machine, for clients whose environment says so. Everything may be asked while it runs."""

    token = accounts.GOOD
    read_only_token = accounts.READ_ONLY
    write_token = accounts.WRITE
    narrow_token = accounts.NARROW
    keys = accounts.KEYS

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.reset()
        self._proxy = Proxy(folder, port, self._connect, self._answer)
        self.port = self._proxy.port
        self.endpoint = f"http://{LOOPBACK}:{self.port}/endpoint"
        self.own_hosts = {f"{LOOPBACK}:{self.port}", f"localhost:{self.port}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._proxy.close()

    def reset(self) -> None:
        """Forget what was seen and planned, and know again what a new stand-in knows."""
        with self._lock:
            self.delay_s = 0.0  # that a picture takes
            self.most_at_once: int | None = None  # calls; more are refused with 429, to be made after so many seconds:
            self.retry_after_s = 1
            self.accept_s = 0.0  # until a provider that answers first has answered an order
            self.queued_s = 0.0  # that it waits before that, where the provider has a queue
            self.tokens = accounts.accounts()
            self.mappings: dict[str, Repo] = repos()
            self._plans = Plans()
            self._seen: list[Seen] = []
            self._leaks: list[Seen] = []
            self._strays: list[str] = []
            self._desk = Desk(self)
            self.datasets = Datasets()

    def environment(self) -> dict[str, str]:
        """Return the variables that lead a client here."""
        address = f"http://{LOOPBACK}:{self.port}"
        return {
            **dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), address),
            "NO_PROXY": "",
            "no_proxy": "",
            "SSL_CERT_FILE": str(self._proxy.authority_file),
            "HF_TOKEN": self.token,
            "HF_HOME": str(self._folder / "hf"),
        }

    def script(self, kind: Kind, *behaviours: Behaviour) -> None:
        """Plan the next requests of a kind, in order; then all is well again."""
        with self._lock:
            self._plans.script(kind, behaviours)

    def always(self, kind: Kind, behaviour: Behaviour | None) -> None:
        """Plan all requests of a kind until further notice; None ends it."""
        with self._lock:
            self._plans.always(kind, behaviour)

    def chance(self, rate: float, behaviours: Sequence[Behaviour], seed: int = 0) -> None:
        """Let each call misbehave with this chance."""
        with self._lock:
            self._plans.chance(rate, behaviours, seed)

    @property
    def requests(self) -> list[Seen]:
        with self._lock:
            return list(self._seen)

    @property
    def calls(self) -> list[Seen]:
        return [seen for seen in self.requests if seen.kind == "call"]

    @property
    def peak(self) -> int:
        """The most calls in flight at once."""
        return peak(self.calls, time.monotonic())

    def under_way(self) -> int:
        """Return how many pictures are being made now."""
        now = time.monotonic()
        return sum(call.ended is None or call.busy_until > now for call in self.calls)

    @property
    def pictures(self) -> list[Made]:
        """Every picture that was made, and would have been paid."""
        return self._desk.pictures

    @property
    def leaks(self) -> list[Seen]:
        """Requests that took a token or a provider's key to somebody it is not for, or that nobody asked for."""
        with self._lock:
            return list(self._leaks)

    @property
    def strays(self) -> list[str]:
        """Hosts that were asked for and are not played here."""
        with self._lock:
            return list(self._strays)

    def wait(self, seconds: float) -> None:
        """Let time pass, unless the stand-in is closing."""
        if seconds > 0:
            self._proxy.stopping.wait(seconds)

    def next_behaviour(self, seen: Seen) -> Behaviour | None:
        with self._lock:
            behaviour = self._plans.next(seen.kind)
        seen.behaviour = behaviour.name if behaviour else None
        return behaviour

    def _connect(self, request: Request) -> Answer | None:
        host, _, port = request.host.partition(":")
        seen = Seen("connect", host, "CONNECT", "", {}, request.headers, None, time.monotonic())
        with self._lock:
            behaviour = self._plans.next("connect")
            if host not in HOSTS or port != _TLS_PORT:
                self._strays.append(request.host)
                return Answer(502)
            if is_leak(request):
                self._leaks.append(seen)
        if behaviour is None:
            return None
        return replace(behaviour.answer() if behaviour.answer else Answer(502), wire=behaviour.wire)

    def _answer(self, request: Request) -> Answer:
        seen = Seen(
            self._kind(request),
            request.host,
            request.method,
            request.path,
            request.query,
            request.headers,
            request.body,
            time.monotonic(),
        )
        with self._lock:
            self._seen.append(seen)
            if is_leak(request) or request.path.startswith(_TELEMETRY):
                self._leaks.append(seen)
        answer = self._desk.call(request, seen) if seen.kind == "call" else self._plain(request, seen)
        if answer.wire in {"whole", "cut", "drip"}:
            seen.status = answer.status
        if answer.wire in {"hang", "drip", "drip_headers"}:
            return replace(answer, after=seen.end)
        seen.end()
        return answer

    def _kind(self, request: Request) -> Kind:  # noqa: PLR0911 - one for each host
        host, path = request.host, request.path
        if host == "huggingface.co":
            if path == "/api/whoami-v2":
                return "whoami"
            if path.startswith("/api/models/"):
                return "lookup"
            return "file" if "/resolve/" in path else _of_datasets(path)
        if host in {STORE, CDN}:
            return "put" if host == STORE else "store"
        if host in _CDNS:
            return "download" if path != "/elsewhere" else "other"
        if path == "/loop":
            return "other"
        of_get: Kind = "poll" if "/predictions/" in path or "/requests/" in path else "ping"
        kinds: dict[str, Kind] = {"POST": "call", "PUT": "cancel"}
        return kinds.get(request.method, of_get)

    def _plain(self, request: Request, seen: Seen) -> Answer:
        behaviour = self.next_behaviour(seen)
        if behaviour and behaviour.answer:
            return replace(behaviour.answer(), wire=behaviour.wire)
        answer = self._well(request, seen, behaviour)
        return replace(answer, wire=behaviour.wire) if behaviour else answer

    def _well(self, request: Request, seen: Seen, behaviour: Behaviour | None) -> Answer:  # noqa: PLR0911
        match seen.kind:
            case "whoami" | "lookup":
                return self._of_hub(request)
            case "download":
                return self._desk.download(request, behaviour)
            case "create" | "dataset" | "tree" | "preupload" | "objects" | "commit" | "card":
                return self._of_datasets(request, seen.kind)
            case "put":
                return self.datasets.put(request)
            case "file":
                return self._of_file(request)
            case "store":
                return stored_answer(request, self.mappings)
            case "poll" | "cancel":
                return self._desk.poll(request)
        if request.scheme == "http" and request.host not in self.own_hosts:
            with self._lock:
                self._strays.append(request.host)
            return Answer(502)
        return _REDIRECTED.get(request.path, _NOT_FOUND)

    def _of_datasets(self, request: Request, kind: Kind) -> Answer:
        token = bearer(request.headers)
        account = self.tokens.get(token or "")
        if account is None and (token or request.method == "POST"):
            return _UNKNOWN
        with self._lock:
            if kind == "card":
                return validated(request)
            if kind == "create" and account is not None:
                return self.datasets.create(request, account)
            return self.datasets.answer(request, account)

    def _of_hub(self, request: Request) -> Answer:
        token = bearer(request.headers)
        account = self.tokens.get(token or "")
        if account is None and (token or request.path == "/api/whoami-v2"):
            return _UNKNOWN
        if account and request.path == "/api/whoami-v2":
            return json_answer(accounts.whoami(account))
        repo_id, _, revision = request.path.removeprefix("/api/models/").partition("/revision/")
        if repo_id not in self.mappings:
            return missing(known_user=account is not None)
        repo = self.mappings[repo_id]
        if revision not in {"", "main", repo.sha}:
            return json_answer({"error": f"Invalid rev id: {revision}"}, 404, x_error_code="RevisionNotFound")
        info = model_info(repo_id, repo, request.query.get("expand", []))
        return json_answer(info | (siblings(repo) if "blobs" in request.query else {}))

    def _of_file(self, request: Request) -> Answer:
        token = bearer(request.headers)
        account = self.tokens.get(token or "")
        if token and account is None:
            return _UNKNOWN
        repo_id, path = asked_file(request)
        repo = self.mappings.get(repo_id)
        if repo is None:
            return missing(known_user=account is not None)
        return gate(repo, known_user=account is not None) or file_answer(repo_id, repo, path)


def _of_datasets(path: str) -> Kind:
    """Return what is asked of the data sets of the Hub."""
    if path in {"/api/repos/create", "/api/validate-yaml"}:
        return "create" if path.endswith("create") else "card"
    if ".git/info/lfs/objects" in path:
        return "objects"
    if not path.startswith("/api/datasets/"):
        return "other"
    kinds: dict[str, Kind] = {"tree": "tree", "preupload": "preupload", "commit": "commit"}
    return kinds.get(path.split("/")[5] if path.count("/") > 4 else "", "dataset")
