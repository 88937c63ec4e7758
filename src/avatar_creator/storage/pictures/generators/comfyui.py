"""ComfyUI: the whole graph of steps that made the picture, walked back from the sampler to texts, seed and model.

A graph may go in circles, miss parts or hold steps of any extension, so that the walk goes by the names of inputs.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from avatar_creator.storage.pictures.generators.comfygraph import Graph, Node, link_of, of_prompt, of_workflow
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, json_object, number_of, text_of

_STEPS_MOST = 2000  # of one walk
_SAMPLERS_MOST = 20  # to begin walks from

_SEEDS = ("noise_seed", "seed")
_NUMBERS = (*_SEEDS, "value", "number", "int", "a")
_MODELS = ("ckpt_name", "unet_name", "model_name", "gguf_name", "model_path")
_POSITIVE = ("positive", "positive_prompt", "text_positive", "prompt_positive")
_NEGATIVE = ("negative", "negative_prompt", "text_negative", "prompt_negative")
# Where one node takes several texts, FLUX's T5 and SDXL's larger encoder get the whole prompt; where it takes several
# conditionings, the first is the one that the others are added to.
_WORDS = (
    *("t5xxl", "text_g", "populated_text", "text", "prompt", "user_prompt", "llama", "clip_g", "clip_l", "text_l"),
    *("string", "string_a", "value", "wildcard_text"),
    *("guider", "conditioning", "conditioning_to", "conditioning_1", "cond", "cond1"),
)
_IS_TEXT = re.compile(r"(?i)text|prompt|string")
_PICTURES = ("samples", "latent_image", "latent", "latents", "pixels", "image", "images")
# What leads away from words, to what makes or is a picture.
_NO_WORDS = re.compile(
    r"(?i)samples|latent|pixels|image|model|clip|vae|mask|control_net|style_model|noise|sampler|sigmas"
)
_BUNDLE = re.compile(r"(?i)pipe|ctx|context")  # one link for model, conditionings and more
_EMPTY = "ConditioningZeroOut"  # gives a conditioning of the same form that says nothing

T = TypeVar("T")
Onward = Callable[[Node], Iterable[Any]]
"""Says which values of a node lead on."""


def read(metadata: MetadataTexts) -> Parameters | None:
    texts = {name.lower(): text for name, text in {**metadata.named, **metadata.text}.items()}
    both = metadata.json_object(metadata.comment)  # some extensions put the two into one comment
    run = metadata.json_object(texts.get("prompt")) or _object(both.get("prompt"))
    found = _of(of_prompt(run))
    if found and (found.prompt or found.seed is not None):
        return found
    return _of(of_workflow(metadata.json_object(texts.get("workflow")) or _object(both.get("workflow")))) or found


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else json_object(text_of(value))


def _of(graph: Graph) -> Parameters | None:
    if not graph:
        return None
    samplers = _samplers(graph)
    return Parameters(
        "ComfyUI",
        _first(text_of(value) for one in samplers for value in _walk(graph, _positive(one), _positive)),
        _first(text_of(value) for one in samplers[:1] for value in _walk(graph, _refused(graph, one), _negative)),
        _first(number_of(value) for one in samplers for value in _walk(graph, _seed(one), _number)),
        _first(text_of(value) for one in samplers for value in _walk(graph, _model(one), _model))
        or _first(text_of(node.inputs.get(name)) for node in graph.values() for name in _MODELS[:2]),
    )


def _samplers(graph: Graph) -> list[Node]:
    """Return the nodes that sample: first the one that began the picture, then those that it depends on, then others.

    Others refine what it made, with seeds that decide little, or have no part in the picture.
    """
    samplers = {node.id: node for node in graph.values() if _samples(node)}
    used = {link_of(value) for node in graph.values() for value in node.inputs.values()}
    ends = sorted((node for node in graph.values() if node.id not in used), key=_saves, reverse=True)

    def found(values: Iterable[Any], onward: Onward) -> Iterator[Node]:
        return (node for node in _walk(graph, values, onward) if isinstance(node, Node) and node.id in samplers)

    chain: list[Node] = []
    last = _first(next(found([[end.id, 0]], _all), None) for end in ends[:_SAMPLERS_MOST])
    while last and len(chain) < _SAMPLERS_MOST:
        chain.insert(0, last)
        last = next((node for node in found(_pictures(last), _pictures) if node not in chain), None)
    ordered = [*found([[chain[0].id, 0]], _all), *chain] if chain else []
    return list({node.id: node for node in (*ordered, *samplers.values())}.values())[:_SAMPLERS_MOST]


def _samples(node: Node) -> bool:
    has_seed = any(name in node.inputs for name in (*_SEEDS, "noise"))
    has_words = any(name in ("guider", "positive", "prompt", "positive_prompt") for name in node.inputs)
    return has_seed and (has_words or "sampler" in node.type.lower() or any(map(_BUNDLE.search, node.inputs)))


def _saves(node: Node) -> bool:
    return "save" in node.type.lower()


def _walk(graph: Graph, values: Iterable[Any], onward: Onward) -> Iterator[Any]:
    """Yield what values lead to, depth first: literals, and each node once, followed by what is onward from it."""
    pending = [*values][::-1]
    seen: set[str] = set()
    for _ in range(_STEPS_MOST):
        if not pending:
            return
        value = pending.pop()
        id_ = link_of(value)
        if id_ is None:
            yield value
        elif id_ in graph and id_ not in seen:
            seen.add(id_)
            yield graph[id_]
            pending += [*onward(graph[id_])][::-1]


def _all(node: Node) -> Iterable[Any]:
    return node.inputs.values()


def _positive(node: Node) -> Iterator[Any]:
    return _words(node, _POSITIVE, _NEGATIVE)


def _negative(node: Node) -> Iterator[Any]:
    return _words(node, _NEGATIVE, _POSITIVE)


def _words(node: Node, wanted: Sequence[str], others: Sequence[str]) -> Iterator[Any]:
    if node.type == _EMPTY:
        return
    if any(name in node.inputs for name in wanted):
        yield from _named(node, wanted)
        return
    yield from _named(node, _WORDS)
    for name, value in node.inputs.items():
        if not (name in _WORDS or name in others or _NO_WORDS.match(name)) and (
            link_of(value) or _IS_TEXT.search(name)
        ):
            yield value


def _refused(graph: Graph, sampler: Node) -> Iterator[Any]:
    """Return where a negative prompt begins. A guider may have none: then what it has is the positive one."""
    guider = graph.get(link_of(sampler.inputs.get("guider")) or "")
    yield from _named(guider or sampler, _NEGATIVE)
    if "negative" not in sampler.inputs:
        bundles = (name for name in sampler.inputs if _BUNDLE.search(name) or name == "text_embeds")
        yield from _named(sampler, bundles)


def _seed(sampler: Node) -> Iterator[Any]:
    if sampler.inputs.get("add_noise") not in ("disable", False):  # else it goes on with the noise of the one before
        yield from _named(sampler, (*_SEEDS, "noise"))


def _number(node: Node) -> Iterator[Any]:
    yield from _named(node, _NUMBERS)
    yield from (value for name, value in node.inputs.items() if name not in _NUMBERS and link_of(value))


def _model(node: Node) -> Iterator[Any]:
    for value in _named(node, _MODELS):
        yield value.get("content") if isinstance(value, Mapping) else value  # with a picture of the model beside it
    for name, value in node.inputs.items():
        leads = name == "guider" or name.startswith(("model", "base_model")) or _BUNDLE.search(name)
        if leads and name not in _MODELS:
            yield value


def _pictures(node: Node) -> Iterator[Any]:
    return _named(node, _PICTURES)


def _named(node: Node, names: Iterable[str]) -> Iterator[Any]:
    return (node.inputs[name] for name in names if name in node.inputs)


def _first(found: Iterable[T | None]) -> T | None:
    return next((one for one in found if one is not None), None)
