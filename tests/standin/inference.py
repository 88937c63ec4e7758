"""Hugging Face's own inference, and anybody's own endpoint: the picture is the answer."""

from collections.abc import Mapping
from typing import Any

from .orders import Order, Provider
from .pictures import Wish
from .repos import Repo
from .schema import Problem, Schema, number, text, whole
from .wire import Answer, json_answer

_SIDE = whole(16, 2048)
_PARAMETERS = Schema(
    {
        "width": _SIDE,
        "height": _SIDE,
        "num_inference_steps": whole(1, 100),
        "guidance_scale": number(0, 20),
        "seed": whole(0, 2**32 - 1),
        "negative_prompt": text,
    },
    required=(),
)


def _parameters(value: Any) -> str | None:
    return "; ".join(f"{field} {wrong}" for field, wrong in _PARAMETERS.problems(value)) or None


_BODY = Schema({"inputs": text, "parameters": _parameters}, ("inputs",))


class HuggingFace(Provider):
    name = "hf-inference"

    def find_model(self, path: str, body: Any) -> str | None:  # noqa: ARG002
        return path.removeprefix("/models/") if path.startswith("/models/") else None

    def find_schema(self, model: str) -> Schema | None:  # noqa: ARG002
        return _BODY

    def wish(self, model: str, body: Any, mappings: Mapping[str, Repo], seed: int) -> Wish:  # noqa: ARG002
        asked = body.get("parameters", {})
        return Wish(
            self.name,
            model,
            body["inputs"],
            asked.get("width", 1024) // 16 * 16,
            asked.get("height", 1024) // 16 * 16,
            asked.get("seed", seed),
            asked.get("num_inference_steps"),
            asked.get("guidance_scale"),
        )

    def refusal(self, problems: list[Problem]) -> Answer:
        return json_answer({"error": [f"{field} {said}" for field, said in problems]}, 400)

    def answer(self, order: Order) -> Answer:
        if order.outcome != "made":
            return json_answer({"error": order.error or "failed"}, 500)
        picture = order.pictures[0]
        return Answer(200, picture.data, {"content-type": picture.media})


class Endpoint(HuggingFace):
    """A model of somebody's own, at an address of its own."""

    name = "endpoint"

    def find_model(self, path: str, body: Any) -> str | None:  # noqa: ARG002
        return path
