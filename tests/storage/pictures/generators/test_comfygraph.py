from typing import Any

import pytest

from avatar_creator.storage.pictures.generators.comfygraph import Node, link_of, of_prompt, of_workflow


def drawn(*nodes: Any, links: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"nodes": list(nodes), "links": links or [], **more}


@pytest.mark.parametrize(
    ("value", "id_"),
    [(["6", 0], "6"), ([6, 0], "6"), (["6", "0"], None), (["6"], None), ("6", None), (6, None), (None, None)],
)
def test_a_link_is_an_id_and_a_number(value: object, id_: str | None) -> None:
    assert link_of(value) == id_


def test_what_was_run_is_taken_as_it_is() -> None:
    nodes = {"1": {"class_type": "X", "inputs": {"text": "a"}}, "2": {"class_type": "Y"}, "3": 5, "4": {"inputs": {}}}
    assert of_prompt(nodes) == {"1": Node("1", "X", {"text": "a"})}


@pytest.mark.parametrize(
    ("node", "inputs"),
    [
        ({"type": "KSampler", "widgets_values": [5, "randomize", 20]}, {"seed": 5}),
        ({"type": "RandomNoise", "widgets_values": [5, "fixed"]}, {"noise_seed": 5}),
        ({"type": "CLIPTextEncodeFlux", "widgets_values": ["a", "b", 3.5]}, {"clip_l": "a", "t5xxl": "b"}),
        ({"type": "PrimitiveNode", "widgets_values": [5, "fixed"]}, {"value": 5}),
        ({"type": "PrimitiveNode", "widgets_values": ["a"]}, {"text": "a"}),
        ({"type": "Seed (rgthree)", "widgets_values": [5, "", ""]}, {"value": 5}),
        ({"type": "Some GGUF Loader", "widgets_values": ["on", "m.gguf"]}, {"model_name": "m.gguf"}),
        ({"type": "LoraLoader", "widgets_values": ["l.safetensors", 1]}, {}),
        ({"type": "ConditioningSetMask", "widgets_values": [1, "default"]}, {}),
        ({"type": "Any", "widgets_values": {"text": "a"}}, {"text": "a"}),
        ({"type": "Any", "widgets_values": "a"}, {}),
        ({"type": "Any"}, {}),
        (
            {
                "type": "Any",
                "inputs": [{"name": "clip", "link": 1}, {"name": "words", "widget": {"name": "words"}}],
                "widgets_values": ["a"],
            },
            {"words": "a"},
        ),
        ({"type": "Any", "inputs": [{"name": 5}, 6, {"name": "x", "link": 99}]}, {}),
    ],
)
def test_the_editor_keeps_values_without_names(node: dict[str, Any], inputs: dict[str, Any]) -> None:
    assert of_workflow(drawn(node | {"id": 1})) == {"1": Node("1", node["type"], inputs)}


def test_links_have_two_forms_and_any_damage() -> None:
    socket = [{"name": name, "link": number} for number, name in enumerate("abc", 1)]
    links = [[1, 7, 0, 1, 0, "X"], {"id": 2, "origin_id": 8, "origin_slot": 1}, ["3", 9, 0], 5, [4]]
    graph = of_workflow(drawn({"id": 1, "type": "T", "inputs": socket}, links=links))
    assert graph["1"].inputs == {"a": ["7", 0], "b": ["8", 1]}


def test_a_subgraph_may_lead_nowhere() -> None:
    outside = [{"id": 1, "origin_id": -10, "origin_slot": slot, "target_id": 1} for slot in (3, -1)]
    inside = {"id": 2, "origin_id": 1, "origin_slot": 0, "target_id": 1}
    inner = {"id": "s", "nodes": [{"id": 1, "type": "T"}], "links": [*outside, inside, 5]}
    graph = of_workflow(drawn({"id": 4, "type": "s"}, definitions={"subgraphs": [inner, 5, {"id": 6}]}))
    assert graph == {"4:1": Node("4:1", "T", {}), "4": Node("4", "", {"value": None})}
    itself = inner | {"nodes": [{"id": 1, "type": "s"}]}
    assert set(of_workflow(drawn({"id": 4, "type": "s"}, definitions={"subgraphs": [itself]}))) == {"4:1", "4"}


def test_graphs_are_bounded() -> None:
    assert len(of_workflow(drawn(*({"id": n, "type": "T"} for n in range(20_000))))) == 10_000
    assert len(of_prompt({str(n): {"class_type": "T", "inputs": {}} for n in range(20_000)})) == 10_000


@pytest.mark.parametrize("definitions", [None, 5, [], {}, {"subgraphs": 5}])
def test_definitions_may_be_missing(definitions: object) -> None:
    assert set(of_workflow(drawn({"id": 1, "type": "T"}, definitions=definitions))) == {"1"}
