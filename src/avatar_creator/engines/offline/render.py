"""From SVG to the bytes of a picture file."""

import os
import sys
from functools import cache
from importlib import import_module
from threading import Event, Thread
from types import ModuleType
from typing import Any, NamedTuple

from avatar_creator.decoding import pixels
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import NO_THREADS, NO_THREADS_HINT, EngineError, NotConfigured
from avatar_creator.processes import interpreter

_VIPS_THREADS = 2  # that libvips starts to write its first picture
_START = "from avatar_creator.engines.offline import render; render.draw_isolated()"
_ISOLATED_S = 60  # for one drawing, however busy the machine
_LOST_S = 60  # after which a drawing is not waited for: libvips was once seen to sleep for ever
_SAVED: dict[PictureFormat, tuple[str, dict[str, Any]]] = {
    PictureFormat.JPEG: (".jpg", {"subsample_mode": "off"}),  # halved color bleeds at the edges of flat art
    PictureFormat.PNG: (".png", {"compression": 3}),  # 6 takes twice the time, for files 8 % smaller
    PictureFormat.WEBP: (".webp", {"lossless": True}),
}


class Rendered(NamedTuple):
    """A picture file, and its thumbnail where it costs less than to decode the file: a JPEG decodes to a small one."""

    data: bytes
    thumbnail: bytes | None = None


def load_renderer() -> ModuleType:
    """Return pyvips. Raises NotConfigured if it or its libvips cannot be loaded."""
    try:
        vips = import_module("pyvips")  # 25 ms that `plan` need not pay
    except (ImportError, OSError) as error:
        raise NotConfigured(
            f"The offline engine cannot load its renderer: {error}",
            hint="Install it again: pip install 'pyvips[binary]'.",
        ) from error
    vips.cache_set_max(0)  # no picture is drawn twice; a kept one would only cost memory
    vips.concurrency_set(1)  # what it does in threads of one drawing takes longer than it saves
    return vips


def renderer_version() -> str:
    vips = load_renderer()
    return f"libvips {vips.version(0)}.{vips.version(1)}.{vips.version(2)}"


class _Libvips:
    """Whether it has drawn in this process, and whether it would wait for ever: its threads are not in a fork."""

    drew = False
    is_lost = False


def _after_fork() -> None:
    _Libvips.is_lost = _Libvips.is_lost or _Libvips.drew


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def render(svg: str, format_: PictureFormat, *, jpeg_quality: int) -> Rendered:
    """Return the picture file of an SVG that fills its frame."""
    if _Libvips.is_lost:
        return _render_isolated(svg, format_, jpeg_quality)
    from queue import Empty, SimpleQueue  # noqa: PLC0415 - `plan` renders nothing

    ended: SimpleQueue[Rendered | BaseException] = SimpleQueue()

    def draw() -> None:
        try:
            ended.put(_render(svg, format_, jpeg_quality))
        except BaseException as error:  # noqa: BLE001 - raised by whoever waits
            ended.put(error)

    # In a thread of its own: libvips logs through Python, and a Ctrl-C raised in there would be swallowed. No end of
    # the process waits for it.
    try:
        Thread(target=draw, name="drawing", daemon=True).start()
    except RuntimeError as error:  # "can't start new thread"
        raise _no_threads() from error
    try:
        drawn = ended.get(timeout=_LOST_S)
    except Empty:
        _Libvips.is_lost = True
        return _render_isolated(svg, format_, jpeg_quality)
    if isinstance(drawn, BaseException):
        raise drawn
    return drawn


@cache
def _find_threads() -> None:
    """Raise EngineError where libvips could not start its threads: it would end the process."""
    hold = Event()
    threads = [Thread(target=hold.wait, daemon=True) for _ in range(_VIPS_THREADS)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError as error:
        raise _no_threads() from error
    finally:
        hold.set()


def _no_threads() -> EngineError:
    return EngineError(f"The drawing could not be rendered: {NO_THREADS}", hint=NO_THREADS_HINT, ends_run=True)


def _render_isolated(svg: str, format_: PictureFormat, jpeg_quality: int) -> Rendered:
    """Return the same picture file from a process of its own."""
    import subprocess  # noqa: PLC0415 - rarely needed

    try:
        drawn = subprocess.run(
            interpreter.command(_START, format_, str(jpeg_quality)),
            input=svg.encode(),
            capture_output=True,
            timeout=_ISOLATED_S,
            check=True,
            env=interpreter.environment(),
        )
    except subprocess.CalledProcessError as error:
        raise EngineError(error.stderr.decode(errors="replace").strip()) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"The drawing could not be rendered in another process: {error}") from error
    return Rendered(drawn.stdout)


def draw_isolated() -> None:
    """Draw what stdin holds, as the arguments say, to stdout: what `_render_isolated` starts."""
    format_, jpeg_quality = sys.argv[1:3]
    try:
        drawn = _render(sys.stdin.buffer.read().decode(), PictureFormat(format_), int(jpeg_quality))
    except EngineError as error:
        sys.exit(error.message)
    sys.stdout.buffer.write(drawn.data)


def _render(svg: str, format_: PictureFormat, jpeg_quality: int) -> Rendered:
    _find_threads()
    vips = load_renderer()
    _Libvips.drew = True
    try:
        image = vips.Image.svgload_buffer(svg.encode())
        if format_ is PictureFormat.PNG:
            return _rendered_png(vips, image)
        suffix, options = _SAVED[format_]
        if format_ is PictureFormat.JPEG:
            options = {"Q": jpeg_quality, **options}
        return Rendered(_opaque(image).write_to_buffer(suffix, **options))
    except vips.Error as error:
        raise EngineError(f"The drawing could not be rendered: {error}") from error


def _rendered_png(vips: ModuleType, image: Any) -> Rendered:
    """Return both files of an image that is drawn once: the same thumbnail as that of the file."""
    drawn = image.write_to_memory()
    copy = vips.Image.new_from_memory(drawn, image.width, image.height, image.bands, image.format)
    copy = copy.copy(interpretation=image.interpretation, xres=image.xres, yres=image.yres)
    suffix, options = _SAVED[PictureFormat.PNG]
    data: bytes = _opaque(copy).write_to_buffer(suffix, **options)
    return Rendered(data, pixels.drawn_thumbnail(drawn, image.width, image.height))


def _opaque(image: Any) -> Any:
    return image.extract_band(0, n=3)
