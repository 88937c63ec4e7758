"""Contact sheets, beside the bare loop that Pillow's manual suggests."""

from avatar_creator.home import HOME_VARIABLE
from benchmarks.commands import AVATAR
from benchmarks.measure import PYTHON, Pair, command
from benchmarks.setting import Setting

_PICTURES = 200
_LOOP = """
import sys
from pathlib import Path
from PIL import Image, ImageDraw, ImageFont
files = sorted(Path(sys.argv[1]).rglob("*.thumb.jpg"))
rows = -(-len(files) // 18)
page = Image.new("RGB", (18 * 220 + 60, rows * 247 + 80), "white")
draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
for n, file in enumerate(files):
    x, y = 40 + n % 18 * 220, 40 + n // 18 * 247
    with Image.open(file) as image:
        page.paste(image.convert("RGB").resize((200, 200)), (x, y))
    draw.text((x + 100, y + 215), f"{file.stem[:14]}, 29", "black", font, anchor="ms")
page.save(sys.argv[2])
"""


def sheet(setting: Setting) -> Pair:
    """Write the thumbnails of 200 people with a caption each into one JPEG."""
    home = {HOME_VARIABLE: setting.scratch / "sheet-home"}
    pictures = setting.scratch / "sheet-home" / "pictures"
    command((AVATAR, "cast", str(_PICTURES), "--width", "300", "--height", "300", "--quiet"), variables=home)()
    return Pair(
        command((AVATAR, "sheet", "--output", setting.scratch / "ours.jpg"), variables=home),
        command((PYTHON, "-c", _LOOP, pictures, setting.scratch / "loop.jpg")),
    )
