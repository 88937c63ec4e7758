"""The licences of models and LoRAs: known, as the Hub says, or unknown; and what is refused for commercial use."""

import json
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.cli.main import main
from avatar_creator.domain.license import License
from avatar_creator.domain.persona import Persona
from avatar_creator.engines import ENGINES, licenses
from avatar_creator.engines.hub_models import FLUX_DEV, FLUX_SCHNELL, REALISM, license_of
from avatar_creator.engines.huggingface.licenses import OWN_ENDPOINT
from avatar_creator.errors import InvalidInput
from avatar_creator.home import Home
from avatar_creator.library import Library
from engines.photographs import asked, engine, photographed, seen
from standin import DEV, LORA, SCHNELL, Repo, StandIn, behaviours, serves

OWN = "someone/portraits"
FLUX = "FLUX.1 [dev] Non-Commercial License"
FLUX_URL = "https://huggingface.co/black-forest-labs/FLUX.1-dev/blob/main/LICENSE.md"
GENERATE = ("generate", "--persona-name", "Ann", "--engine", "huggingface", "--width", "512", "--height", "512")
COMMERCIAL = (*GENERATE, "--commercial")


@pytest.fixture
def hub(home: Home, hub: StandIn) -> StandIn:  # noqa: ARG001 - whose environment comes first
    return hub


def serve(hub: StandIn, card: dict[str, Any]) -> None:
    hub.mappings[OWN] = Repo(sha="8" * 40, mapping=[serves("fal-ai", "fal-ai/own")], card=card)


def planned(**options: Any) -> tuple[License, ...]:
    found: tuple[License, ...] = engine().plan(asked(**options)).licenses
    return found


# -- what is known


@pytest.mark.parametrize("repo", [FLUX_DEV, REALISM, REALISM.lower()])
def test_flux_dev_and_the_realism_lora_are_not_for_commercial_use(repo: str) -> None:
    assert license_of(repo) == License(repo, FLUX, FLUX_URL, "no", "yes")


def test_flux_schnell_is() -> None:
    assert license_of(FLUX_SCHNELL)[1:] == ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0", "yes", "no")


def test_what_the_hub_says_does_not_stand_above_what_is_known() -> None:
    assert license_of(FLUX_DEV, "apache-2.0").commercial_use == "no"


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"license": "apache-2.0"}, ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0", "yes", "no")),
        ({"license": "other", "license_name": "flux-1-dev-non-commercial-license"}, (FLUX, FLUX_URL, "no", "yes")),
        ({"license": "cc-by-nc-4.0"}, ("cc-by-nc-4.0", f"https://huggingface.co/{OWN}", "no", "unknown")),
        (
            {"license": "other", "license_name": "Own", "license_link": "https://own.example/terms"},
            ("Own", "https://own.example/terms", "unknown", "unknown"),
        ),
        (
            {"license": "openrail", "license_link": "javascript:alert(1)"},
            ("openrail", f"https://huggingface.co/{OWN}", "unknown", "unknown"),
        ),
        ({"license": ["mit", "x"], "license_link": 5}, (None, f"https://huggingface.co/{OWN}", "unknown", "unknown")),
        ({"license": "other"}, (None, f"https://huggingface.co/{OWN}", "unknown", "unknown")),
        ({}, (None, f"https://huggingface.co/{OWN}", "unknown", "unknown")),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_of_other_models_the_hub_is_believed_and_not_asked_more_often(
    hub: StandIn, card: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    serve(hub, card)
    assert planned(model=OWN) == (License(OWN, *expected),)  # type: ignore[arg-type]
    assert len(seen(hub, "lookup")) == 1


def test_a_licence_from_a_stranger_is_short_and_plain() -> None:
    name = license_of(OWN, "\x1b[31m" + "x" * 1000).name
    assert name is not None
    assert (len(name), "\x1b" in name) == (100, False)


def test_what_the_hub_said_is_kept_with_its_answer(hub: StandIn, tmp_path: Path) -> None:
    serve(hub, {"license": "mit"})
    for _ in range(2):
        assert engine(tmp_path).plan(asked(model=OWN)).licenses[0].name == "MIT"
    assert len(seen(hub, "lookup")) == 1


def test_model_and_lora_are_named_and_the_lora_only_where_it_is_used(hub: StandIn) -> None:
    assert [license_.of for license_ in planned()] == [DEV, LORA]
    hub.mappings[LORA].mapping.clear()
    assert [license_.of for license_ in planned()] == [DEV]
    assert [license_.of for license_ in planned(model="flux-schnell")] == [SCHNELL]


def test_below_a_lora_that_is_asked_for_as_the_model_there_is_one_that_is_not_known(hub: StandIn) -> None:
    del hub
    below, lora = planned(model=LORA)
    assert (below, lora.of) == (License(f"the model below {LORA}"), LORA)


def test_an_own_endpoint_is_unknown_and_its_url_is_not_told() -> None:
    url = "https://secret.example/model"
    assert licenses("huggingface", {"model": url}) == planned(model=url) == (OWN_ENDPOINT,)


def test_what_is_known_is_told_also_where_the_hub_cannot_be_asked(hub: StandIn) -> None:
    hub.script("lookup", *[behaviours.error_list] * 9)
    assert [license_.of for license_ in planned()] == [DEV, LORA]


def test_a_photograph_records_the_licences(hub: StandIn) -> None:
    del hub
    recorded = photographed().recipe["licenses"]
    assert recorded == [license_of(DEV)._asdict(), license_of(LORA)._asdict()]


# -- through the command line


def run(capfd: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    capfd.readouterr()
    code = main(list(argv))
    return code, *capfd.readouterr()


@pytest.mark.parametrize("more", [(), ("--detach",), ("--dry-run",), ("--count", "3", "--yes")], ids=" ".join)
def test_commercial_refuses_before_anything_is_asked_or_paid(
    hub: StandIn, capfd: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    code, out, err = run(capfd, *COMMERCIAL, *more)
    assert (code, out, len(hub.calls)) == (2, "", 0)
    assert f"Error: {DEV} and {LORA} are not for commercial use ({FLUX}).\n" in err
    assert "--model flux-schnell, without --lora." in err
    assert main(["status", "--quiet"]) == 0
    assert capfd.readouterr().out == ""  # nothing is queued


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("options", [("--lora", "none"), ("--model", "flux-dev"), ("--lora", LORA)], ids=" ".join)
def test_flux_dev_is_refused_with_and_without_a_lora(
    capfd: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert run(capfd, *COMMERCIAL, *options)[0] == 2


def test_what_is_unknown_is_refused_with_words_of_its_own(hub: StandIn, capfd: pytest.CaptureFixture[str]) -> None:
    serve(hub, {"license": "other", "license_name": "own-terms"})
    code, _, err = run(capfd, *COMMERCIAL, "--model", OWN)
    assert (code, len(hub.calls)) == (2, 0)
    assert f"It is not known whether {OWN} may be used commercially (licence: own-terms)." in err
    assert f"read its licence at https://huggingface.co/{OWN}" in err


def test_the_setting_refuses_and_the_hint_leads_to_a_picture(
    hub: StandIn, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVATAR_COMMERCIAL", "true")
    assert run(capfd, *GENERATE)[0] == 2
    option, value = ENGINES["huggingface"].commercial.partition(",")[0].split()
    code, out, _ = run(capfd, *GENERATE, option, value, "--json")
    assert (code, len(hub.pictures)) == (0, 1)
    made = json.loads(out)["avatar"]
    assert made["licenses"] == made["recipe"]["made_with"]["licenses"] == [license_of(SCHNELL)._asdict()]


def test_a_program_is_refused_as_a_user_is(hub: StandIn, library: Library) -> None:
    with pytest.raises(InvalidInput, match="are not for commercial use"):
        library.generate(persona=Persona("Ann"), engine="huggingface", commercial=True)
    assert len(hub.calls) == 0
    made = library.generate(
        persona=Persona("Ann"), engine="huggingface", model="flux-schnell", width_px=512, height_px=512, commercial=True
    )
    assert [license_.name for license_ in made.licenses] == ["Apache-2.0"]


def test_retry_refuses_what_was_asked_for_other_use(
    hub: StandIn, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.script("call", behaviours.no_credits)
    _, out, _ = run(capfd, *GENERATE, "--json")
    (failed,) = json.loads(run(capfd, "status", "--json")[1])
    monkeypatch.setenv("AVATAR_COMMERCIAL", "true")
    code, out, err = run(capfd, "retry", failed["id"])
    assert (code, out, len(hub.pictures)) == (2, "", 0)
    assert "are not for commercial use" in err


def test_dry_run_show_and_json_name_licences(hub: StandIn, capfd: pytest.CaptureFixture[str]) -> None:
    del hub
    lines = dict.fromkeys(run(capfd, *GENERATE, "--dry-run")[1].splitlines())
    assert [line for line in lines if line.startswith("licence\t")] == [
        f"licence\t{license_of(repo)}" for repo in (DEV, LORA)
    ]
    made = json.loads(run(capfd, *GENERATE, "--json")[1])["avatar"]
    assert [license_["of"] for license_ in made["licenses"]] == [DEV, LORA]
    shown = json.loads(run(capfd, "show", made["id"], "--json")[1])
    assert shown["licenses"] == made["licenses"]


def test_the_file_names_the_licences(hub: StandIn, capfd: pytest.CaptureFixture[str]) -> None:
    del hub
    for embed in ("mark", "recipe"):
        made = json.loads(run(capfd, *GENERATE, "--embed", embed, "--json")[1])["avatar"]
        xmp = json.loads(run(capfd, "inspect", made["image_path"], "--json")[1])["xmp"]
        assert f"Made with {DEV}: {FLUX}, commercial use: no; review pictures before you publish them" in xmp
        assert f"<xmpRights:WebStatement>{FLUX_URL}<" in xmp


def test_doctor_names_the_licences_of_what_is_set(
    hub: StandIn, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del hub

    def found() -> list[list[str]]:
        lines = [line.split("\t") for line in run(capfd, "doctor")[1].splitlines()]
        return [line for line in lines if line[1] == "licence"]

    flux, lora, drawing, local = found()
    assert (flux[2], lora[2]) == (str(license_of(DEV)), str(license_of(LORA)))
    assert drawing[2].startswith("dicebear/avataaars: Free for personal and commercial use, commercial use: yes")
    assert {level for level, *_ in (flux, lora, drawing, local)} == {"ok"}
    monkeypatch.setenv("AVATAR_COMMERCIAL", "true")
    assert [level for level, *_ in found()] == ["note", "note", "ok", "ok"]


def test_doctor_online_says_what_the_hub_says_of_the_model_that_is_set(
    hub: StandIn, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(hub, {"license": "mit"})
    monkeypatch.setenv("AVATAR_MODEL", OWN)
    lines = [line.split("\t") for line in run(capfd, "doctor", "--online")[1].splitlines()]
    assert [line[:3] for line in lines if line[1] == "huggingface licence"] == [
        ["ok", "huggingface licence", f"{OWN}: MIT, commercial use: yes (https://opensource.org/license/mit)"]
    ]
