"""What people of a cast do and how they live, by age. No table here knows a gender or an ethnicity."""

from typing import NamedTuple


class Occupation(NamedTuple):
    """``least`` is the age from which somebody can have it, as long as its schools and degrees take.

    ``dress`` are the styles of dress that it goes with, all but workwear and formal dress where it is empty.
    """

    title: str
    least: int
    dress: frozenset[str] = frozenset()


_OFFICE = frozenset({"casual", "smart-casual", "business", "business-casual", "professional", "formal"})
_HANDS = frozenset({"workwear", "casual"})
_ARTS = frozenset({"creative", "casual", "smart-casual", "formal"})
_SPORT = frozenset({"sporty", "casual"})

OCCUPATIONS = (
    Occupation("accountant", 23, _OFFICE),
    Occupation("architect", 26),
    Occupation("archivist", 24),
    Occupation("baker", 19, _HANDS),
    Occupation("bank adviser", 21, _OFFICE),
    Occupation("beekeeper", 20, _HANDS),
    Occupation("biologist", 25),
    Occupation("bookseller", 19),
    Occupation("building engineer", 24, _OFFICE | _HANDS),
    Occupation("bus driver", 21),
    Occupation("carpenter", 19, _HANDS),
    Occupation("chef", 20, _HANDS),
    Occupation("civil servant", 21, _OFFICE),
    Occupation("composer", 22, _ARTS),
    Occupation("dancer", 18, _ARTS | _SPORT),
    Occupation("data analyst", 22, _OFFICE),
    Occupation("dentist", 26),
    Occupation("electrician", 19, _HANDS),
    Occupation("event planner", 21),
    Occupation("farmer", 20, _HANDS),
    Occupation("financial analyst", 23, _OFFICE),
    Occupation("fitness coach", 20, _SPORT),
    Occupation("florist", 19, _HANDS | _ARTS),
    Occupation("gardener", 18, _HANDS),
    Occupation("general practitioner", 29),
    Occupation("graphic designer", 21, _ARTS),
    Occupation("hairdresser", 19, _ARTS),
    Occupation("hotel receptionist", 18, _OFFICE),
    Occupation("illustrator", 21, _ARTS),
    Occupation("interpreter", 23),
    Occupation("joiner", 19, _HANDS),
    Occupation("journalist", 23),
    Occupation("judge", 38, _OFFICE),
    Occupation("kindergarten teacher", 21),
    Occupation("lawyer", 27, _OFFICE),
    Occupation("librarian", 23),
    Occupation("logistics planner", 22, _OFFICE | _HANDS),
    Occupation("management consultant", 24, _OFFICE),
    Occupation("mechanic", 19, _HANDS),
    Occupation("midwife", 22),
    Occupation("musician", 18, _ARTS),
    Occupation("notary", 32, _OFFICE),
    Occupation("nurse", 21),
    Occupation("office manager", 22, _OFFICE),
    Occupation("optician", 21),
    Occupation("paramedic", 20),
    Occupation("pharmacist", 24),
    Occupation("photographer", 20, _ARTS),
    Occupation("physiotherapist", 22, _SPORT | _OFFICE),
    Occupation("plumber", 19, _HANDS),
    Occupation("police officer", 21),
    Occupation("potter", 20, _ARTS | _HANDS),
    Occupation("primary school teacher", 23),
    Occupation("product manager", 25, _OFFICE),
    Occupation("project manager", 25, _OFFICE | _HANDS),
    Occupation("research scientist", 28),
    Occupation("sales representative", 20, _OFFICE),
    Occupation("school principal", 36, _OFFICE),
    Occupation("ski instructor", 18, _SPORT),
    Occupation("social worker", 22),
    Occupation("software developer", 20),
    Occupation("sports teacher", 23, _SPORT),
    Occupation("surgeon", 32),
    Occupation("tailor", 20, _ARTS | _OFFICE),
    Occupation("tax adviser", 26, _OFFICE),
    Occupation("train driver", 21),
    Occupation("translator", 22),
    Occupation("university lecturer", 30),
    Occupation("urban planner", 25),
    Occupation("veterinarian", 26),
    Occupation("violin maker", 21, _ARTS | _HANDS),
    Occupation("web designer", 20, _ARTS),
    Occupation("writer", 22, _ARTS),
)
ONLY_IF_NAMED = frozenset({"workwear", "formal"})  # of occupations without a dress of their own

SUBJECTS = (
    "architecture", "biology", "chemistry", "computer science", "design", "economics", "education", "engineering",
    "film", "geography", "history", "languages", "law", "mathematics", "medicine", "music", "nursing", "philosophy",
    "physics", "psychology",
)  # fmt: skip
STUDENTS = (18, 26)
STUDENTS_SHARE = 0.4
RETIRED = ((68, 0.95), (65, 0.7), (62, 0.25))  # from which age on how many


class Home(NamedTuple):
    """How somebody lives, from which age to which, and how often of all that fit."""

    text: str
    least: int
    most: int
    weight: int


_ALWAYS = 120
HOMES = (
    Home("Lives with parents", 18, 25, 8),
    Home("Shares a flat with friends", 18, 34, 14),
    Home("Lives alone", 20, _ALWAYS, 14),
    Home("Lives with a partner", 20, _ALWAYS, 16),
    Home("Married", 25, _ALWAYS, 14),
    Home("Lives with a partner and a young child", 26, 44, 9),
    Home("Married, with two young children", 28, 46, 12),
    Home("Raises a child alone", 28, 50, 5),
    Home("Married, with two children at school", 34, 54, 12),
    Home("Divorced", 32, _ALWAYS, 5),
    Home("Divorced, with a child at school", 34, 54, 4),
    Home("Married, with two grown-up children", 50, _ALWAYS, 14),
    Home("Divorced, with a grown-up child", 50, _ALWAYS, 5),
    Home("Married, with three grandchildren", 58, _ALWAYS, 10),
    Home("Widowed", 60, _ALWAYS, 4),
    Home("Widowed, with two grandchildren", 62, _ALWAYS, 6),
)

HOBBIES = (
    "bakes bread", "collects old maps", "cooks for friends", "dances salsa", "draws in cafes", "flies kites",
    "goes climbing", "goes rowing", "goes to concerts", "goes to the theater", "grows tomatoes", "hikes in the hills",
    "keeps bees", "knits", "learns Portuguese", "likes board games", "listens to jazz", "paints in watercolor",
    "plays badminton", "plays chess", "plays football", "plays the cello", "plays the guitar", "plays the piano",
    "practices yoga", "reads crime novels", "reads history books", "repairs bicycles", "rides a bicycle everywhere",
    "runs by the river", "sews clothes", "sings in a choir", "swims before breakfast", "takes photographs",
    "volunteers at a library", "watches birds", "works in the garden", "writes poems",
)  # fmt: skip
CHILDREN_LIKE = (
    "building with blocks", "dancing", "dinosaurs", "drawing", "football", "picture books", "playing the recorder",
    "puzzles", "singing", "swimming",
)  # fmt: skip
KINDERGARTEN, SCHOOL, GROWN_UP = 3, 6, 18  # from which age on
