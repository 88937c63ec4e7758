"""A web service that makes avatars and shows them.

usage: uvicorn --app-dir examples web:app
       gunicorn --preload --workers 4 --worker-class uvicorn.workers.UvicornWorker --chdir examples web:app
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from avatar_creator import AvatarError, Library, Persona, open_library

_STATUS = {"invalid": 400, "not_found": 404, "not_configured": 503, "engine_busy": 503, "storage": 503}

app = FastAPI()


def library() -> Iterator[Library]:
    """Open a library for one request: it may be opened, used and closed by three threads."""
    with open_library() as opened:
        yield opened


OpenLibrary = Annotated[Library, Depends(library)]


@app.exception_handler(AvatarError)
def refuse(_: Request, error: AvatarError) -> JSONResponse:
    return JSONResponse({"code": error.code, "message": error.message}, _STATUS.get(error.code, 500))


@app.post("/avatars", status_code=201)
def make(name: str, seed: int, library: OpenLibrary) -> dict[str, object]:
    avatar = library.generate(persona=Persona(name), seed=seed, width_px=256, height_px=256)
    library.record_usage(avatar.id, app="web", action="made")
    return {"id": avatar.id, "warnings": avatar.warnings}


@app.get("/avatars/{id_}")
def picture(id_: str, library: OpenLibrary) -> Response:
    avatar = library.show(id_)
    return Response(library.picture(avatar), media_type=f"image/{avatar.format}")
