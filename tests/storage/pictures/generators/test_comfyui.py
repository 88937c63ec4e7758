import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.storage.pictures.generators import comfyui
from avatar_creator.storage.pictures.generators.comfygraph import link_of
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

Nodes = dict[str, Any]


def node(type_: str, **inputs: Any) -> Nodes:
    return {"class_type": type_, "inputs": inputs}


def read(nodes: Nodes) -> Parameters:
    found = comfyui.read(MetadataTexts({"prompt": json.dumps(nodes)}))
    assert found is not None
    assert found.generator == "ComfyUI"
    return found


PLAIN = {
    "3": node("KSampler", seed=5, model=["4", 0], positive=["6", 0], negative=["7", 0], latent_image=["5", 0]),
    "4": node("CheckpointLoaderSimple", ckpt_name="sdxl.safetensors"),
    "5": node("EmptyLatentImage", width=64, height=64, batch_size=1),
    "6": node("CLIPTextEncode", text="a face", clip=["4", 1]),
    "7": node("CLIPTextEncode", text="blurry", clip=["4", 1]),
    "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
    "9": node("SaveImage", images=["8", 0]),
}
FOUND = Parameters("ComfyUI", "a face", "blurry", 5, "sdxl.safetensors")
FLUX = PLAIN | {
    "3": node("SamplerCustomAdvanced", noise=["25", 0], guider=["22", 0], latent_image=["5", 0]),
    "4": node("UNETLoader", unet_name="flux1-dev.safetensors"),
    "22": node("BasicGuider", model=["30", 0], conditioning=["26", 0]),
    "25": node("RandomNoise", noise_seed=5),
    "26": node("FluxGuidance", guidance=3.5, conditioning=["6", 0]),
    "30": node("ModelSamplingFlux", max_shift=1.15, model=["31", 0]),
    "31": node("LoraLoaderModelOnly", lora_name="realism.safetensors", model=["4", 0]),
}


def positive(*links: object, **nodes: Nodes) -> Nodes:
    """Return the plain graph with other nodes between sampler and text."""
    sampler = PLAIN["3"]["inputs"]
    return PLAIN | {"3": node("KSampler", **{**sampler, "positive": links[0]})} | nodes


def test_the_plain_graph_is_read() -> None:
    assert read(PLAIN) == FOUND


def test_flux_is_read_behind_guider_and_noise() -> None:
    assert read(FLUX) == Parameters("ComfyUI", "a face", None, 5, "flux1-dev.safetensors")


def test_a_guider_with_a_negative_prompt_tells_it() -> None:
    guider = node("CFGGuider", model=["4", 0], positive=["6", 0], negative=["7", 0], cfg=3)
    assert read(FLUX | {"22": guider}).negative_prompt == "blurry"


@pytest.mark.parametrize(
    "nodes",
    [
        positive(["20", 0], **{"20": node("FluxGuidance", guidance=3.5, conditioning=["6", 0])}),
        positive(
            ["20", 0], **{"20": node("ControlNetApply", conditioning=["6", 0], control_net=["7", 0], image=["5", 0])}
        ),
        positive(
            ["20", 0],
            **{"20": node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0], control_net=["4", 0])},
        ),
        positive(["20", 0], **{"20": node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["7", 0])}),
        positive(["20", 0], **{"20": node("ConditioningConcat", conditioning_to=["6", 0], conditioning_from=["7", 0])}),
        positive(["20", 0], **{"20": node("SomebodysOwn", strength=0.5, mode="linear", whatever=["6", 0])}),
        positive(["20", 0], **{"20": node("CLIPTextEncodeFlux", clip_l="a", t5xxl="a face", guidance=3.5)}),
        positive(["20", 0], **{"20": node("CLIPTextEncodeFlux", clip_l="a face", t5xxl="", guidance=3.5)}),
        positive(["20", 0], **{"20": node("CLIPTextEncodeSDXL", width=64, text_g="a face", text_l="a")}),
        positive(["20", 0], **{"20": node("CLIPTextEncodeSD3", clip_l="a", clip_g="a", t5xxl="a face")}),
        positive(["20", 0], **{"20": node("TextEncodeQwenImageEdit", prompt="a face", image=["5", 0])}),
        positive(["20", 0], **{"20": node("CLIPTextEncodeLumina2", system_prompt="superior", user_prompt="a face")}),
        positive(["20", 0], **{"20": node("ImpactWildcardEncode", wildcard_text="a __x__", populated_text="a face")}),
        positive(
            ["20", 0], **{"20": node("CLIPTextEncode", text=["21", 0]), "21": node("PrimitiveString", value="a face")}
        ),
        positive(
            ["20", 0], **{"20": node("CLIPTextEncode", text=["21", 0]), "21": node("String Literal", string="a face")}
        ),
        positive(
            ["20", 0], **{"20": node("CLIPTextEncode", text=["21", 0]), "21": node("ShowText|pysssss", text=["6", 0])}
        ),
        positive(["20", 0], **{"20": node("Power Prompt (rgthree)", prompt="a face", opt_clip=["4", 1])}),
        positive(
            ["20", 0], **{"20": node("CLIPTextEncode", text=["21", 0]), "21": node("Text Concatenate", text_a="a face")}
        ),
        positive(
            ["20", 0],
            **{
                "20": node("CLIPTextEncode", text=["21", 0]),
                "21": node("SDXLPromptStyler", text_positive="a face", text_negative="blurry", style="none"),
            },
        ),
        positive(
            ["20", 4],
            **{
                "20": node("Context (rgthree)", base_ctx=["21", 0]),
                "21": node("Context (rgthree)", positive=["6", 0], negative=["7", 0], seed=1),
            },
        ),
        positive(["20", 1], **{"20": node("Efficient Loader", ckpt_name="x", positive="a face", negative="blurry")}),
    ],
)
def test_the_way_to_the_prompt_may_be_long(nodes: Nodes) -> None:
    assert read(nodes) == FOUND


def test_negative_prompts_that_were_not_used_are_not_told() -> None:
    zeroed = PLAIN | {"7": node("ConditioningZeroOut", conditioning=["6", 0])}
    assert read(zeroed).negative_prompt is None
    empty = PLAIN | {"7": node("CLIPTextEncode", text="", clip=["4", 1])}
    assert read(empty).negative_prompt is None
    one = node("Own Encoder", prompt="a face", negative_prompt="")
    assert read(PLAIN | {"6": one, "7": one}).negative_prompt is None


@pytest.mark.parametrize(
    "seed",
    [
        node("Seed (rgthree)", seed=5),
        node("PrimitiveInt", value=5),
        node("Int Literal", int=5),
        node("Reroute", anything=["41", 0]),
    ],
)
def test_the_seed_may_stand_elsewhere(seed: Nodes) -> None:
    sampler = PLAIN["3"]["inputs"]
    found = read(
        PLAIN | {"3": node("KSampler", **{**sampler, "seed": ["40", 0]}), "40": seed, "41": node("S", seed="5")}
    )
    assert found == FOUND


def test_of_several_samplers_the_first_one_counts() -> None:
    second = node("KSampler", seed=99, model=["4", 0], positive=["7", 0], negative=["7", 0], latent_image=["21", 0])
    later = {"20": second, "21": node("LatentUpscale", samples=["3", 0]), "8": node("VAEDecode", samples=["20", 0])}
    assert read(later | PLAIN | later) == FOUND
    unused = node("KSampler", seed=99, model=["4", 0], positive=["7", 0], negative=["6", 0], latent_image=["5", 0])
    assert read({"1": unused} | PLAIN) == FOUND


def test_a_seed_that_decided_nothing_is_passed_over() -> None:
    sampler = {**PLAIN["3"]["inputs"], "noise_seed": 0, "add_noise": "disable", "latent_image": ["20", 0]}
    composite = {"20": node("LatentComposite", samples_to=["21", 0]), "21": PLAIN["3"]}
    assert read(PLAIN | {"3": node("KSamplerAdvanced", **sampler)} | composite) == FOUND
    refined = {"20": PLAIN["3"], "3": node("KSamplerAdvanced", **sampler)}
    assert read(PLAIN | refined) == FOUND
    silent = node("SamplerCustomAdvanced", noise=["40", 0], guider=["22", 0], latent_image=["20", 0])
    assert read(FLUX | {"20": FLUX["3"], "3": silent, "40": node("DisableNoise")}).seed == 5


def test_samplers_of_extensions_are_known_by_their_name() -> None:
    nodes = {
        "1": node("WanVideoSampler", seed=5, model=["2", 0], text_embeds=["3", 0], image_embeds=["9", 0]),
        "2": node("WanVideoModelLoader", model="sdxl.safetensors", base_precision="fp16"),
        "3": node("WanVideoTextEmbedBridge", positive=["6", 0], negative=["7", 0]),
        "6": PLAIN["6"],
        "7": PLAIN["7"],
        "9": node("LoadImage", image="photo.png"),
    }
    assert read(nodes) == FOUND


def test_bundles_are_opened() -> None:
    pipe = node("ToBasicPipe", model=["4", 0], clip=["4", 1], vae=["4", 2], positive=["6", 0], negative=["7", 0])
    assert read(PLAIN | {"3": node("ImpactKSamplerBasicPipe", seed=5, basic_pipe=["20", 0]), "20": pipe}) == FOUND


def test_services_take_it_all_in_one_node() -> None:
    nodes = {
        "1": node("FluxProUltraImageNode", prompt="a face", seed=5, raw=False),
        "9": node("SaveImage", images=["1", 0]),
    }
    assert read(nodes) == Parameters("ComfyUI", "a face", None, 5)


def test_models_come_with_their_pictures() -> None:
    loader = node("CheckpointLoader|pysssss", ckpt_name={"content": "sdxl.safetensors", "image": None})
    assert read(PLAIN | {"4": loader}) == FOUND


def test_it_is_read_wherever_it_stands() -> None:
    text = json.dumps(PLAIN)
    assert comfyui.read(MetadataTexts(named={"prompt": text, "workflow": "{}"})) == FOUND
    assert comfyui.read(MetadataTexts({"Prompt": text})) == FOUND
    assert comfyui.read(MetadataTexts(comment=json.dumps({"prompt": PLAIN, "workflow": {}}))) == FOUND
    assert comfyui.read(MetadataTexts(comment=json.dumps({"prompt": text}))) == FOUND


def editor(type_: str, id_: int, values: Any, mode: int = 0, **links: int) -> Nodes:
    sockets = [{"name": name, "type": "*", "link": link} for name, link in links.items()]
    return {"id": id_, "type": type_, "mode": mode, "inputs": sockets, "widgets_values": values}


WORKFLOW: Nodes = {
    "nodes": [
        editor("KSampler", 3, [5, "randomize", 20, 8, "euler", "normal", 1], model=1, positive=2, negative=3),
        editor("CheckpointLoaderSimple", 4, ["sdxl.safetensors"]),
        editor("CLIPTextEncode", 6, ["a face"], clip=4),
        editor("CLIPTextEncode", 7, ["blurry"], clip=4),
        editor("SaveImage", 9, ["ComfyUI"], images=5),
    ],
    "links": [
        [1, 4, 0, 3, 0, "MODEL"],
        [2, 6, 0, 3, 1, "C"],
        [3, 7, 0, 3, 2, "C"],
        [4, 4, 1, 6, 0, "CLIP"],
        [5, 3, 0, 9, 0, "I"],
    ],
    "version": 0.4,
}


def changed(nodes: dict[int, Nodes], *links: list[Any]) -> Nodes:
    kept = [one for one in WORKFLOW["nodes"] if one["id"] not in nodes]
    numbers = {link[0] for link in links}
    return WORKFLOW | {
        "nodes": [*kept, *nodes.values()],
        "links": [*(link for link in WORKFLOW["links"] if link[0] not in numbers), *links],
    }


@pytest.mark.parametrize(
    "workflow",
    [
        WORKFLOW,
        WORKFLOW
        | {
            "links": [
                {
                    "id": link[0],
                    "origin_id": link[1],
                    "origin_slot": link[2],
                    "target_id": link[3],
                    "target_slot": link[4],
                }
                for link in WORKFLOW["links"]
            ]
        },
        changed(
            {6: editor("Reroute", 6, None, **{"": 9}), 16: editor("Text Multiline", 16, ["a face"])},
            [9, 16, 0, 6, 0, "*"],
        ),
        changed(
            {
                6: editor("ControlNetApply", 6, [0.5], mode=4, conditioning=9),
                16: editor("CLIPTextEncode", 16, ["a face"]),
            },
            [9, 16, 0, 6, 0, "C"],
        ),
        changed(
            {
                6: editor("CLIPTextEncode", 6, ["stale"], text=9),
                16: editor("PrimitiveNode", 16, ["a face", "fixed"]),
            },
            [9, 16, 0, 6, 0, "STRING"],
        ),
        changed(
            {
                6: editor("GetNode", 6, ["words"]),
                15: editor("SetNode", 15, ["words"], CONDITIONING=9),
                16: editor("CLIPTextEncodeFlux", 16, ["a", "a face", 3.5], clip=4),
            },
            [9, 16, 0, 15, 0, "C"],
        ),
        changed({6: editor("Own Encoder", 6, {"text": "a face", "strength": 1})}),
        changed({4: editor("Some Loader", 4, ["v1.yaml", "sdxl.safetensors"])}),
        changed({30: editor("KSampler", 30, [99, "fixed"], mode=2, positive=3, negative=2)}),
        {
            **changed({6: editor("0b5f-uuid", 6, [], clip=4)}),
            "definitions": {
                "subgraphs": [
                    {
                        "id": "0b5f-uuid",
                        "inputs": [{"name": "clip"}],
                        "nodes": [editor("CLIPTextEncode", 1, ["a face"], clip=1)],
                        "links": [
                            {"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 1, "target_slot": 0},
                            {"id": 2, "origin_id": 1, "origin_slot": 0, "target_id": -20, "target_slot": 0},
                        ],
                    }
                ]
            },
        },
    ],
)
def test_the_editors_form_is_read_where_there_is_no_other(workflow: Nodes) -> None:
    assert comfyui.read(MetadataTexts({"workflow": json.dumps(workflow)})) == FOUND
    assert comfyui.read(MetadataTexts({"workflow": json.dumps(workflow), "prompt": '{"1": {}}'})) == FOUND


@pytest.mark.parametrize(
    "text",
    [
        {"workflow": "Invoice approval v3"},
        {"prompt": "a face in plain words"},
        {"prompt": '{"question": "a face?"}'},
        {"workflow": '{"nodes": [{"id": "a1", "type": "n8n-nodes-base.httpRequest"}], "connections": {}}'},
        {"workflow": '{"nodes": [], "links": []}'},
        {"prompt": "{}", "workflow": "{}"},
    ],
)
def test_other_programs_have_workflows_and_prompts_too(text: dict[str, str]) -> None:
    assert comfyui.read(MetadataTexts(text)) is None


def test_circles_end() -> None:
    circle = {
        "3": node(
            "KSampler", seed=["3", 0], positive=["6", 0], negative=["6", 0], model=["3", 0], latent_image=["3", 0]
        ),
        "6": node("CLIPTextEncode", text=["7", 0]),
        "7": node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["7", 0]),
    }
    assert read(circle) == Parameters("ComfyUI")


def test_the_work_on_hostile_graphs_grows_no_faster_than_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def counting(value: object) -> str | None:
        nonlocal looks
        looks += 1
        return link_of(value)

    def looks_at(size: int) -> int:
        nonlocal looks
        looks = 0
        chain = {str(i): node("Reroute", anything=[str(i + 1), 0]) for i in range(4 * size)}
        samplers = {f"s{i}": node("KSampler", seed=["0", 0], positive=["0", 0], negative=["0", 0]) for i in range(size)}
        assert read(chain | samplers).prompt is None
        assert read(samplers | chain).prompt is None
        return looks

    monkeypatch.setattr(comfyui, "link_of", counting)
    small, large = looks_at(100), looks_at(300)
    assert 0 < large < 3.1 * small
    assert looks_at(20_000) < 50 * small  # of more than so many nodes only the first are looked at


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["class_type", "inputs", "id", "type", "link", "name", "positive", "seed"]), inner
        )
    ),
    max_leaves=20,
)
VALUES = JSON | st.tuples(st.sampled_from(["1", "2", "3", 1]), st.integers(0, 2)).map(list)
NAMES = st.sampled_from(
    ["positive", "negative", "seed", "noise", "guider", "model", "text", "conditioning", "samples", "pipe"]
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("123"),
        JSON
        | st.fixed_dictionaries(
            {"class_type": st.sampled_from(["KSampler", "X"]), "inputs": st.dictionaries(NAMES, VALUES)}
        ),
    )
)
def test_any_graph_can_be_read(nodes: Nodes) -> None:
    comfyui.read(MetadataTexts({"prompt": json.dumps(nodes)}))


SOCKET = st.fixed_dictionaries({"name": NAMES | JSON, "link": st.integers(0, 3) | JSON, "widget": JSON})
EDITED = st.fixed_dictionaries(
    {
        "id": st.integers(0, 3) | JSON,
        "type": st.sampled_from(["KSampler", "SetNode", "GetNode", "PrimitiveNode", "sub"]) | JSON,
        "inputs": st.lists(SOCKET, max_size=3) | JSON,
        "widgets_values": st.lists(JSON, max_size=3) | JSON,
        "mode": JSON,
    }
)
DRAWN = {
    "nodes": st.lists(EDITED | JSON, max_size=4) | JSON,
    "links": st.lists(st.tuples(*[st.sampled_from([0, 1, 2, 3, -1, -10, -20])] * 5).map(list) | JSON, max_size=4),
    "inputs": JSON,
}


@settings(deadline=None)
@given(
    st.fixed_dictionaries(DRAWN),
    st.fixed_dictionaries(DRAWN | {"id": st.just("sub")}),
)
def test_any_workflow_can_be_read(workflow: Nodes, subgraph: Nodes) -> None:
    workflow["definitions"] = {"subgraphs": [subgraph]}
    comfyui.read(MetadataTexts({"workflow": json.dumps(workflow)}))
