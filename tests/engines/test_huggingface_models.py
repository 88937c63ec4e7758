"""The facts of photographs stand in one place: whoever changes one there has changed what is said of it everywhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.engines.hub_models import FLUX_DEV
from avatar_creator.engines.huggingface import models

DOCS = Path(__file__).parents[2] / "docs"
# Changes a line of the module as it is loaded, whoever is the first to read it.
CHANGED = """
import io, json, runpy, sys
from contextlib import redirect_stdout
from importlib.machinery import SourceFileLoader

name, old, new, docs = sys.argv[1:]
get_code = SourceFileLoader.get_code

def changed(loader, module):
    if module != name:
        return get_code(loader, module)
    source = loader.get_source(name)
    assert source.count(old) == 1
    return compile(source.replace(old, new), loader.path, "exec")

SourceFileLoader.get_code = changed

from avatar_creator.cli.main import main
from avatar_creator.engines.huggingface.options import parse
from avatar_creator.settings.schema import Schema

def printed(*arguments):
    with redirect_stdout(io.StringIO()) as out:
        main(arguments)
    return " ".join(out.getvalue().replace("\\u2502", " ").split())

settings = {key: f"{field.description} {field.metadata}" for key, field in Schema.model_fields.items()}
reference = runpy.run_path(docs)["reference"]()
chosen = parse({})
said = {"help": printed("generate", "--help"), "settings": settings, "reference": reference}
print(json.dumps(said | {"model": chosen.name, "steps": chosen.steps, "lora_scale": chosen.lora_scale}))
"""


def after(old: str, new: str) -> dict[str, object]:
    """Return what is said and chosen where one line of the facts is another one."""
    command = [sys.executable, "-c", CHANGED, models.__name__, old, new, str(DOCS / "generate_reference.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("old", "new", "key", "in_help", "in_settings", "in_reference", "chosen"),
    [
        pytest.param(
            "steps: int = 30",
            "steps: int = 33",
            "steps",
            "Steps of inference, 1 to 100. [default: (33; local: the model's)]",
            "33 if not set.",
            "| `--steps` | number | 33; local: the model's |",
            ("steps", 33),
            id="default steps",
        ),
        pytest.param(
            "most_steps: int = 50",
            "most_steps: int = 51",
            "steps",
            "Steps of inference, 1 to 100.",
            "Le(le=51)",
            "| `steps` | `AVATAR_STEPS` | number, 1 to 51 |",
            ("steps", 30),
            id="most steps",
        ),
        pytest.param(
            "LORA_SCALE = Range(0.9, least=0,",
            "LORA_SCALE = Range(0.7, least=0.1,",
            "lora_scale",
            "How much the LoRA shows, 0 to 3. [default: (0.7; local: 0.9)]",
            "Ge(ge=0.1)",
            "| `--lora-scale` | number | 0.7; local: 0.9 |",
            ("lora_scale", 0.7),
            id="default and least LoRA scale",
        ),
        pytest.param(
            'DEFAULT_MODEL = "flux-realism"',
            'DEFAULT_MODEL = "flux-dev"',
            "model",
            "[default: (flux-dev; local: klein-4b)]",
            "flux-dev if not set.",
            "| `--model` | text | flux-dev; local: klein-4b |",
            ("model", FLUX_DEV),
            id="default model",
        ),
        pytest.param(
            '"nscale", "hf-inference")',
            '"nscale", "hf-inference", "newest")',
            "provider",
            "hf-inference, newest or another.",
            "hf-inference, newest or another; auto if not set.",
            "hf-inference, newest or another.",
            ("steps", 30),
            id="a provider",
        ),
    ],
)
def test_what_is_changed_is_changed_everywhere(
    old: str, new: str, key: str, in_help: str, in_settings: str, in_reference: str, chosen: tuple[str, object]
) -> None:
    said = after(old, new)
    assert in_help in str(said["help"])
    assert isinstance(said["settings"], dict)
    assert in_settings in said["settings"][key]
    assert in_reference in str(said["reference"])
    assert said[chosen[0]] == chosen[1]


def test_the_facts_load_no_client() -> None:
    code = f"import sys, {models.__name__}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert {"huggingface_hub", "httpx2", "tenacity", "PIL", "typer", "pydantic"} & set(done.stdout.split()) == set()
