"""Lorelei."""

from avatar_creator.domain.license import CC0
from avatar_creator.engines.offline.art.elements import color, dotted, drawing, outlined, path, recolored
from avatar_creator.engines.offline.art.style import ArtStyle, Definition, Part

_BEARDS = {
    "trimmed": "M32 50C44 110 70 160 120 192C170 222 220 236 262 250C330 240 388 205 404 128L392 80C372 66 340 62 318"
    " 72C296 60 226 62 190 88C150 114 90 112 32 50ZM178 102C212 90 312 86 346 76C352 122 300 154 252 152C212 150 182"
    " 132 178 102Z",
    "moustache": "M186 96C212 64 268 58 298 70C328 60 350 66 362 84C338 80 316 86 296 84C258 80 222 88 186 96Z",
}
_STUBBLE = (
    "M46 78C70 150 130 205 262 238C320 226 372 190 392 118",
    "M80 108C110 164 170 200 262 212C316 202 354 170 370 118",
    "M122 118C146 158 196 182 258 186C302 180 332 160 348 130",
    "M204 78C230 68 300 66 336 72",
)
_TUFTED = "variant34"


def _extended(definition: Definition) -> Definition:
    """Return the definition with hair that has an outline, a bald head, and beards of the size of a face."""
    components = definition["components"]
    hair, beards = components["hair"]["variants"], components["beard"]["variants"]
    hair["bald"] = drawing(*(one for one in hair[_TUFTED]["elements"] if one["type"] == "component"))
    beards |= {name: drawing(path(d, fill=color("hair"), fill_rule="evenodd")) for name, d in _BEARDS.items()}
    for name in ("hair", "beard"):
        components[name] = outlined(components[name], ("hair",), "outline", "6")
    components["beard"] = recolored(components["beard"], {"hair": "beard"})
    components["beard"]["variants"]["stubble"] = drawing(*(dotted(d, "beard", "8") for d in _STUBBLE))
    definition["colors"]["beard"] = definition["colors"]["hair"]
    return definition


LORELEI = ArtStyle(
    name="lorelei",
    terms=CC0,
    hair_component="hair",
    hair={
        "variant01": "m short straight",
        "variant02": "m short shaggy",
        "variant03": "m n short quiff",
        "variant04": "m n short spiky quiff",
        "variant05": "n short curly",
        "variant06": "n short shaggy fringe F",
        "variant07": "m short shaggy fringe bowl",
        "variant08": "m short quiff",
        "variant09": "m short curly coily",
        "variant10": "f n medium mullet shaggy",
        "variant11": "m n short shaggy",
        "variant12": "m n short straight side-part F",
        "variant13": "f medium straight bob fringe",
        "variant14": "f bun fringe",
        "variant15": "f n long straight M",
        "variant16": "f n long straight fringe M",
        "variant17": "f n medium shaggy mullet layered",
        "variant18": "f n medium wavy curly shaggy layered",
        "variant19": "f medium straight bob fringe",
        "variant20": "m n medium shaggy spiky layered",
        "variant21": "f n long straight shaggy M",
        "variant22": "m short curly",
        "variant23": "f medium straight fringe",
        "variant24": "f n medium curly wavy coily",
        "variant25": "balding",
        "variant26": "buns",
        "variant27": "mohawk spiky",
        "variant28": "balding",
        "variant29": "f ponytail wavy",
        "variant30": "pigtails fringe",
        "variant31": "f ponytail long",
        "variant32": "f medium wavy bob",
        "variant33": "f ponytail long straight",
        "bald": "bald",
        "variant35": "f n long wavy curly M",
        "variant36": "f n ponytail short",
        "variant37": "f n medium wavy",
        "variant38": "f n bun",
        "variant39": "m n short curly coily afro F",
        "variant40": "f medium straight",
        "variant42": "f n ponytail fringe wavy",
        "variant43": "m n short straight fringe pixie F bowl",
        "variant44": "m short curly coily twists",
        "variant45": "f bun shaggy",
        "variant46": "f bun fringe",
        "variant47": "m short straight buzz side-part",
        "variant48": "f ponytail fringe",
    },
    parts=(
        Part("face", "head", {"": "variant01 variant02 variant03 variant04"}),
        Part("face", "nose", {"": "variant01 variant02 variant03 variant04 variant05 variant06"}),
        Part(
            "expression",
            "eyes",
            {
                "": "variant02 variant10 variant12 variant20 variant23",
                "asleep": "variant19",
                "wink": "variant15",
                "tired": "variant03",
                "surprised": "variant05",
                "angry": "variant08",
            },
        ),
        Part(
            "expression",
            "eyebrows",
            {
                "": "variant02 variant05 variant07 variant10",
                "sad": "variant01",
                "angry": "variant12 variant13",
                "worried": "variant01",
                "disgusted": "variant12",
            },
        ),
        Part(
            "expression",
            "mouth",
            {
                "": "happy01 happy02 happy10",
                "smile": "happy01 happy05 happy06",
                "laugh": "happy16",
                "calm": "happy14",
                "serious": "sad09",
                "sad": "sad04",
                "angry": "sad05",
                "surprised": "sad01",
                "smirk": "happy10 happy13",
                "silly": "happy09",
                "neutral": "sad09 happy14",
                "worried": "sad06 sad07",
                "disgusted": "sad08",
                "proud": "happy14 happy10",
                "excited": "happy16 happy05",
                "confused": "sad04",
            },
        ),
        Part(
            "facial hair",
            "beard",
            {"stubble": "stubble", "beard": "trimmed", "long beard": "variant02", "moustache": "moustache"},
        ),
        Part(
            "glasses",
            "glasses",
            {
                "glasses": "variant01 variant03 variant04",
                "round glasses": "variant01",
                "rectangular glasses": "variant03 variant04",
                "sunglasses": "variant02",
            },
        ),
        Part("glasses", "eyes", {"sunglasses": "-"}),
        Part("headwear", "hairAccessories", {"flowers": "flowers"}),
        Part("earrings", "earrings", {"stud": "variant01 variant02", "hoop": "variant03"}),
    ),
    colors={
        "skin": "skin",
        "hair": "hair",
        "eyes": "bare eyes",
        "eyebrows": "brows",
        "glasses": "frames",
        "earrings": "jewellery",
        "hairAccessories": "headwear",
        "beard": "beard",
    },
    extend=_extended,
)
