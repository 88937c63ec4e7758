"""What comes after the picture: a photograph's bytes become files and rows; CPU of one process, per picture.

Ours keeps the bytes, writes marks, thumbnail and row, and syncs both files. The naive way, as in many a web
service: decode, encode again, Pillow's own thumbnail(), SQLModel's add and commit, no file synced.
"""

import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path

from PIL import Image, ImageFilter

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import DigitalSourceType, Embed, Picture, PictureFormat
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.recipe import Recipe
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.home import Home
from avatar_creator.storage import ids
from avatar_creator.storage.database import connect, now
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.pictures.images import PictureStore, StoredPicture
from avatar_creator.storage.pictures.marks import Marks
from avatar_creator.storage.pictures.preparation import prepare
from avatar_creator.storage.rows import NewAvatar
from benchmarks.measure import Cost, Pair, Run
from benchmarks.setting import Setting

_PICTURES = 20  # a round
_SIDE_PX = 1024
_MODEL = "black-forest-labs/FLUX.1-dev"
_PERSONA = Persona("Sarah Johnson", 32, ("warm", "curious"), "Grew up by the sea.")
_ATTRIBUTES = Attributes(gender="female", ethnicity="asian", hair_color="black", style="business-casual")

Keep = Callable[[bytes], float]
"""Keeps one picture, and returns the CPU seconds that took."""


def pipeline(setting: Setting) -> Pair:
    picture = photograph()
    return Pair(*(_worker(maker, setting.scratch / maker.__name__, picture) for maker in (ours, naive)))


def photograph() -> bytes:
    """Return a JPEG that is as hard to decode and to encode as a portrait: soft shapes, fine grain."""
    chance = random.Random(42)
    image = Image.new("RGB", (_SIDE_PX, _SIDE_PX))
    for side, share in ((8, 1.0), (64, 0.3), (512, 0.12)):
        noise = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
        layer = noise.resize(image.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1))
        image = Image.blend(image, layer, share)
    file = BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def ours(folder: Path) -> Keep:
    home = Home(folder)
    home.create()
    connection = connect(home.database, home.backups)
    generations, leases = Generations(connection, home.database), Leases(connection, home.database)
    store = PictureStore(home.pictures)
    for shard in range(256):  # a library in use has all its folders
        (home.pictures / f"{shard:02x}").mkdir(parents=True)
    project = generations.ensure_project("default")
    request = _request()

    def keep(data: bytes) -> float:
        generations.add(NewGeneration(project, request.engine, _MODEL, request.seed, request.as_json()))
        claimed = leases.claim("run_1", [], idle=True)
        assert claimed is not None
        lease = claimed.lease
        begun = time.process_time()
        picture = Picture(data, PictureFormat.JPEG, _SIDE_PX, _SIDE_PX, _MODEL, DigitalSourceType.TRAINED, {})
        recipe = Recipe.of(request.picture(request.seed), picture, engine=request.engine)
        marks = Marks(picture.source, "avatar-creator", request.name, recipe)
        stored = store.save(lease.avatar_id, prepare(data, PictureFormat.JPEG, marks, Embed.RECIPE))
        avatar = _avatar(lease.avatar_id, project, stored, request, generation_id=lease.id)
        leases.complete(lease, avatar)
        return time.process_time() - begun

    return keep


def naive(folder: Path) -> Keep:
    from sqlmodel import Session, create_engine  # noqa: PLC0415 - only this side's process pays for it

    from avatar_creator.storage.tables import AvatarRow  # noqa: PLC0415

    home = Home(folder)
    home.create()
    connection = connect(home.database, home.backups)
    project = Generations(connection, home.database).ensure_project("default")
    connection.close()
    home.pictures.mkdir()
    engine = create_engine(f"sqlite:///{home.database}")
    request = _request()

    def keep(data: bytes) -> float:
        begun = time.process_time()
        id_ = ids.new_id(ids.AVATAR)
        path, thumbnail_path = home.pictures / f"{id_}.jpg", home.pictures / f"{id_}.thumb.jpg"
        image = Image.open(BytesIO(data)).convert("RGB")
        image.save(path, "JPEG", quality=95)
        image.thumbnail((300, 300))
        image.save(thumbnail_path, "JPEG", quality=85)
        sizes = path.stat().st_size, thumbnail_path.stat().st_size
        stored = StoredPicture(path.name, thumbnail_path.name, PictureFormat.JPEG, _SIDE_PX, _SIDE_PX, *sizes, "")
        avatar = _avatar(id_, project, stored, request)
        with Session(engine) as session:
            session.add(AvatarRow(**avatar.values(now())))
            session.commit()
        return time.process_time() - begun

    return keep


def _request() -> GenerationRequest:
    return GenerationRequest(
        project="default",
        engine="huggingface",
        persona=_PERSONA,
        attributes=_ATTRIBUTES,
        prompt=build_prompt(_PERSONA, _ATTRIBUTES, "in a sunlit office"),
        seed=42,
    )


def _avatar(
    id_: str, project: str, stored: StoredPicture, request: GenerationRequest, *, generation_id: str | None = None
) -> NewAvatar:
    return NewAvatar(
        id=id_,
        project_id=project,
        generation_id=generation_id,
        name=request.name,
        persona=request.persona,
        attributes=request.attributes,
        source_type=SourceType.TEXT_TO_IMAGE,
        picture=stored,
        engine=request.engine,
        model=_MODEL,
        prompt=request.prompt.base,
        full_prompt=request.prompt.full,
        negative_prompt=request.prompt.negative,
        seed=request.seed,
        recipe={"steps": 28, "guidance": 3.5},
    )


def _worker(maker: Callable[[Path], Keep], folder: Path, picture: bytes) -> Run:
    """Return the run of one round in a process of its own, which lives as long as this one."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    multiprocessing.get_context("spawn").Process(
        target=_serve, args=(maker, folder, picture, there), daemon=True
    ).start()

    def run() -> Cost:
        here.send(None)
        cost: Cost = here.recv()
        return cost

    return run


def _serve(maker: Callable[[Path], Keep], folder: Path, picture: bytes, connection: Connection) -> None:
    keep = maker(folder)
    with suppress(EOFError):  # the other end is closed: no more rounds
        while True:
            connection.recv()
            begun = time.perf_counter()
            cpu_s = sum(keep(picture) for _ in range(_PICTURES))
            connection.send(Cost((time.perf_counter() - begun) / _PICTURES, cpu_s / _PICTURES))
