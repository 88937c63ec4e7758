"""What goes to an engine process and comes from it, as messages.

The first of each side says of which version it is: they must be the same. After that an engine process is asked for
pictures, one after another, and reports on each until it is made or has failed. No picture has a limit of time, but
while it is made something is said every `ALIVE_S`.
"""

import json
import traceback
from collections.abc import Mapping

from avatar_creator._version import __version__
from avatar_creator.domain.check import Fault
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.text import encodable, shown, visible, without_tokens
from avatar_creator.errors import (
    AvatarError,
    Cancelled,
    EngineError,
    EngineRefused,
    InvalidInput,
    NotConfigured,
    StorageError,
)
from avatar_creator.jobs.prepare import Made
from avatar_creator.processes.messages import Broken, Message
from avatar_creator.storage.pictures.preparation import PreparedPicture

PROTOCOL = 1
ALIVE_S = 0.5
CANCEL = Message({"cancel": True})
ALIVE = Message({"alive": True})
READY = Message({"protocol": PROTOCOL, "version": __version__})
_TRACEBACK_MOST = 10_000  # characters
_FACTS_MOST, _SAID_LONGEST = 16, 200  # characters
_KINDS: dict[str, type[AvatarError]] = {
    kind.__name__: kind
    for kind in (AvatarError, Cancelled, EngineError, EngineRefused, InvalidInput, NotConfigured, StorageError)
}


class ProcessBug(Exception):
    """An error in an engine process that is no failure of the user's; the message says which."""


def start(engine: str) -> Message:
    """Return what an engine process is sent first; it answers `ready`, or with why its engine cannot be loaded."""
    return Message(READY.head | {"engine": engine})


def ready(facts: Mapping[str, str]) -> Message:
    """Return what an engine process says once its engine is loaded; ``facts`` are about where it runs."""
    return Message(READY.head | {"facts": dict(facts)})


def facts_of(message: Message) -> dict[str, str]:
    """Return what `ready` was given. Raises NotConfigured unless it is of this version, Broken for what is none."""
    check_version(message)
    facts = message.head.get("facts", {})
    if not isinstance(facts, dict):
        raise Broken
    return {_shown(name): _shown(facts[name]) for name in list(facts)[:_FACTS_MOST]}


def phase_of(message: Message) -> str | None:
    """Return what an engine process says that it is at, None if it says nothing of that. Raises Broken."""
    return _shown(message.head["phase"]) if "phase" in message.head else None


def _shown(said: object) -> str:
    """Return a text of the other side as it may be shown. Raises Broken for what is none."""
    if not isinstance(said, str):
        raise Broken
    return visible(said[:_SAID_LONGEST])[:_SAID_LONGEST]


def check_version(message: Message) -> None:
    """Raise NotConfigured unless the first message of the other side is of this version, Broken if it says of none."""
    match message.head:
        case {"protocol": protocol, "version": str(version)}:
            if (protocol, version) == (PROTOCOL, __version__):
                return
            same = version == __version__
            theirs, ours = (f"protocol {protocol}", f"protocol {PROTOCOL}") if same else (shown(version), __version__)
            raise NotConfigured(
                f"The engine process is of version {theirs}, and the worker of version {ours}.",
                hint=f"Install the same one on both sides: pip install 'avatar-creator=={__version__}'",
            )
    raise Broken


def request(asked: GenerationRequest, seed: int) -> Message:
    return Message({"seed": seed}, [json.dumps(asked.as_json()).encode()])  # longer than a head may be


def request_of(message: Message, engine: str) -> tuple[GenerationRequest, int]:
    """Return what `request` was given. Raises InvalidInput."""
    seed: int = message.head["seed"]
    return GenerationRequest.from_json(json.loads(message.parts[0]), project="", engine=engine, seed=seed), seed


def made(what: Made) -> Message:
    files, said = what.picture, what._asdict()
    del said["picture"]
    stated = [files.format, files.width_px, files.height_px, files.sha256, files.perceptual_hash]
    return Message({"made": stated}, [files.data, files.thumbnail, json.dumps(said).encode()])


def made_of(message: Message) -> Made:
    """Return what `made` was given. Raises Broken for what it never sends."""
    try:
        (data, thumbnail, text), (known, *stated) = message.parts, message.head["made"]
        match stated:
            case [int(), int(), str(), str() | None]:
                said = json.loads(text)
                json.dumps(said, ensure_ascii=False).encode()  # which refuses halves of characters
            case _:
                raise Broken
        said["not_shown"] = tuple(said["not_shown"])
        said["faults"] = tuple(Fault(*each) for each in said["faults"])
        return Made(PreparedPicture(data, thumbnail, PictureFormat(known), *stated), **said)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Broken from error


def failure(error: Exception) -> Message:
    """Return what is said of a picture that was not made; one of another kind than these counts as the nearest."""
    kind = next((each.__name__ for each in type(error).__mro__ if each.__name__ in _KINDS), None)
    if isinstance(error, AvatarError) and kind:
        ends_run = isinstance(error, EngineError) and error.ends_run
        return Message({"error": [kind, error.message, error.hint, ends_run]})
    trace = "".join(traceback.format_exception(error))[-_TRACEBACK_MOST:]
    return Message({"bug": [without_tokens(each) for each in (f"{type(error).__name__}: {error}", trace)]})


def failure_of(message: Message) -> Exception | None:
    """Return the error that `failure` was given, None if this is none. Raises Broken for what it never sends."""
    match message.head:
        case {"error": [str(name), str(said), str() | None as hint, bool(ends_run)]} if name in _KINDS:
            error = _KINDS[name](encodable(said), hint=hint and encodable(hint))
            if isinstance(error, EngineError):
                error.ends_run = ends_run
            return error
        case {"bug": [str(said), str(trace)]}:
            bug = ProcessBug(encodable(said))
            bug.add_note(encodable(trace))
            return bug
        case {"error": _} | {"bug": _}:
            raise Broken
    return None
