"""What engines report to where no generation has a row: in an engine process, and where a picture is only compared."""


class Rowless:
    """The part of a `Watch` that belongs to rows: calls, charges, responses and waits.

    An engine whose row in the table says `apart` uses none of them; whoever writes one that does is told so.
    """

    @property
    def is_last_attempt(self) -> bool:
        return True

    def saved_response(self) -> bytes | None:
        return None

    def begin_call(self) -> None:
        raise _no_row("begin_call")

    def save_response(self, response: bytes | None, /) -> None:  # noqa: ARG002 - the signature of Watch
        raise _no_row("save_response")

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:  # noqa: ARG002
        raise _no_row("record_charge")

    def record_doubt(self) -> None:
        raise _no_row("record_doubt")

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:  # noqa: ARG002
        raise _no_row("wait")

    def pause(self, seconds: float, /) -> None:  # noqa: ARG002
        raise _no_row("pause")


def _no_row(method: str) -> TypeError:
    return TypeError(f"An engine that calls services cannot run apart: Watch.{method} needs the row of a generation.")
