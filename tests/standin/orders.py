"""An inference call that was taken, on its way from the request to the picture."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .behaviour import Outcome
from .pictures import Encoded, Wish
from .record import Made
from .repos import Repo
from .schema import Problem, Refused, Schema
from .wire import Answer, Request


@dataclass
class Order:
    """A wish with an id, and what became of it; ``urls`` are empty where pictures come with the answer."""

    id: str
    wish: Wish
    ready_at: float
    outcome: Outcome = "made"
    error: str = ""
    flagged: bool = False
    # What its model failed with, where the provider says so only when it is asked.
    failure: Answer | None = None
    made: Made | None = None
    begun_at: float = 0.0
    withdrawn: bool = False
    pictures: list[Encoded] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)


class Provider(ABC):
    """Who makes pictures: what it takes, and how it answers."""

    name: str
    host = ""
    # Where its pictures are downloaded from, if they do not come with the answer.
    cdn = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Its own hosts, which take its own keys."""
        return (self.host,) if self.host else ()

    def answers_first(self, request: Request) -> bool:  # noqa: ARG002
        """Tell whether it answers before the picture is made, and is asked again."""
        return False

    @abstractmethod
    def find_model(self, path: str, body: Any) -> str | None:
        """Return the model that a request is for, by the provider's name."""

    @abstractmethod
    def find_schema(self, model: str) -> Schema | None:
        """Return what the model takes."""

    @abstractmethod
    def wish(self, model: str, body: Any, mappings: Mapping[str, Repo], seed: int) -> Wish:
        """Return what a valid body asks for; ``seed`` is for those that name none."""

    @abstractmethod
    def refusal(self, problems: list[Problem]) -> Answer:
        """Say what is wrong with a request."""

    @abstractmethod
    def answer(self, order: Order) -> Answer:
        """Say what became of an order."""

    def first_answer(self, order: Order) -> Answer:
        """Say that an order is taken, before its picture is made."""
        return self.answer(order)

    def inputs(self, body: Any) -> Any:
        """Return the part of a body that the schema is about."""
        return body

    def read(self, model: str, request: Request, mappings: Mapping[str, Repo], seed: int) -> Wish:
        """Return what a request asks for, if it is valid to the letter."""
        schema = self.find_schema(model)
        if schema is None:
            self.refuse(Problem("model", f"{model} is not known"))
        elif problems := schema.problems(self.inputs(request.body)):
            raise Refused(self.refusal(problems))
        return self.wish(model, request.body, mappings, seed)

    def refuse(self, *problems: Problem) -> NoReturn:
        raise Refused(self.refusal(list(problems)))

    def find_order(self, path: str) -> str:
        """Return the id of the order that a poll is about."""
        return path.rpartition("/predictions/")[2].partition("/")[0]

    def poll(self, order: Order, request: Request, now: float) -> Answer:  # noqa: ARG002
        """Say how far an order is; most providers are never asked."""
        raise AssertionError(f"{self.name} is asked about {order.id} at {now}, which no client does")
