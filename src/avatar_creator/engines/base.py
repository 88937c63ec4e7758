"""What every engine is, and what it is given.

Named tuples, as the records are: every plan imports them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from avatar_creator.domain.license import License
from avatar_creator.domain.picture import Picture, PictureRequest


class Retry(NamedTuple):
    """How often an engine asks again, and how long it waits: seconds, growing from ``base_s``, never over ``max_s``."""

    attempts: int = 3
    base_s: float = 1.0
    max_s: float = 120.0


class Setup(NamedTuple):
    """What an engine is given from outside.

    ``cache`` is a folder for what it can ask for again, None for nowhere; ``settings`` are its own, by name: those that
    its row in the table lists.
    """

    cache: Path | None = None
    retry: Retry = Retry()
    settings: Mapping[str, Any] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"Setup({self.cache!r}, {self.retry!r})"  # a token is shown nowhere: the settings may hold one


class Watch(Protocol):
    """What an engine reports to while it makes one picture. Called from the thread that makes it.

    Each method raises Cancelled when nobody wants the picture any more.
    """

    def progress(self, fraction: float, /) -> None:
        """Report how much of the picture is made, 0.0 to 1.0; as often as the engine likes."""

    def phase(self, what: str, /) -> None:
        """Report what is done before the picture can be, in a few words: "loading the model". Progress ends it."""

    def begin_call(self) -> None:
        """Count a call to a service, before it is made. Raises EngineError when there were as many as allowed."""

    @property
    def is_last_attempt(self) -> bool:
        """Whether `begin_call` will raise, calls of interrupted attempts counted."""

    def save_response(self, response: bytes | None, /) -> None:
        """Save the response of a service, in place of the one before. It survives a crash once this returns.

        An engine calls it before it does anything else with the response. None removes one that cannot be used.
        """

    def saved_response(self) -> bytes | None:
        """Return the response that an interrupted attempt at this picture saved last, None if there is none.

        A power cut while it was saved may have cut it off: an engine checks that it is whole.
        """

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        """Record that a service made a picture and will charge for it; ``reroll``: in place of a blank one.

        It belongs to the last call. An engine records it again for a response that an interrupted attempt saved.
        """

    def record_doubt(self) -> None:
        """Record that the last call has ended, and that nobody knows whether it is charged: no answer came, say."""

    def pause(self, seconds: float, /) -> None:
        """Wait while a service makes the picture, before it is asked how far it is."""

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
        """Wait, for a reason that completes the words "waiting: ".

        ``busy`` names the service that has refused the last call because it is asked for too much at once.
        """


class Deferred(Mapping[str, Any]):
    """A mapping that is made when it is read first: what only a dry run shows costs nothing elsewhere."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, name: str) -> Any:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class EnginePlan(NamedTuple):
    """What an engine would do with a request.

    ``model`` names who makes the picture, ``sent`` is what it would be asked with, as JSON; ``notices`` say, a
    sentence each, what the request asks for and this engine cannot express, ``remarks`` what is always so and worth
    knowing before. A ``paid`` picture is charged for by
    ``provider``, which calls its model ``provider_model`` and makes ``made_px`` (width, height) of it.
    ``options`` are the request's with every default, as JSON: asked with them, a later version with other defaults
    makes the same picture. ``licenses`` are those of the works that the picture is made with. ``drawn`` is that of the
    picture, as far as it is known before.
    """

    model: str
    sent: Mapping[str, Any]
    notices: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    paid: bool = False
    provider: str | None = None
    provider_model: str | None = None
    made_px: tuple[int, int] | None = None
    options: Mapping[str, Any] = MappingProxyType({})
    licenses: tuple[License, ...] = ()
    drawn: Mapping[str, str] | None = None


class Probe(NamedTuple):
    """One answer of `Engine.probe`."""

    ok: bool
    subject: str
    message: str
    hint: str | None = None


class Engine(ABC):
    """Makes pictures from requests; holds no state of any one request, and is used by several threads at once.

    A subclass has a ``name``, `plan` and `generate`. The rest is right as it is for one that needs nothing.
    """

    name: str

    def __init__(self, setup: Setup, /) -> None:
        self._setup = setup

    @property
    def most_at_once(self) -> int | None:
        """How many pictures it can make at once now, None: as many as the user likes. Asked before each picture."""
        return None

    def check(self, options: Mapping[str, Any], /) -> None:  # noqa: B027 - many lack nothing
        """Raise NotConfigured if the engine lacks something it needs before its first picture with these options."""

    def credential(self, options: Mapping[str, Any], /) -> str | None:  # noqa: ARG002
        """Return the fingerprint of the token or key that `generate` would pay with, None where it needs none.

        It tells one from another, and nothing more. Raises what `check` raises.
        """
        return None

    @abstractmethod
    def plan(self, request: PictureRequest) -> EnginePlan:
        """Say what `generate` would do, without doing it; asks at most what is free.

        Raises InvalidInput for options that cannot be: what `check_options` refuses, and more.
        """

    @abstractmethod
    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        """Make the picture. Raises InvalidInput as `plan` does, NotConfigured, EngineError and its subclasses."""

    def probe(self, options: Mapping[str, Any], /) -> Iterator[Probe]:  # noqa: ARG002
        """Ask over the network, without paying, whether `generate` would work with options that the user has set.

        Yields each answer as it comes. Raises InvalidInput for the options.
        """
        return iter(())

    def facts(self) -> Mapping[str, str]:
        """Return what is worth knowing of where it makes pictures, such as the device; asked in an engine process.

        Raises NotConfigured where it can make none, whatever the options are.
        """
        return {}

    def close(self) -> None:  # noqa: B027 - many hold nothing
        """Give back what it holds: processes, a model in memory, connections. It is used no more, nor in a fork."""
