"""What text encoders make of prompts, kept for the next picture: that of one persona may differ in its seed alone."""

from collections.abc import Callable
from typing import Any

_MOST = 2  # a prompt, and a negative one


class Texts:
    """Stands in for a pipeline's function that encodes prompts."""

    def __init__(self, encode: Callable[..., Any]) -> None:
        self._encode = encode
        self._encoded: dict[str, Any] = {}
        self._scale: float | None = None

    def __call__(self, *given: Any, **named: Any) -> Any:
        values = [*given, *named.values()]
        if any(hasattr(value, "shape") for value in values):
            return self._encode(*given, **named)  # of tensors, what is shown is not all
        key = repr((given, sorted(named.items())))
        if key not in self._encoded:
            if len(self._encoded) == _MOST:
                del self._encoded[next(iter(self._encoded))]
            self._encoded[key] = self._encode(*given, **named)
        return self._encoded[key]

    def over(self, scale: float) -> None:
        """Forget all of it where a LoRA shows more or less than before: it may change text encoders."""
        if scale != self._scale:
            self.forget()
            self._scale = scale

    def forget(self) -> None:
        self._encoded.clear()
