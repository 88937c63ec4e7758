"""Commands as they may be shown: no value of a variable, and all else."""

import pytest

from avatar_creator.domain.assignments import without_values


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("here", "here"),
        ("  ssh  'gpu 2'  avatar ", "  ssh  'gpu 2'  avatar "),
        ("HF_TOKEN=x here", "HF_TOKEN=*** here"),
        ("A='b c' B=\"d\" ssh 'gpu 2' avatar", "A=*** B=*** ssh 'gpu 2' avatar"),
        ("ssh gpu2 env TOKEN=x avatar engine-process", "ssh gpu2 env TOKEN=*** avatar engine-process"),
        ("ssh gpu2 'env TOKEN=x avatar engine-process'", "ssh gpu2 'env TOKEN=*** avatar engine-process'"),
        ("ssh gpu2 'TOKEN=x avatar'", "ssh gpu2 TOKEN=***"),
        ("sh -c 'ssh gpu2 \"env A=b\"'", "sh -c 'ssh gpu2 '\"'\"'env A=***'\"'\"''"),
        ("docker run -eTOKEN=x --env=TOKEN=x image", "docker run -eTOKEN=*** --env=TOKEN=*** image"),
        ("srun --export=ALL,A=x,B=y --gpus=1 avatar", "srun --export=ALL,A=*** --gpus=1 avatar"),
        ("run --api-key=x --gpus=1", "run --api-key=*** --gpus=1"),
        ("curl http://host/?a=x", "curl http://host/?a=***"),
        ("CUDA_VISIBLE_DEVICES=0,1 here", "CUDA_VISIBLE_DEVICES=0,1 here"),
        ("CUDA_VISIBLE_DEVICES=0 A=x here", "CUDA_VISIBLE_DEVICES=0 A=*** here"),
        ("ssh hf_abcdefgh avatar", "ssh hf_*** avatar"),
        ("A= here", "A=*** here"),
        ("1A=x here", "1A=*** here"),
        ("ssh 'gpu2 A=b c", "ssh ''\"'\"'gpu2' A=***"),
    ],
)
def test_it_leaves_out_values(command: str, shown: str) -> None:
    assert without_values(command) == shown
    assert without_values(shown) == shown, "names are read again by other processes"
