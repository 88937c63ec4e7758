"""Where attempts run: what every executor is given."""

import pickle
from dataclasses import replace

from scripted import claimed, request

from avatar_creator.domain.persona import Persona
from avatar_creator.jobs.attempt import Task
from avatar_creator.library import Library


def test_a_task_can_go_to_another_process(library: Library) -> None:
    persona = Persona("Ann", 30, ("calm",), "She sails.")
    task = Task(claimed(library), replace(request(), persona=persona))
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - it is our own
