"""fal: any size, the LoRA as a list, the picture by address; waited for, or through its queue.

The queue is as fal's reference has it: an order is answered with an id and addresses of owner and app, without the
endpoint's path; a status is 202 until it is COMPLETED, also where the model failed; the response is then the model's,
with its status. A PUT to its address of cancellation takes an order back.
"""

from collections.abc import Mapping
from typing import Any

from .orders import Order, Provider
from .pictures import Wish
from .repos import Repo, find_lora
from .schema import Problem, Schema, choice, flag, number, text, whole
from .wire import Answer, Request, json_answer

_SIZES = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}
_MOST_PX = 14142
_MOST_SCALE = 4


def _image_size(value: Any) -> str | None:
    if isinstance(value, dict):
        sides = set(value) == {"width", "height"} and not any(map(whole(1, _MOST_PX), value.values()))
        return None if sides else f"must be width and height, each from 1 to {_MOST_PX}"
    return choice(*_SIZES)(value)


def _loras(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "must be a list with a LoRA, without one the plain model draws"
    for lora in value:
        if not isinstance(lora, dict) or not {"path"} <= set(lora) <= {"path", "scale"}:
            return "must be objects of path and scale"
        if wrong := number(0, _MOST_SCALE)(lora.get("scale", 1)):
            return f"scale {wrong}"
    return None


_FIELDS = {
    "prompt": text,
    "image_size": _image_size,
    "num_inference_steps": whole(1, 50),
    "seed": whole(0, 2**32 - 1),
    "guidance_scale": number(1, 20),
    "num_images": whole(1, 4),
    "enable_safety_checker": flag,
    "output_format": choice("jpeg", "png"),
    "acceleration": choice("none", "regular", "high"),
}
_SCHEMAS = {
    "fal-ai/flux/dev": Schema(_FIELDS),
    "fal-ai/flux/schnell": Schema(_FIELDS | {"num_inference_steps": whole(1, 12)}),
    "fal-ai/flux-lora": Schema(_FIELDS | {"guidance_scale": number(0, 20), "loras": _loras}, ("prompt", "loras")),
}
_STEPS = {"fal-ai/flux/schnell": 4}
_QUEUE = "queue.fal.run"
_AHEAD = 3  # of an order that waits
_UNKNOWN = json_answer({"detail": "Request not found"}, 404)


class Fal(Provider):
    name = "fal-ai"
    host = "fal.run"
    cdn = "https://v3.fal.media/files/panda/{id}_{number}.{ending}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.host, _QUEUE)

    def answers_first(self, request: Request) -> bool:
        return request.host == _QUEUE or request.query.get("_subdomain") == ["queue"]

    def find_model(self, path: str, body: Any) -> str | None:  # noqa: ARG002
        return path.strip("/")

    def find_schema(self, model: str) -> Schema | None:
        return _SCHEMAS.get(model)

    def wish(self, model: str, body: Any, mappings: Mapping[str, Repo], seed: int) -> Wish:
        size = body.get("image_size", "landscape_4_3")
        width, height = _SIZES[size] if isinstance(size, str) else (size["width"], size["height"])
        lora, scale = None, None
        for each in body.get("loras", []):
            scale = each.get("scale", 1)
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
            body.get("num_inference_steps", _STEPS.get(model, 28)),
            body.get("guidance_scale", 3.5),
            lora,
            scale,
            body.get("num_images", 1),
            body.get("output_format", "jpeg").upper(),
        )

    def refusal(self, problems: list[Problem]) -> Answer:
        detail = [{"loc": ["body", field], "msg": text, "type": "value_error"} for field, text in problems]
        return json_answer({"detail": detail}, 422)

    def first_answer(self, order: Order) -> Answer:
        if order.outcome == "late":
            order.outcome = "made"  # its queue is never too late
        return json_answer({"status": "IN_QUEUE", "queue_position": _AHEAD, **_addresses(order)})

    def find_order(self, path: str) -> str:
        return path.partition("/requests/")[2].partition("/")[0]

    def poll(self, order: Order, request: Request, now: float) -> Answer:
        before, _, what = request.path.partition(_path(order))
        if order.withdrawn or before not in {"", "/fal-ai"} or not self.answers_first(request):
            return _UNKNOWN
        done = now >= order.ready_at and order.outcome != "never"
        match request.method, what:
            case "PUT", "/cancel":
                return _cancel(order, now, done=done)
            case "GET", "/status":
                return _status(order, now, done=done)
            case "GET", "" if done:
                return order.failure or self.answer(order)
            case "GET", "":
                return json_answer({"detail": "Request is still in progress"}, 400)
        return _UNKNOWN

    def answer(self, order: Order) -> Answer:
        if order.outcome != "made":
            return json_answer({"detail": order.error or "Internal server error"}, 500)
        wish = order.wish
        images = [
            {"url": url, "width": wish.width, "height": wish.height, "content_type": picture.media}
            for url, picture in zip(order.urls, order.pictures, strict=True)
        ]
        return json_answer(
            {
                "images": images,
                "timings": {"inference": 0.5},
                "seed": wish.seed,
                "has_nsfw_concepts": [order.flagged] * len(images),
                "prompt": wish.prompt,
            }
        )


def _path(order: Order) -> str:
    owner, app = order.wish.model.split("/")[:2]
    return f"/{owner}/{app}/requests/{order.id}"


def _addresses(order: Order) -> dict[str, str]:
    address = f"https://{_QUEUE}{_path(order)}"
    return {
        "request_id": order.id,
        "response_url": address,
        "status_url": f"{address}/status",
        "cancel_url": f"{address}/cancel",
    }


def _status(order: Order, now: float, *, done: bool) -> Answer:
    addresses = _addresses(order)
    if done:
        failed = {"error": order.error or "Internal server error"} if order.outcome == "failed" else {}
        return json_answer({"status": "COMPLETED", "logs": None, "metrics": {}, **failed, **addresses})
    if now < order.begun_at:
        return json_answer({"status": "IN_QUEUE", "queue_position": _AHEAD, **addresses}, 202)
    return json_answer({"status": "IN_PROGRESS", "logs": None, **addresses}, 202)


def _cancel(order: Order, now: float, *, done: bool) -> Answer:
    if done:
        return json_answer({"status": "ALREADY_COMPLETED"}, 400)
    order.withdrawn = now < order.begun_at  # what is begun goes on: these models do not look
    return json_answer({"status": "CANCELLATION_REQUESTED"}, 202)
