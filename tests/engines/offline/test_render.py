"""From SVG to a picture file, in this process or, in a fork of one that drew, in another."""

import sys
from threading import Event

import pytest

from avatar_creator.decoding import pixels
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.engines.offline import render
from avatar_creator.errors import EngineError

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#1e90ff"/></svg>'
)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is in a fork of a process that drew."""
    monkeypatch.setattr(render._Libvips, "is_lost", True)


@pytest.mark.parametrize("format_", PictureFormat)
def test_a_fork_draws_the_same_bytes(format_: PictureFormat, request: pytest.FixtureRequest) -> None:
    here = render.render(SVG, format_, jpeg_quality=90)
    request.getfixturevalue("forked")
    assert render.render(SVG, format_, jpeg_quality=90).data == here.data


@pytest.mark.parametrize(("width", "height"), [(64, 64), (300, 450), (1024, 1024), (777, 512), (2048, 1536)])
def test_the_thumbnail_made_of_the_pixels_is_that_of_the_file(width: int, height: int) -> None:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 100 100">'
        '<rect x="-100" y="-100" width="300" height="300" fill="#a1b2c3"/>'
        '<circle cx="40" cy="60" r="33" fill="#d08050" fill-opacity=".7"/></svg>'
    )
    drawn = render.render(svg, PictureFormat.PNG, jpeg_quality=90)
    assert drawn.thumbnail == pixels.thumbnail(drawn.data, 1, width * height)


@pytest.mark.usefixtures("forked")
def test_what_goes_wrong_in_the_other_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match=r"^The drawing could not be rendered: .*[Ss][Vv][Gg]"):
        render.render("<svg", PictureFormat.PNG, jpeg_quality=90)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(EngineError, match=r"could not be rendered in another process: .*nowhere"):
        render.render(SVG, PictureFormat.PNG, jpeg_quality=90)


def test_a_drawing_that_never_ends_is_drawn_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = render.render(SVG, PictureFormat.PNG, jpeg_quality=95).data
    hold = Event()
    monkeypatch.setattr(render._Libvips, "is_lost", False)
    monkeypatch.setattr(render, "_LOST_S", 0.01)
    monkeypatch.setattr(render, "_render", lambda *_: hold.wait())
    try:
        assert render.render(SVG, PictureFormat.PNG, jpeg_quality=95).data == expected
        assert render._Libvips.is_lost, "the next one does not wait for it"
    finally:
        hold.set()
