"""WaveSpeed: answers at once with a task, and is asked until that is done."""

import re
from collections.abc import Mapping
from typing import Any

from .orders import Order, Provider
from .pictures import Wish
from .repos import Repo, find_lora
from .schema import Problem, Schema, number, text, whole
from .wire import Answer, Request, json_answer

_LEAST_PX, _MOST_PX = 512, 1536
_SIZE = re.compile(r"(\d{3,4})\*(\d{3,4})")
_MOST_LORAS = 3
_MOST_SCALE = 4


def _size(value: Any) -> str | None:
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    fits = found and all(_LEAST_PX <= int(side) <= _MOST_PX for side in found.groups())
    return None if fits else f'must be "WIDTH*HEIGHT", each from {_LEAST_PX} to {_MOST_PX}'


def _loras(value: Any) -> str | None:
    if not isinstance(value, list) or not 1 <= len(value) <= _MOST_LORAS:
        return f"must be a list of 1 to {_MOST_LORAS} LoRAs, without one the plain model draws"
    for lora in value:
        if not isinstance(lora, dict) or set(lora) != {"path", "scale"}:
            return "must be objects of path and scale"
        if wrong := number(0, _MOST_SCALE)(lora["scale"]):
            return f"scale {wrong}"
    return None


_FIELDS = {
    "prompt": text,
    "size": _size,
    "num_inference_steps": whole(1, 50),
    "guidance_scale": number(1, 20),
    "seed": whole(0, 2**31 - 1),
    "num_images": whole(1, 4),
}
_SCHEMAS = {
    "wavespeed-ai/flux-dev": Schema(_FIELDS),
    "wavespeed-ai/flux-dev-lora": Schema(_FIELDS | {"loras": _loras}, ("prompt", "loras")),
}


class WaveSpeed(Provider):
    name = "wavespeed"
    host = "api.wavespeed.ai"
    cdn = "https://d1q70pf5vjeyhc.cloudfront.net/predictions/{id}/{number}.{ending}"

    def answers_first(self, request: Request) -> bool:  # noqa: ARG002
        return True

    def find_model(self, path: str, body: Any) -> str | None:  # noqa: ARG002
        return path.removeprefix("/api/v3/") if path.startswith("/api/v3/") else None

    def find_schema(self, model: str) -> Schema | None:
        return _SCHEMAS.get(model)

    def wish(self, model: str, body: Any, mappings: Mapping[str, Repo], seed: int) -> Wish:
        width, height = map(int, body.get("size", "1024*1024").split("*"))
        lora, scale = None, None
        for each in body.get("loras", []):
            scale = each["scale"]
            lora = find_lora(each["path"], mappings, self.name)
            if lora is None:
                self.refuse(Problem("loras", f"could not load {each['path']}"))
        return Wish(
            self.name,
            model,
            body["prompt"],
            width,
            height,
            body.get("seed", seed),
            body.get("num_inference_steps", 28),
            body.get("guidance_scale", 3.5),
            lora,
            scale,
            body.get("num_images", 1),
        )

    def refusal(self, problems: list[Problem]) -> Answer:
        said = "; ".join(f"{field} {text}" for field, text in problems)
        return json_answer({"code": 400, "message": f"invalid request: {said}"}, 400)

    def answer(self, order: Order) -> Answer:
        return _task(order, "created")

    def poll(self, order: Order, request: Request, now: float) -> Answer:  # noqa: ARG002
        if now < order.ready_at or order.outcome == "never":
            return _task(order, "processing")
        return _task(order, "failed" if order.outcome == "failed" else "completed")


def _task(order: Order, status: str) -> Answer:
    return json_answer(
        {
            "code": 200,
            "message": "success",
            "data": {
                "id": order.id,
                "model": order.wish.model,
                "status": status,
                "outputs": order.urls if status == "completed" else [],
                "urls": {"get": f"https://api.wavespeed.ai/api/v3/predictions/{order.id}/result"},
                "has_nsfw_contents": [order.flagged] if status == "completed" else [],
                "error": order.error if status == "failed" else "",
            },
        }
    )
