"""An answer on paper: what is kept of it, so that whoever comes after a crash needs not ask, and pay, again.

A line of JSON, the picture's bytes if they are there, and the digest of both: what is read is whole, or nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from avatar_creator.domain.license import License
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, PictureRequest
from avatar_creator.engines.huggingface.client import ProviderResponse
from avatar_creator.engines.huggingface.options import Options
from avatar_creator.engines.huggingface.payloads import Call
from avatar_creator.engines.huggingface.routes import Route

_VERSION = 1  # of the form; others are not read
_DIGEST_BYTES = 32
_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)


@dataclass(frozen=True, slots=True)
class Shot:
    """What is asked for in one call: a wish, the seeds that came out blank before it, and the recipe of the picture."""

    call: Call
    recipe: Mapping[str, Any]
    rerolled_seeds: tuple[int, ...] = ()


def next_seed(seed: int) -> int:
    """Return the seed that is tried where one came out blank."""
    return seed + 1 if seed < SEED_MOST else SEED_LEAST


def pack(shot: Shot, response: ProviderResponse) -> bytes:
    """Return what is kept of an answer. It holds no credential, unless the service put that into its answer."""
    head = {
        "version": _VERSION,
        "route": asdict(shot.call.route),
        "seed": shot.call.request.seed,
        "rerolled_seeds": shot.rerolled_seeds,
        "recipe": shot.recipe,
        "task": response.task,
        "url": response.url,
        "flagged": response.flagged,
    }
    packed = json.dumps(head).encode() + b"\n" + (response.data or b"")
    return packed + sha256(packed).digest()


def unpack(kept: bytes, request: PictureRequest, options: Options) -> tuple[Shot, ProviderResponse] | None:
    """Return what was kept of an answer to this request, None where that cannot be told from it."""
    packed, digest = kept[:-_DIGEST_BYTES], kept[-_DIGEST_BYTES:]
    if sha256(packed).digest() != digest:
        return None
    head, _, data = packed.partition(b"\n")
    try:
        match json.loads(head):
            case {
                "version": int(version),
                "route": dict(told),
                "seed": int(seed),
                "rerolled_seeds": [*rerolled_seeds],
                "recipe": dict(recipe),
                "task": str() | None as task,
                "url": str() | None as url,
                "flagged": bool(flagged),
            } if version == _VERSION and (data or url or task):
                licenses = tuple(License(*one) for one in told.get("licenses", ()))
                route = Route(**{**told, "notices": tuple(told["notices"]), "licenses": licenses})
                is_ours = [*rerolled_seeds, seed] in ([request.seed], [request.seed, next_seed(request.seed)])
                if is_ours and _is_sound(route):
                    call = Call(request._replace(seed=seed), options, route)
                    return Shot(call, recipe, tuple(rerolled_seeds)), ProviderResponse(data or None, url, flagged, task)
    except _UNREADABLE:
        pass
    return None


def _is_sound(route: Route) -> bool:
    texts = (route.provider, route.provider_model, route.repo, route.model, *route.notices)
    maybes = (route.lora, route.weights, route.revision)
    return all(isinstance(text, str) for text in (*texts, *(each for each in maybes if each is not None)))
