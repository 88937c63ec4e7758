"""What every engine in the table keeps to; those that ask over the network are led to a stand-in."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from huggingface_hub import close_session
from PIL import Image

import tiny_models
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.engines import ENGINES, OPTIONS, automatic, fingerprint, load_engine
from avatar_creator.engines.base import Engine, Setup
from avatar_creator.engines.local.models import DEFAULT_MODEL, MODELS
from avatar_creator.errors import InvalidInput, NotConfigured
from standin import StandIn

PILLOWS = {PictureFormat.JPEG: "JPEG", PictureFormat.PNG: "PNG", PictureFormat.WEBP: "WEBP"}
ODD = "xyzzy"  # a value that no engine can know


# The options with which an engine is ready here, where its defaults are for other machines.
NEEDY = {"huggingface", "local"}  # an account, or libraries and a model
READY: dict[str, dict[str, Any]] = {"local": {"device": "cpu", "steps": 2}}


class Asked(Protocol):
    def __call__(
        self, persona: Persona | None = None, attributes: Attributes | None = None, **changes: Any
    ) -> PictureRequest: ...


@pytest.fixture
def asked(engine: Engine) -> Asked:
    """Return what makes requests that the engine is ready for; ``changes`` are fields of it."""

    def request(persona: Persona | None = None, attributes: Attributes | None = None, **changes: Any) -> PictureRequest:
        persona, attributes = persona or Persona("Ann", 32), attributes or Attributes(gender="female")
        made = PictureRequest(persona, attributes, build_prompt(persona, attributes), 7, width_px=64, height_px=64)
        options = READY.get(engine.name, {}) | dict(changes.pop("options", {}))
        return made._replace(options=options, **changes)

    return request


class _Watch:
    """Follows a picture; ``told`` hears every fraction."""

    def __init__(self, told: Callable[[float], None] = lambda _fraction: None) -> None:
        self.progress = told
        self.attempts = 0
        self.charges: list[tuple[str, str, bool]] = []

    is_last_attempt = False

    def phase(self, what: str, /) -> None:
        assert what.isprintable()

    def begin_call(self) -> None:
        self.attempts += 1

    def save_response(self, response: bytes | None, /) -> None:
        self.answer = response

    def saved_response(self) -> bytes | None:
        return None

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        self.charges.append((provider, model, reroll))

    def record_doubt(self) -> None:
        raise AssertionError("all calls were answered")

    def pause(self, seconds: float, /) -> None:
        pass

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
        raise AssertionError(f"waits {seconds} s: {why} {busy}")


_quiet = _Watch()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with StandIn(tmp_path_factory.mktemp("standin")) as hub:
        yield hub


@pytest.fixture
def hub(started: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Return the stand-in that this process is led to, for engines that ask over the network."""
    started.reset()
    for name, value in started.environment().items():
        monkeypatch.setenv(name, value)
    close_session()
    yield started
    close_session()
    assert (started.leaks, started.strays) == ([], [])


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(cache=tmp_path / "cache")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache of the Hub that has a tiny model in place of the local engine's default one."""
    pytest.importorskip("diffusers", reason="the local engine runs where its extra is installed")
    place = tmp_path_factory.mktemp("models")
    tiny_models.klein(place / "klein")
    tiny_models.into_cache(place / "hub", MODELS[DEFAULT_MODEL].id, place / "klein")
    return place / "hub"


@pytest.fixture(params=ENGINES)
def engine(
    request: pytest.FixtureRequest, setup: Setup, hub: StandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """Each engine, ready to be used."""
    if request.param == "local":
        monkeypatch.setenv("HF_HUB_CACHE", str(request.getfixturevalue("models")))
    loaded = load_engine(request.param, setup)
    loaded.check(READY.get(request.param, {}))
    yield loaded
    loaded.close()
    assert loaded.name == "huggingface" or hub.requests == [], "it asks nobody"


def test_it_is_named_as_in_the_table(engine: Engine) -> None:
    assert engine.name in ENGINES
    assert type(load_engine(engine.name)) is type(engine)


def test_a_plan_is_pure_and_json(engine: Engine, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    first, second = engine.plan(asked()), engine.plan(asked())
    assert first == second
    assert json.loads(json.dumps(dict(first.sent))) == dict(first.sent)
    assert first.model
    assert not list(here.iterdir())
    assert {path.name for path in tmp_path.iterdir()} <= {"here", "cache"}, "it writes to its cache alone"


def test_a_plan_costs_nothing_and_says_what_will(engine: Engine, asked: Asked, hub: StandIn) -> None:
    plan = engine.plan(asked())
    list(engine.probe(READY.get(engine.name, {})))
    assert hub.calls == []
    watch = _Watch()
    made = engine.generate(asked(), watch)
    assert (plan.model, plan.provider) == (made.model, made.provider)
    assert made.options == plan.options, "a recipe and a queue keep the same"
    assert (made.notices, made.drawn) == (plan.notices, plan.drawn), "what is said before stays true"
    assert watch.charges == ([(plan.provider, plan.model, False)] if plan.paid else [])
    assert watch.attempts == len(watch.charges)
    assert plan.paid == bool(plan.provider and plan.provider_model and plan.made_px)


def test_an_engine_without_a_cache_works_as_well(engine: Engine, asked: Asked) -> None:
    assert load_engine(engine.name).plan(asked()) == engine.plan(asked())


def test_what_it_lacks_is_said_before_anything_is_made(
    engine: Engine, asked: Asked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    assert engine.plan(asked()).model
    watch = _Watch()
    if not engine.plan(asked()).paid:  # only who asks others must be known to them
        engine.check(READY.get(engine.name, {}))
        assert engine.generate(asked(), watch).data
        return
    for ask in (lambda: engine.check({}), lambda: engine.generate(asked(), watch)):
        with pytest.raises(NotConfigured) as missing:
            ask()
        assert missing.value.hint
    assert watch.attempts == 0


def test_what_it_would_pay_with_is_told_without_loading_it(engine: Engine, asked: Asked, setup: Setup) -> None:
    known = engine.credential({})
    assert fingerprint(engine.name, {}, setup) == known
    assert (known is not None) == engine.plan(asked()).paid
    assert known is None or (len(known) == 8 and int(known, 16) >= 0)


def test_the_options_of_a_plan_make_the_same_picture(engine: Engine, asked: Asked) -> None:
    plan = engine.plan(asked())
    assert set(plan.options) <= set(ENGINES[engine.name].options)
    assert engine.plan(asked(options=json.loads(json.dumps(dict(plan.options))))) == plan
    assert engine.generate(asked(options=plan.options), _quiet) == engine.generate(asked(), _quiet)


def test_probes_are_sentences(engine: Engine) -> None:
    probes = list(engine.probe(READY.get(engine.name, {})))
    assert bool(probes) == (engine.name in NEEDY), "who needs nothing has nothing to say, and nobody else"
    for probe in probes:
        assert (probe.ok, probe.message[-1], probe.message.isprintable()) == (True, ".", True), probe
        assert probe.subject


def test_a_plan_does_not_change_what_is_then_made(engine: Engine, asked: Asked) -> None:
    before = engine.generate(asked(), _quiet)
    engine.plan(asked(seed=8))
    assert engine.generate(asked(), _quiet) == before


@pytest.mark.parametrize("format_", PictureFormat)
@pytest.mark.parametrize(("width", "height"), [(64, 64), (64, 96), (300, 128)])
def test_a_picture_is_what_was_asked(
    engine: Engine, asked: Asked, format_: PictureFormat, width: int, height: int
) -> None:
    made = engine.generate(asked(format=format_, width_px=width, height_px=height), _quiet)
    with Image.open(io.BytesIO(made.data)) as picture:
        picture.load()
        assert (picture.format, picture.size) == (PILLOWS[made.format], (made.width_px, made.height_px))
    assert (made.format, made.width_px, made.height_px) == (format_, width, height)
    assert made.model == engine.plan(asked()).model
    assert json.loads(json.dumps(dict(made.recipe))) == dict(made.recipe)
    assert made.credit is None or made.credit.text


def test_png_and_webp_lose_nothing_and_jpeg_has_the_quality_asked_for(engine: Engine, asked: Asked) -> None:
    if engine.plan(asked()).paid:
        pytest.skip("a service encodes its pictures")

    def made(format_: PictureFormat, quality: int) -> bytes:
        return engine.generate(asked(format=format_, jpeg_quality=quality), _quiet).data

    pixels = set()
    for format_ in (PictureFormat.PNG, PictureFormat.WEBP):
        with Image.open(io.BytesIO(made(format_, 50))) as picture:
            pixels.add(picture.convert("RGB").tobytes())
    assert len(pixels) == 1, "docs/generate.md says that both are lossless"
    assert made(PictureFormat.JPEG, 50) != made(PictureFormat.JPEG, 95)


def test_the_same_request_makes_the_same_picture(engine: Engine, asked: Asked) -> None:
    made = [engine.generate(asked(seed=seed), _quiet) for seed in (7, 7, 8)]
    assert made[0] == made[1] == load_engine(engine.name).generate(asked(), _quiet)
    assert made[0].data != made[2].data


def test_options_of_other_engines_are_refused(engine: Engine, asked: Asked) -> None:
    def refusal(option: str) -> str:
        try:
            engine.plan(asked(options={option: None}))
        except InvalidInput as error:
            return error.message
        return ""

    others = {option for other in ENGINES.values() for option in other.options} - set(ENGINES[engine.name].options)
    assert others
    assert [option for option in sorted(others) if OPTIONS[option].flag not in refusal(option)] == []


@pytest.mark.parametrize("options", [{"nonsense": 1}, {"art_style": "nonsense"}, {"art_style": 3}])
def test_unknown_options_are_refused(engine: Engine, asked: Asked, options: dict[str, Any]) -> None:
    for ask in (engine.plan, lambda request: engine.generate(request, _quiet)):
        with pytest.raises(InvalidInput) as refused:
            ask(asked(options=options))
        (option,) = options
        names = {option} | ({OPTIONS[option].flag} if option in OPTIONS else set())
        assert any(name in refused.value.message for name in names)


@pytest.mark.parametrize("attribute", [attribute.name for attribute in ATTRIBUTES])
@pytest.mark.parametrize("name", ["[red]", "王 🎉", "x" * 100])
def test_notices_are_sentences(engine: Engine, asked: Asked, attribute: str, name: str) -> None:
    notices = engine.plan(asked(Persona(name), Attributes(**{attribute: ODD}))).notices
    for notice in notices:
        assert (notice[0].isupper(), notice[-1], notice.isprintable()) == (True, ".", True), notice
    assert len(set(notices)) == len(notices)


@pytest.mark.parametrize("attribute", [attribute.name for attribute in ATTRIBUTES])
def test_no_known_value_breaks_it(engine: Engine, asked: Asked, attribute: str) -> None:
    known = next(a for a in ATTRIBUTES if a.name == attribute).known
    for value in (*known, ODD, "!", "🎉" * 50):
        assert engine.plan(asked(attributes=Attributes(**{attribute: value}))).model


def test_progress_runs_from_nothing_to_all(engine: Engine, asked: Asked) -> None:
    told: list[float] = []
    engine.generate(asked(), _Watch(told.append))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_an_interrupted_picture_leaves_the_engine_usable(engine: Engine, asked: Asked) -> None:
    def interrupt(_fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.generate(asked(), _Watch(interrupt))
    assert engine.generate(asked(), _quiet).data


def test_the_automatic_choice_is_in_the_table() -> None:
    choice = automatic((), lambda _name: Setup())
    assert choice.name in ENGINES
    assert choice.reason.endswith(".")


def test_an_unknown_engine_is_refused() -> None:
    for ask in (load_engine, lambda name: fingerprint(name, {})):
        with pytest.raises(InvalidInput, match="engine is 'dalle', which does not exist"):
            ask("dalle")
