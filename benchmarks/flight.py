"""Many pictures at once from a service that takes 200 ms for each: what our pipeline adds to the service's own time.

The service stands on loopback in a process of its own and speaks as an own endpoint does. The other side is the ideal:
pictures x 200 ms / pictures in flight, with nothing before and nothing after.
"""

import asyncio
import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.measure import Cost, Pair, Run
from benchmarks.pipeline import photograph
from benchmarks.setting import Setting

_SERVICE_S = 0.2
_ROUNDS = 12  # of all in flight, a run
_COUNTS = (100, 900, 1000)  # of the look at memory
_spawn = multiprocessing.get_context("spawn")


def flight(in_flight: int) -> Callable[[Setting], Pair]:
    """Return the benchmark of so many pictures at once."""

    def pair(setting: Setting) -> Pair:
        pictures = in_flight * _ROUNDS
        ours = _worker(setting.scratch / f"flight-{in_flight}", pictures, in_flight)
        return Pair(ours, lambda: Cost(pictures * _SERVICE_S / in_flight, 1.0))

    return pair


def _worker(home: Path, pictures: int, in_flight: int) -> Run:
    address = _service()
    here, there = _spawn.Pipe()
    _spawn.Process(target=_make, args=(home, address, pictures, in_flight, there), daemon=True).start()
    here.recv()  # it is warm

    def run() -> Cost:
        here.send(None)
        cost: Cost = here.recv()
        return cost

    return run


def _make(home: Path, address: str, pictures: int, in_flight: int, connection: Connection) -> None:
    from avatar_creator import Persona, open_library  # noqa: PLC0415 - only this process pays for it

    os.environ["NO_PROXY"] = "127.0.0.1"
    with open_library(home) as library, suppress(EOFError):
        make = partial(
            library.request, persona=Persona("Sarah Johnson", 32), model=address, engine="huggingface", seed=7
        )

        def run(count: int) -> None:
            plan = library.plan(make(count=count))
            outcomes = library.make(plan, concurrency=in_flight)
            assert all(outcome.error is None for outcome in outcomes)

        run(in_flight)
        connection.send(None)
        while True:
            connection.recv()
            begun, used = time.perf_counter(), time.process_time()
            run(pictures)
            connection.send(Cost(time.perf_counter() - begun, time.process_time() - used))


def _service() -> str:
    """Start the service; return its address. It ends with this process."""
    here, there = _spawn.Pipe()
    _spawn.Process(target=_serve, args=(photograph(), there), daemon=True).start()
    port: int = here.recv()
    return f"http://127.0.0.1:{port}/"


def _serve(picture: bytes, connection: Connection) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\ncontent-length: %d\r\n\r\n%b" % (len(picture), picture)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.partition(b":")[2]))
                await asyncio.sleep(_SERVICE_S)
                writer.write(answer)
                await writer.drain()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        connection.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def memory() -> None:
    """Print the memory of a process after 100, 1 000 and 2 000 photographs: `python -m benchmarks.flight`."""
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        here, there = _spawn.Pipe()
        _spawn.Process(target=_grow, args=(Path(scratch), _service(), there), daemon=True).start()
        for _ in _COUNTS:
            made, peak_mb = here.recv()
            print(f"{made} pictures: peak {peak_mb:.0f} MB")


def _grow(home: Path, address: str, connection: Connection) -> None:
    from avatar_creator import Persona, open_library  # noqa: PLC0415

    os.environ["NO_PROXY"] = "127.0.0.1"
    made = 0
    with open_library(home) as library:
        for count in _COUNTS:
            request = library.request(persona=Persona("Ann"), model=address, engine="huggingface", count=count, seed=7)
            outcomes = library.make(library.plan(request), concurrency=8)
            made += sum(outcome.error is None for outcome in outcomes)
            connection.send((made, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    memory()
