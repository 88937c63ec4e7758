"""A response as it is saved, so that whoever comes after a crash need not call, and pay, again.

A line of JSON, the picture's bytes if they came, and the SHA-256 of both: what is read is whole, or not read.
"""

import json
from dataclasses import asdict
from hashlib import sha256

from avatar_creator.domain.license import License
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, PictureRequest
from avatar_creator.engines.huggingface.client import ProviderResponse
from avatar_creator.engines.huggingface.options import Options
from avatar_creator.engines.huggingface.payloads import Call, recipe_of
from avatar_creator.engines.huggingface.routes import Route

_VERSION = 1  # of the format; others are not read
_DIGEST_BYTES = 32
_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)


def next_seed(seed: int) -> int:
    """Return the seed that is tried where one brought a blank picture."""
    return seed + 1 if seed < SEED_MOST else SEED_LEAST


def pack(call: Call, response: ProviderResponse) -> bytes:
    """Return what is saved of a response. It holds no credential, unless the service put that into its response."""
    head = {
        "version": _VERSION,
        "route": asdict(call.route),
        "seed": call.request.seed,
        "rerolled_seeds": call.rerolled_seeds,
        "recipe": recipe_of(call),
        "task": response.task,
        "url": response.url,
        "flagged": response.flagged,
    }
    packed = json.dumps(head).encode() + b"\n" + (response.data or b"")
    return packed + sha256(packed).digest()


def unpack(saved: bytes, request: PictureRequest, options: Options) -> tuple[Call, ProviderResponse] | None:
    """Return the call and the response that were saved for this request, None where they cannot be read."""
    packed, digest = saved[:-_DIGEST_BYTES], saved[-_DIGEST_BYTES:]
    if sha256(packed).digest() != digest:
        return None
    head, _, data = packed.partition(b"\n")
    try:
        match json.loads(head):
            case {
                "version": int(version),
                "route": dict(fields),
                "seed": int(seed),
                "rerolled_seeds": [*rerolled_seeds],
                "recipe": dict(recipe),
                "task": str() | None as task,
                "url": str() | None as url,
                "flagged": bool(flagged),
            } if version == _VERSION and (data or url or task):
                licenses = tuple(License(*one) for one in fields.get("licenses", ()))
                route = Route(**{**fields, "notices": tuple(fields["notices"]), "licenses": licenses})
                is_of_request = [*rerolled_seeds, seed] in ([request.seed], [request.seed, next_seed(request.seed)])
                if is_of_request and _is_sound(route):
                    call = Call(request._replace(seed=seed), options, route, tuple(rerolled_seeds), recipe)
                    return call, ProviderResponse(data or None, url, flagged, task)
    except _UNREADABLE:
        pass
    return None


def _is_sound(route: Route) -> bool:
    texts = (route.provider, route.provider_model, route.repo, route.model, *route.notices)
    maybes = (route.lora, route.weights, route.revision)
    return all(isinstance(text, str) for text in (*texts, *(each for each in maybes if each is not None)))
