"""Whole pictures of every kind that is read, small, each with another part of its format in it."""

import random
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

_SIZE = (96, 104)
_XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' "
    b"xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' Iptc4xmpExt:DigitalSourceType="
    b"'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'>"
    b"<dc:title><rdf:Alt><rdf:li>t</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
)
_A1111 = "a\nNegative prompt: b\nSteps: 3, Seed: 4, Model: z"
_COMFY = '{"3":{"inputs":{"seed":5,"positive":["6",0],"negative":["7",0]}},"6":{"inputs":{"text":"hi"}}}'


def seeds() -> Mapping[str, bytes]:
    """Return them by name: the same in every run."""
    rgb, rgba, gray = _noise("RGB"), _noise("RGBA"), _noise("L")
    exif, icc, text = _exif(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), _text()
    said = {"exif": exif, "icc_profile": icc, "xmp": _XMP}
    two = {"save_all": True, "append_images": [_noise("RGB", 2)]}
    return {
        "jpeg": _file(rgb, "JPEG"),
        "jpeg-progressive": _file(rgb, "JPEG", progressive=True, quality=30),
        "jpeg-gray": _file(gray, "JPEG"),
        "jpeg-cmyk": _file(rgb.convert("CMYK"), "JPEG", icc_profile=icc),
        "jpeg-said": _file(rgb, "JPEG", comment=b"hi", **said),
        "jpeg-restarts": _file(rgb, "JPEG", restart_marker_blocks=2, exif=exif),
        "jpeg-444": _file(rgb, "JPEG", subsampling=0, optimize=True, xmp=_XMP),
        "png": _file(rgb, "PNG"),
        "png-rgba": _file(rgba, "PNG", exif=exif),
        "png-palette": _file(rgb.quantize(40), "PNG", transparency=3),
        "png-16": _file(gray.convert("I").convert("I;16"), "PNG"),
        "png-gray": _file(gray, "PNG", icc_profile=icc),
        "png-1": _file(gray.convert("1"), "PNG"),
        "png-said": _file(rgb, "PNG", pnginfo=text, icc_profile=icc, exif=exif),
        "png-la": _file(rgba.convert("LA"), "PNG", pnginfo=text),
        "png-moving": _file(rgb, "PNG", **two),
        "webp": _file(rgb, "WEBP"),
        "webp-lossless": _file(rgba, "WEBP", lossless=True),
        "webp-alpha": _file(rgba, "WEBP", quality=40, **said),
        "webp-said": _file(rgb, "WEBP", exif=exif, xmp=_XMP),
        "webp-moving": _file(rgb, "WEBP", **two),
    }


def _noise(mode: str, seed: int = 1) -> Image.Image:
    bands = Image.frombytes("RGBA", (24, 26), random.Random(seed).randbytes(24 * 26 * 4))
    return bands.resize(_SIZE, Image.Resampling.BICUBIC).convert(mode)


def _file(image: Image.Image, known: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, known, **options)
    return file.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "Make", "M"
    detail = exif.get_ifd(0x8769)
    detail[0x9286] = b"ASCII\0\0\0a, b\nSteps: 2, Seed: 5, Model: x"
    detail[0xA005] = {1: "R03"}
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()


def _text() -> PngInfo:
    text = PngInfo()
    text.add_text("parameters", _A1111)
    text.add_text("prompt", _COMFY, zip=True)
    text.add_itxt("XML:com.adobe.xmp", _XMP.decode())
    text.add_itxt("k", "v", zip=True)
    return text
