"""Which locale is meant by the name of a language or a country, or is nearest to one without names of its own."""

from avatar_creator.domain.text import fold, nearest

_ALIKE, _SLIPS_FROM = 0.85, 6  # "japenese" is Japanese; shorter words are too much alike
# Locales that have names, and what they are taken for: languages, countries and people, and other locales.
_MEANT = {
    "ar_SA": "arabic, saudi arabia, saudi, ar, ar_ae, ar_bh, ar_jo, uae, emirates",
    "ar_AA": "arab, egypt, egyptian, ar_eg, morocco, moroccan, iraq, iraqi, syria, syrian, lebanon, lebanese",
    "ar_PS": "palestine, palestinian",
    "az_AZ": "azerbaijani, azerbaijan",
    "bg_BG": "bulgarian, bulgaria",
    "bn_BD": "bengali, bangla, bangladesh, bangladeshi, en_bd",
    "cs_CZ": "czech, czechia, czech republic, cz",
    "da_DK": "danish, denmark, dk, dk_dk, dansk",
    "de_AT": "austrian, austria, at",
    "de_CH": "swiss, switzerland, ch",
    "de_DE": "german, germany, germans, deutsch, deutschland, de, allemand",
    "de_LU": "luxembourg, lb, lb_lu",
    "el_GR": "greek, greece, gr, el_cy, cyprus",
    "en_GB": "british, uk, united kingdom, england, gb, great britain, scottish, scotland, en_au, en_za, en_ms, en_hk, "
    "en_sg, australia, australian, south africa, singapore",
    "en_IE": "irish, ireland, ie",
    "en_IN": "india, indian, in, en_pk, pakistan, pakistani",
    "en_KE": "kenya, kenyan, am_et, ethiopia, ethiopian",
    "en_NG": "nigeria, nigerian, ng_ng",
    "en_NZ": "new zealand",
    "en_US": "eng, american, us, usa, united states, english, en_ca, en_ph, canada, canadian, philippines, "
    "filipino, fil_ph, tl_ph, tagalog",
    "es_AR": "argentina, argentinian, argentine",
    "es_CL": "chile, chilean",
    "es_CO": "colombia, colombian, es_ve, venezuela, venezuelan, es_pe, peru, peruvian",
    "es_ES": "spanish, spain, es, español, castilian, españa",
    "es_MX": "mexico, mexican, latin america, latino, latina",
    "et_EE": "estonian, estonia",
    "fa_IR": "persian, farsi, iran, iranian",
    "fi_FI": "finnish, finland, suomi",
    "fr_CA": "quebec, québec, québécois",
    "fr_BE": "belgium, belgian",
    "fr_DZ": "algeria, algerian",
    "fr_FR": "french, france, fr, français",
    "gu_IN": "gujarati",
    "he_IL": "hebrew, israel, israeli, iw_il",
    "hi_IN": "hindi",
    "hr_HR": "croatian, croatia, bs_ba, sr_ba, sr_rs, bosnian, bosnia, serbian, serbia",
    "hu_HU": "hungarian, hungary",
    "hy_AM": "armenian, armenia",
    "id_ID": "indonesian, indonesia, in_id, ms_my, malay, malaysia, malaysian",
    "is_IS": "icelandic, iceland",
    "it_IT": "italian, italy, it, italiano, it_ch, la, mt_mt, malta",
    "ja_JP": "japanese, japan, jp, 日本, 日本語",
    "ka_GE": "georgian, georgia",
    "ko_KR": "korean, korea, south korea, kr, 한국",
    "lv_LV": "latvian, latvia, lt_lt, lithuanian, lithuania",
    "mk_MK": "macedonian, macedonia, sq_al, albanian, albania",
    "ne_NP": "nepali, nepal, nepalese",
    "nl_NL": "dutch, netherlands, holland, nederland",
    "no_NO": "norwegian, norway, nb_no, nn_no, norsk",
    "pl_PL": "polish, poland, polski, polska",
    "pt_BR": "brazilian, brazil, brasil, br",
    "pt_PT": "portuguese, portugal, pt",
    "ro_RO": "romanian, romania",
    "ru_RU": "russian, russia, россия",
    "si_LK": "sinhala, sri lanka, sri lankan",
    "sk_SK": "slovak, slovakia",
    "sl_SI": "slovenian, slovene, slovenia",
    "sv_SE": "swedish, sweden, svenska, sverige",
    "sw": "swahili, tanzania, tanzanian, sw_ke, sw_tz",
    "ta_IN": "tamil",
    "th_TH": "thai, thailand, th, en_th",
    "tr_TR": "turkish, turkey, türkiye",
    "tw_GH": "ghana, ghanaian, twi",
    "uk_UA": "ukrainian, ukraine, ua",
    "uz_UZ": "uzbek, uzbekistan",
    "vi_VN": "vietnamese, vietnam, viet nam, vn",
    "yo_NG": "yoruba",
    "zh_CN": "chinese, china, mandarin, cn, zh, zh_hans, 中国, 中文",
    "zh_TW": "taiwan, taiwanese, zh_hk, zh_hant, hong kong",
    "zu_ZA": "zulu",
}


def _word(text: str) -> str:
    return " ".join(fold(text).replace("-", " ").replace("_", " ").split())


_BY_WORD = {_word(word): locale for locale, words in _MEANT.items() for word in words.split(", ")}


def locale_meant(text: str) -> str | None:
    """Return the locale that a language, a country or a locale without names is likely to mean."""
    word = _word(text)
    slip = nearest(word, list(_BY_WORD), alike=_ALIKE) if len(word) >= _SLIPS_FROM else None
    return _BY_WORD.get(word) or _BY_WORD.get(slip or "")
