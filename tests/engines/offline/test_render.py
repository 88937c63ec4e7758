"""From SVG to a picture file, in this process or, in a fork of one that drew, in another."""

import sys

import pytest

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.engines.offline import render
from avatar_creator.errors import EngineError

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#1e90ff"/></svg>'
)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is in a fork of a process that drew."""
    monkeypatch.setattr(render._Fork, "drew_before", True)


@pytest.mark.parametrize("format_", PictureFormat)
def test_a_fork_draws_the_same_bytes(format_: PictureFormat, request: pytest.FixtureRequest) -> None:
    here = render.render(SVG, format_, jpeg_quality=90)
    request.getfixturevalue("forked")
    assert render.render(SVG, format_, jpeg_quality=90) == here


@pytest.mark.usefixtures("forked")
def test_what_goes_wrong_in_the_other_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match=r"^The drawing could not be rendered: .*[Ss][Vv][Gg]"):
        render.render("<svg", PictureFormat.PNG, jpeg_quality=90)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(EngineError, match=r"could not be rendered in another process: .*nowhere"):
        render.render(SVG, PictureFormat.PNG, jpeg_quality=90)
