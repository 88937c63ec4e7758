"""What is said of a photograph's prompt before it is paid for."""

from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural import build_natural_prompt
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.prompt import Prompt, build_prompt
from avatar_creator.engines.base import EnginePlan
from engines.photographs import engine
from standin import SD3, StandIn, behaviours

NO_NEGATIVE = "FLUX takes no negative prompt: it is recorded, and not sent."
pytestmark = pytest.mark.usefixtures("hub")


def plan(prompt: Prompt, **options: Any) -> EnginePlan:
    planned: EnginePlan = engine().plan(PictureRequest(Persona(), Attributes(), prompt, 7, options=options))
    return planned


def keywords(base: str, **more: Any) -> Prompt:
    return build_prompt(Persona(), Attributes(), base, **more)


def test_what_flux_does_not_understand_is_said() -> None:
    said = plan(keywords("\u9ed2\u9aea, (red:1.3) --ar 16:9")).notices
    assert said == (
        "FLUX reads English, and hardly '\u9ed2\u9aea' of the prompt: say it in English.",
        "Weights and commands of other tools are read as words here: '(red:1.3)', '--ar 16:9'. Leave them out.",
    )


def test_of_another_model_only_commands_are_said() -> None:
    (said,) = plan(keywords("\u9ed2\u9aea --ar 16:9"), model=SD3, provider="together").notices
    assert said.startswith("Weights and commands of other tools")


def test_of_an_own_endpoint_nothing_is_known() -> None:
    assert plan(keywords("\u9ed2\u9aea --ar 16:9"), model="https://photos.example/v1").notices == ()


def test_it_is_said_when_the_hub_is_down_too(hub: StandIn) -> None:
    hub.always("lookup", behaviours.error_500)
    assert len(plan(keywords("a man --ar 16:9")).notices) == 2


def test_a_prompt_that_clip_reads_half_is_a_remark() -> None:
    long = plan(keywords("walking his dog and " * 20))
    assert long.notices == ()
    assert any(remark.startswith("CLIP, one of the two encoders of FLUX, reads about") for remark in long.remarks)
    assert plan(keywords("walking his dog")).remarks[0] == NO_NEGATIVE


def test_wishes_that_were_turned_round_are_not_lost() -> None:
    def natural(negative: str) -> EnginePlan:
        return plan(build_natural_prompt(Persona(), Attributes(gender="male"), negative=negative))

    assert natural("glasses, hat").notices == ()
    assert natural("glasses, purple wall, red").notices == (
        "FLUX takes no negative prompt, and 'purple wall', 'red' cannot be turned round: say what to see instead.",
    )
    assert plan(keywords("a man", negative="glasses")).notices == (NO_NEGATIVE,)
