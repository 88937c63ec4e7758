"""Together and Nscale: the body names the model, the picture comes in base64."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from .orders import Order, Provider
from .pictures import Wish
from .repos import Repo
from .schema import Problem, Schema, choice, number, text, whole
from .wire import Answer, json_answer

_PATH = "/v1/images/generations"
_MOST_PX = 1792
_SEED = whole(0, 2**32 - 1)
_TOGETHER = {
    "model": text,
    "prompt": text,
    "width": whole(64, _MOST_PX, 16),
    "height": whole(64, _MOST_PX, 16),
    "steps": whole(1, 50),
    "seed": _SEED,
    "n": whole(1, 4),
    "response_format": choice("base64"),
    "guidance_scale": number(0, 20),
    "negative_prompt": text,
}
_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")


def _size(value: Any) -> str | None:
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    fits = found and all(64 <= int(side) <= _MOST_PX for side in found.groups())
    return None if fits else 'must be "WIDTHxHEIGHT"'


_NSCALE = {
    "model": text,
    "prompt": text,
    "size": _size,
    "n": whole(1, 4),
    "seed": _SEED,
    "response_format": choice("b64_json"),
    "guidance_scale": number(0, 20),
}


class _Generations(Provider):
    _schema: Schema

    def find_model(self, path: str, body: Any) -> str | None:
        return str(body.get("model")) if path == _PATH and isinstance(body, dict) else None

    def find_schema(self, model: str) -> Schema | None:  # noqa: ARG002
        return self._schema

    def wish(self, model: str, body: Any, mappings: Mapping[str, Repo], seed: int) -> Wish:  # noqa: ARG002
        if "size" in body:
            width, height = map(int, body["size"].split("x"))
        else:
            width, height = body.get("width", 1024), body.get("height", 1024)
        return Wish(
            self.name,
            model,
            body["prompt"],
            max(16, width // 16 * 16),
            max(16, height // 16 * 16),
            body.get("seed", seed),
            body.get("steps"),
            body.get("guidance_scale"),
            count=body.get("n", 1),
        )

    def refusal(self, problems: list[Problem]) -> Answer:
        field, said = problems[0]
        error = {"message": f"{field} {said}", "type": "invalid_request_error", "param": field, "code": None}
        return json_answer({"error": error}, 400)

    def answer(self, order: Order) -> Answer:
        if order.outcome != "made":
            return json_answer({"error": {"message": order.error or "failed", "type": "server_error"}}, 500)
        data = [
            {"index": index, "b64_json": base64.b64encode(picture.data).decode()}
            for index, picture in enumerate(order.pictures)
        ]
        return json_answer({"id": order.id, "model": order.wish.model, "object": "list", "data": data})


class Together(_Generations):
    name = "together"
    host = "api.together.xyz"
    _schema = Schema(_TOGETHER, ("prompt", "model", "response_format"))


class Nscale(_Generations):
    name = "nscale"
    host = "inference.api.nscale.com"
    _schema = Schema(_NSCALE, ("prompt", "model", "response_format"))
