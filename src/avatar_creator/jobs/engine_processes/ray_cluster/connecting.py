"""How a process comes to a Ray cluster, and what is said where it does not."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from avatar_creator.domain.text import shown
from avatar_creator.errors import AvatarError, EngineError, NotConfigured
from avatar_creator.jobs.engine_processes.ray_cluster.address import AUTO
from avatar_creator.processes import interpreter

_REACHED_S = 5.0  # for the head to answer
_PROBE_S = 30.0  # for another interpreter to load Ray and ask it
_SAID_MOST = 300  # characters of what Ray says
_OPEN, _REFUSED = 0, 3  # exit codes of the probe
_PROBE = "from avatar_creator.jobs.engine_processes.ray_cluster.connecting import probe; probe()"


def connect(ray: Any, address: str, *, is_secured: bool) -> str:
    """Connect this process to the cluster at ``address``, and return where its head is.

    ``is_secured``: only to one that lets nobody in without its token. Raises NotConfigured, and EngineError where
    nothing answers.
    """
    where = _resolved(ray, address)
    _check_reachable(where)
    ask = _probing(where) if is_secured else None
    try:
        _check_token(ray, where)
        ray.init(address=where, log_to_driver=False, logging_level="ERROR", configure_logging=False)
        if ask is not None:
            ask()
    except AvatarError:
        raise
    except Exception as error:
        raise _not_connected(where, error) from error
    return where


def _resolved(ray: Any, address: str) -> str:
    """Return HOST:PORT; ``auto`` is the cluster that this machine is a node of."""
    if address != AUTO:
        return address
    try:
        found: str = ray._private.services.canonicalize_bootstrap_address_or_die(AUTO)  # noqa: SLF001 - as its own CLI
    except ConnectionError:
        raise EngineError(
            "This machine is no node of a Ray cluster.",
            hint="Join one: ray start --address HOST:PORT --num-gpus 0. Or begin one: ray start --head",
        ) from None
    return found


def _check_reachable(where: str) -> None:
    """Raise EngineError where no program listens: Ray itself takes a minute to notice."""
    host, _, port = where.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _REACHED_S).close()
    except OSError as error:
        raise _unreachable(where, error.strerror or str(error)) from error


def _check_token(ray: Any, where: str) -> None:
    """Raise NotConfigured where the cluster refuses our token: `ray.init` would ask for 20 s, and not say why."""
    try:
        ray._raylet.GcsClient(address=where)  # noqa: SLF001 - as its own health check does
    except ray.exceptions.AuthenticationError as error:
        raise NotConfigured(
            f"The Ray cluster at {where} refuses the token.",
            hint="Copy ~/.ray/auth_token of its head, or set RAY_AUTH_TOKEN_PATH or RAY_AUTH_TOKEN to what it has.",
        ) from error
    except ray.exceptions.RayError as error:
        raise _unreachable(where, _one_line(error)) from error


def _probing(where: str) -> Callable[[], None]:
    """Begin to ask the cluster without a token; return a function that raises NotConfigured if it answers.

    Ray reads once how it is to authenticate itself, so another process asks.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("RAY_AUTH_")}
    process = subprocess.Popen(
        interpreter.command(_PROBE, where),
        env={**variables, "RAY_AUTH_MODE": "disabled"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def ask() -> None:
        try:
            code = process.wait(_PROBE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if code == _REFUSED:
            return
        if code == _OPEN:
            raise NotConfigured(
                f"The Ray cluster at {where} asks for no token: whoever reaches it runs programs on its nodes.",
                hint="Start it with RAY_AUTH_MODE=token, see docs/ray.md; or, in a network of your own: --ray-insecure",
            )
        raise EngineError(f"It was not found out whether the Ray cluster at {where} asks for a token.")

    return ask


def probe() -> NoReturn:
    """Be the process that asks without a token."""
    import ray  # noqa: PLC0415

    try:
        ray._raylet.GcsClient(address=sys.argv[1])  # noqa: SLF001
    except ray.exceptions.AuthenticationError:
        os._exit(_REFUSED)
    os._exit(_OPEN)


def _not_connected(where: str, error: Exception) -> AvatarError:
    said = _one_line(error)
    if "ersion mismatch" in said:
        return NotConfigured(
            f"The Ray cluster at {where} runs another version of Ray or of Python: {shown(said)}",
            hint="Install the same versions here, or use the image of its nodes.",
        )
    if isinstance(error, RuntimeError | ValueError) and "node" in said.lower():
        return NotConfigured(
            f"This machine is no node of the Ray cluster at {where}: {shown(said)}",
            hint=f"Join it, without work for this machine: ray start --address {where} --num-cpus 0 --num-gpus 0",
        )
    return _unreachable(where, said)


def _unreachable(where: str, why: str) -> EngineError:
    return EngineError(
        f"No Ray cluster answers at {where}: {why.rstrip('.')}.",
        hint="See whether it runs there: ray status. Its head is started with: ray start --head",
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:_SAID_MOST] or type(error).__name__
