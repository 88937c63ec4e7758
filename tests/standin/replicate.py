"""Replicate: sizes by aspect ratio, a prediction that may be asked for again, WebP unless told otherwise."""

from collections.abc import Mapping
from typing import Any

from .orders import Order, Provider
from .pictures import Wish
from .repos import Repo, find_lora
from .schema import SEED, Problem, Schema, choice, flag, number, text, whole
from .wire import Answer, Request, json_answer

_SIZES = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "3:4": (896, 1152),
    "4:3": (1152, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}
_FORMATS = {"webp": "WEBP", "jpg": "JPEG", "png": "PNG"}
_FIELDS = {
    "prompt": text,
    "aspect_ratio": choice(*_SIZES),
    "num_outputs": whole(1, 4),
    "num_inference_steps": whole(1, 50),
    "guidance": number(0, 10),
    "seed": SEED,
    "output_format": choice(*_FORMATS),
    "output_quality": whole(0, 100),
    "disable_safety_checker": flag,
    "go_fast": flag,
    "megapixels": choice("1", "0.25"),
}
_SCHNELL = {name: check for name, check in _FIELDS.items() if name != "guidance"} | {"num_inference_steps": whole(1, 4)}
_LORA = _FIELDS | {"lora_weights": text, "lora_scale": number(-1, 3)}
_SCHEMAS = {
    "black-forest-labs/flux-dev": Schema(_FIELDS),
    # Without weights it would draw as the plain model does.
    "black-forest-labs/flux-dev-lora": Schema(_LORA, ("prompt", "lora_weights")),
    "black-forest-labs/flux-schnell": Schema(_SCHNELL),
}
_STATUS = {"made": "succeeded", "late": "starting", "failed": "failed", "never": "processing"}


class Replicate(Provider):
    name = "replicate"
    host = "api.replicate.com"
    cdn = "https://replicate.delivery/xezq/{id}/out-{number}.{ending}"

    def find_model(self, path: str, body: Any) -> str | None:  # noqa: ARG002
        if path.startswith("/v1/models/") and path.endswith("/predictions"):
            return path.removeprefix("/v1/models/").removesuffix("/predictions")
        return None

    def find_schema(self, model: str) -> Schema | None:
        return _SCHEMAS.get(model)

    def inputs(self, body: Any) -> Any:
        return body.get("input") if isinstance(body, dict) and set(body) == {"input"} else None

    def answers_first(self, request: Request) -> bool:
        return request.headers.get("prefer") != "wait"

    def read(self, model: str, request: Request, mappings: Mapping[str, Repo], seed: int) -> Wish:
        if request.host != self.host and self.answers_first(request):
            self.refuse(Problem("prefer", "must be wait: the router may not pass on who asks for the picture later"))
        return super().read(model, request, mappings, seed)

    def wish(self, model: str, body: Any, mappings: Mapping[str, Repo], seed: int) -> Wish:
        asked = body["input"]
        width, height = _SIZES[asked.get("aspect_ratio", "1:1")]
        if asked.get("megapixels") == "0.25":
            width, height = width // 2, height // 2
        lora = None
        if "lora_weights" in asked:
            lora = find_lora(asked["lora_weights"], mappings, self.name)
            if lora is None:
                self.refuse(Problem("lora_weights", f"could not load {asked['lora_weights']}"))
        return Wish(
            self.name,
            model,
            asked["prompt"],
            width,
            height,
            asked.get("seed", seed),
            asked.get("num_inference_steps", 4 if model.endswith("schnell") else 28),
            asked.get("guidance", None if model.endswith("schnell") else 3),
            lora,
            asked.get("lora_scale", 1) if lora else None,
            asked.get("num_outputs", 1),
            _FORMATS[asked.get("output_format", "webp")],
            asked.get("output_quality", 80),
        )

    def refusal(self, problems: list[Problem]) -> Answer:
        detail = "".join(f"- input.{field}: {text}\n" for field, text in problems)
        return json_answer({"detail": detail, "status": 422, "title": "Input validation failed"}, 422)

    def answer(self, order: Order) -> Answer:
        return json_answer(_prediction(order), 201)

    def first_answer(self, order: Order) -> Answer:
        if order.outcome == "made":
            order.outcome = "late"
        return self.answer(order)

    def poll(self, order: Order, request: Request, now: float) -> Answer:  # noqa: ARG002
        if order.outcome == "late" and now >= order.ready_at:
            order.outcome = "made"
        return json_answer(_prediction(order))


def _prediction(order: Order) -> dict[str, Any]:
    address = f"https://api.replicate.com/v1/predictions/{order.id}"
    return {
        "id": order.id,
        "model": order.wish.model,
        "version": "hidden",
        "status": _STATUS[order.outcome],
        "output": order.urls if order.outcome == "made" else None,
        "error": order.error or None,
        "logs": f"Using seed: {order.wish.seed}\n",
        "urls": {"get": address, "cancel": f"{address}/cancel"},
    }
