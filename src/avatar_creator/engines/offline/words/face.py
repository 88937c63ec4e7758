"""Words for what a face shows and wears. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

BEARD: Mapping[str, Meaning] = {
    "none": Meaning(None, "clean shaven, clean shaved, beardless, smooth shaven, shaven face"),
    "stubble": Meaning(None, "scruff, five o clock shadow, unshaven, designer stubble, light beard, short beard"),
    "beard": Meaning(None, "bearded, trimmed beard, facial hair"),
    "full beard": Meaning("beard", "thick beard, bushy beard, heavy beard"),
    "long beard": Meaning("full beard", "big beard, huge beard"),
    "moustache": Meaning(None, "mustache, moustached, mustached, tache"),
    "handlebar": Meaning("moustache", "handlebar moustache, handlebar mustache, curled moustache, curly moustache"),
    "goatee": Meaning("beard", "van dyke, soul patch, chin beard"),
}
GLASSES: Mapping[str, Meaning] = {
    "glasses": Meaning(None, "spectacles, eyeglasses, specs, reading glasses, bespectacled, eyewear"),
    "round glasses": Meaning("glasses"),
    "rectangular glasses": Meaning("glasses", "square glasses"),
    "thick glasses": Meaning("glasses", "thick rimmed glasses, horn rimmed glasses, black rimmed glasses"),
    "sunglasses": Meaning(None, "shades, sun glasses, aviators, wayfarers, dark glasses"),
    "eyepatch": Meaning(None, "eye patch"),
}
HEADWEAR: Mapping[str, Meaning] = {
    "hat": Meaning(None, "fedora, sun hat, sunhat, wide brimmed hat"),
    "beanie": Meaning("hat", "winter hat, woolly hat, wool hat, knit cap, woolen hat, bobble hat"),
    "cap": Meaning("beanie", "baseball cap, flat cap, golf cap, peaked cap"),
    "hard hat": Meaning("cap", "safety helmet, construction helmet, helmet"),
    "hijab": Meaning(None, "headscarf, head scarf, veil"),
    "turban": Meaning(None, "dastar"),
    "headband": Meaning(None, "hair band, hairband"),
    "flowers": Meaning(None, "flower crown, flowers in her hair, flower in her hair"),
}
EARRINGS: Mapping[str, Meaning] = {
    "stud": Meaning(None, "earrings, earring, stud earrings, studs, ear studs"),
    "hoop": Meaning("stud", "hoop earrings, hoops, hoop earring"),
}
EXPRESSION: Mapping[str, Meaning] = {
    "smile": Meaning(
        None,
        "smiling, smiles, happy, cheerful, joyful, friendly, warm smile, bright smile, kind smile, happy smile, "
        "confident smile, friendly smile, welcoming smile, charming smile, amused, happily, smiley",
    ),
    "laugh": Meaning(
        "smile",
        "laughing, laughs, big smile, broad smile, beaming, wide smile, toothy smile, toothy grin, giggling, "
        "chuckling, grin, grinning, wide grin, big grin",
    ),
    "excited": Meaning("laugh", "thrilled, ecstatic, overjoyed, elated, eager expression"),
    "silly": Meaning("laugh", "silly face, tongue out, sticking out tongue, sticking tongue out, goofy, funny face"),
    "calm": Meaning(
        None,
        "relaxed, soft smile, gentle smile, slight smile, serene, content, subtle smile, faint smile, small smile, "
        "closed mouth smile, thoughtful, pensive, contemplative, half smile",
    ),
    "proud": Meaning("calm", "proud look, triumphant"),
    "smirk": Meaning(
        "calm", "smirking, smirks, smug, wry smile, sly smile, mischievous, crooked smile, lopsided smile"
    ),
    "curious": Meaning("calm", "inquisitive, raised eyebrow, raised eyebrows, intrigued, raising an eyebrow"),
    "tired": Meaning("calm", "sleepy, exhausted, weary, drowsy, bored, fatigued, tired eyes, yawning"),
    "serious": Meaning(
        None,
        "stern, solemn, unsmiling, straight face, frown, frowning, stoic, determined, intense look, "
        "furrowed brow, "
        "serious look, serious face, not amused, grim, pursed lips",
    ),
    "neutral": Meaning(
        "serious",
        "neutral expression, neutral face, neutral look, expressionless, blank expression, poker face, "
        "blank stare, deadpan, emotionless, resting face",
    ),
    "disgusted": Meaning(
        "serious", "disgust, contempt, contemptuous, disdain, scornful, grimace, grimacing, sneering, sneer"
    ),
    "sad": Meaning(
        "serious",
        "unhappy, crying, tearful, melancholic, sorrowful, tears, weeping, sobbing, heartbroken, "
        "downcast, pouting, pout, disappointed, sadness, dejected, miserable, depressed",
    ),
    "worried": Meaning(
        "sad",
        "anxious, nervous, scared, afraid, fearful, frightened, terrified, concerned, uneasy, embarrassed, "
        "panicking, alarmed, distressed, apprehensive",
    ),
    "confused": Meaning("worried", "puzzled, bewildered, perplexed, baffled, quizzical, confusion"),
    "angry": Meaning(
        "serious",
        "furious, scowling, mad, enraged, anger, annoyed, irritated, scowl, "
        "rage, frustrated, "
        "furled brow, shouting, yelling",
    ),
    "surprised": Meaning(
        "worried",
        "amazed, astonished, shocked, stunned, startled, wide eyed, "
        "open mouthed, awestruck, "
        "astounded, gasping, jaw dropped",
    ),
    "wink": Meaning("smile", "winking, winks, one eye closed, blinking one eye"),
    "asleep": Meaning("calm", "eyes closed, closed eyes, sleeping, eyes shut, shut eyes"),
}
# What is seen of a character or of a mood, in a face. Traits that no face shows ("punctual", "hungry") are unknown.
TRAIT: Mapping[str, str] = {
    "smile": "friendly, warm, cheerful, happy, kind, outgoing, optimistic, joyful, welcoming, approachable, energetic, "
    "enthusiastic, helpful, sociable, playful, charming, positive, affectionate, agreeable, amiable, cordial, "
    "easygoing, "
    "easy going, extroverted, extrovert, extraverted, generous, genial, good natured, good humored, gracious, "
    "gregarious, hearty, hospitable, joyous, kindhearted, kind hearted, lighthearted, light hearted, likable, "
    "likeable, "
    "lively, lovable, loving, merry, nice, perky, personable, pleasant, pleased, upbeat, vivacious, warmhearted, "
    "warm hearted, sunny, sweet, spirited, bubbly, chipper, carefree, delighted, glad, grateful, thankful, hopeful, "
    "in love, amused, satisfied, charismatic, encouraging, supportive, flirty, flirtatious, vibrant, adventurous, "
    "amusing, happiness, joy, love, adoring, lovestruck, romantic, whimsical, spunky, bouncy, fun, fun loving, "
    "good hearted, good tempered, polite, courteous, cooperative, delightful, endearing, lovely, obliging, peppy, "
    "sincere, talkative, chatty, warm and friendly, youthful, motivated, inspiring, fulfilled, uplifted, lucky",
    "laugh": "funny, humorous, witty, exuberant, jocular, jolly, jovial, hilarious, giggly, boisterous, ecstatic, "
    "euphoric, overjoyed, jubilant, comical, mirthful, elated, rambunctious, : d, hysterical, joking, jokester",
    "excited": "excitable, thrilled, eager, exhilarated, giddy, hyper, excitement, zealous, energized, high spirited, "
    "invigorated, impulsive, keen",
    "silly": "goofy, zany, wacky, childish, clownish, naughty, naughty face, : p, : q, quirky, kooky, "
    "childlike, immature",
    "calm": "gentle, thoughtful, relaxed, patient, shy, quiet, introverted, caring, empathetic, confident, wise, "
    "composed, collected, cool headed, content, contemplative, contented, peaceful, serene, tranquil, mellow, mild, "
    "meek, modest, humble, soft spoken, softspoken, laid back, laidback, even tempered, level headed, levelheaded, "
    "meditative, mindful, pensive, reflective, dreamy, soothing, sensitive, sympathetic, compassionate, understanding, "
    "tolerant, trusting, unassuming, bashful, coy, demure, reticent, introspective, thinking, attentive, balanced, "
    "considerate, forgiving, graceful, poised, self assured, self confident, assured, secure, nurturing, maternal, "
    "paternal, benevolent, tender, introvert, quietly confident, relieved, comfortable, nostalgic, sentimental, "
    "calming, "
    "imperturbable, unflappable, steady, stable, sedate, mild mannered, good listener, dreamer, centered, at peace, "
    "soulful, spiritual, harmonious, blissful, bittersweet, nonchalant, chill, cool, easy, reassuring, placid",
    "proud": "prideful, pride, triumphant, victorious, accomplished, regal, majestic, dignified, noble, "
    "self respecting",
    "smirk": "smug, sarcastic, sardonic, mischievous, sly, cunning, devious, crafty, wry, ironic, cheeky, "
    "sassy, saucy, "
    "cocky, arrogant, conceited, haughty, mocking, teasing, snarky, self satisfied, condescending, boastful, scheming, "
    "supercilious, snobby, snobbish, provocative, seductive, roguish, impish, coquettish, flippant, irreverent",
    "curious": "inquisitive, interested, intrigued, questioning, nosy, inquiring, fascinated, raised eyebrow",
    "tired": "sleepy, exhausted, weary, drowsy, fatigued, bored, boredom, lethargic, sluggish, groggy, drained, "
    "worn out, "
    "burned out, burnt out, listless, jaded, sigh, sighing, overworked, half asleep",
    "serious": "stern, stoic, strict, focused, reserved, determined, grumpy, disciplined, analytical, pragmatic, "
    "professional, authoritative, cautious, grave, solemn, sober, somber, staid, stubborn, cold, aloof, distant, "
    "detached, intense, dour, austere, severe, formal, businesslike, skeptical, guarded, wary, watchful, vigilant, "
    "alert, suspicious, withdrawn, unsmiling, tough, unfriendly, blunt, commanding, dominant, assertive, decisive, "
    "resolute, steadfast, no nonsense, industrious, hardworking, hard working, diligent, conscientious, methodical, "
    "meticulous, logical, rational, practical, realistic, responsible, dutiful, earnest, concentrated, concentrating, "
    "cynical, driven, ambitious, firm, rigid, exacting, critical, persistent, persevering, tenacious, strong willed, "
    "headstrong, demanding, uncompromising, harsh, stony, steely, grim, matter of fact, brooding, moody, stubbornness, "
    "furrowed brow, strict but fair, deep in thought, mysterious, defiant, judgmental, sulky, sullen, cantankerous",
    "neutral": "indifferent, expressionless, blank, emotionless, impassive, unemotional, apathetic, deadpan, "
    "poker faced, "
    "unconcerned, neutrality, unaffected, unmoved, numb, dispassionate, stoical",
    "disgusted": "disgust, contempt, contemptuous, disdain, disdainful, scornful, grimace, grimacing, repulsed, "
    "revolted, "
    "appalled, sneering, wincing, wince, derisive, spiteful",
    "sad": "melancholic, gloomy, pessimistic, sadness, unhappy, depressed, miserable, sorrowful, heartbroken, "
    "grieving, "
    "mournful, despairing, despair, dejected, disappointed, downcast, lonely, hopeless, hurt, regretful, remorseful, "
    "sorry, guilty, ashamed, tearful, crying, upset, wistful, forlorn, gloom, morose, dreary, discouraged, melancholy, "
    "disheartened, wounded, pained, tears, weepy, despondent, glum, homesick, broken hearted, heavy hearted, "
    "devastated, "
    "apologetic, guilt, pain, crushed, defeated, desolate, dismal, disillusioned, suffering, lonesome, love lorn",
    "worried": "anxious, nervous, afraid, scared, fearful, frightened, fear, terrified, apprehensive, "
    "concerned, uneasy, "
    "tense, stressed, panicking, panicky, distressed, troubled, insecure, timid, desperate, horrified, petrified, "
    "overwhelmed, jumpy, neurotic, paranoid, embarrassed, embarassed, flustered, self conscious, alarmed, distraught, "
    "agitated, frantic, helpless, sheepish, worry, anxiety, hesitant, trembling, overcautious, cowardly, intimidated, "
    "unsettled, leery, on edge",
    "confused": "puzzled, bewildered, baffled, perplexed, quizzical, uncertain, unsure, doubtful, clueless, dazed, "
    "disoriented, mystified, indecisive, confusion, stumped, absent minded, forgetful",
    "angry": "anger, furious, enraged, irate, mad, annoyed, irritated, irritable, hostile, aggressive, hot headed, "
    "hot tempered, short tempered, quick tempered, bad tempered, cranky, grouchy, cross, outraged, infuriated, livid, "
    "fuming, seething, resentful, hateful, vengeful, fierce, ferocious, rage, frustrated, exasperated, "
    "indignant, surly, "
    "furled brow, v shaped eyebrows, quarrelsome, belligerent, combative, offended, testy, peeved, incensed, fiery, "
    "crabby, bitter, choleric, irascible, antagonistic, aggravated, vexed, impatient, petulant, peevish, ill tempered",
    "surprised": "surprise, amazed, astonished, shocked, stunned, startled, awestruck, astounded, speechless, "
    "flabbergasted, dumbfounded, awed, in awe, surprised and amused, : o, impressed, incredulous, disbelieving",
}
