"""The client that everybody uses, unchanged, in a process of its own that only its environment leads here."""

import json
import os
import subprocess
import sys
from typing import Any

from .hub import StandIn

# Reads what to do, one line of JSON each, and says what came of it.
_CLIENT = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from huggingface_hub import HfApi, InferenceClient
from huggingface_hub.utils import get_session, hf_raise_for_status

def draw(provider, model, token=None, timeout=5, bill_to=None, **options):
    client = InferenceClient(provider=provider, token=token, timeout=timeout, bill_to=bill_to)
    image = client.text_to_image("a face", model=model, **options)
    image.load()
    return {"size": image.size, "format": image.format, "mode": image.mode, "extrema": image.getextrema()}

def together(count, **job):
    with ThreadPoolExecutor(count) as pool:
        return [done["size"] for done in pool.map(lambda _: draw(**job), range(count))]

def lookup(model, **options):
    info = HfApi().model_info(model, **options)
    return [[each.provider, each.provider_id, each.adapter_weights_path] for each in info.inference_provider_mapping]

def whoami(token=None):
    return HfApi().whoami(token)

def request(method, url, **options):
    answer = get_session().request(method, url, **options)
    hf_raise_for_status(answer)
    return answer.json()

for line in sys.stdin:
    name, job = json.loads(line)
    try:
        told = {"done": globals()[name](**job)}
    except Exception as error:
        response = getattr(error, "response", None)
        told = {
            "raised": type(error).__name__,
            "status": response.status_code if response is not None else None,
            "text": str(error) + (response.text if response is not None else ""),
            "message": getattr(error, "server_message", None),
            "headers": dict(response.headers) if response is not None else {},
        }
    print(json.dumps(told), flush=True)
"""


class Client:
    """The real client, told what to do."""

    def __init__(self, hub: StandIn) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CLIENT],
            env=os.environ | hub.environment() | {"HF_HUB_DISABLE_TELEMETRY": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, name: str, /, **job: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([name, job]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def draw(self, provider: str | None, model: str, **job: Any) -> Any:
        told = self("draw", provider=provider, model=model, **job)
        assert "done" in told, told
        return told["done"]

    def fails(self, provider: str | None, model: str, **job: Any) -> Any:
        told = self("draw", provider=provider, model=model, **job)
        assert "raised" in told, told
        return told

    def close(self) -> None:
        self._process.communicate()
