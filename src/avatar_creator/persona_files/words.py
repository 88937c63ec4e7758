"""What people call columns, in other words than the options and in other languages.

Only words that mean one thing: "Beschreibung" may be of a life or of a face, so it is none of them.
"""

from collections.abc import Mapping

from avatar_creator.domain.fields import squashed

# Beside fields, what a column may hold that fields are made of: parts of a name, a date of birth, what somebody does.
FIRST_NAME, MIDDLE_NAME, LAST_NAME = "first_name", "middle_name", "last_name"
BIRTH_DATE, OCCUPATION = "birth_date", "occupation"

# A column whose name is earlier in a line goes before one whose name is later.
_COLUMNS = {
    "persona_name": "your full name, your name, what is your full name, what is your name, what's your name, "
    "primary name, vollständiger name, ganzer name, voller name, nom complet, nombre completo, nome completo, "
    "nombre y apellidos, nombre y apellido, nome e cognome, display name, character name, persona, imię i nazwisko, "
    "navn, namn, nimi, naam, isim, ad soyad, имя, фио, 이름, 성명, 氏名, 名前, 姓名, 名字, nom, nombre, nome",
    FIRST_NAME: "first name, name first, firstname, given name, forename, vorname, prénom, primer nombre, "
    "nombre de pila, voornaam, imię, förnamn, fornavn, etunimi, 名",
    MIDDLE_NAME: "middle name, middlename, zweiter vorname, zweitname, second name",
    LAST_NAME: "last name, name last, lastname, surname, family name, nachname, familienname, nom de famille, "
    "apellido, apellidos, cognome, sobrenome, achternaam, nazwisko, efternamn, etternavn, sukunimi, фамилия, 성, "
    "姓",
    "persona_age": "your age, how old are you, what is your age, dob age, age years, age in years, current age, alter, "
    "alter in jahren, alter jahre, âge, edad, età, idade, leeftijd, wiek, ålder, alder, ikä, yaş, возраст, "
    "나이, 연령, 年齢, 年龄, 年齡",
    BIRTH_DATE: "birth date, birthdate, date of birth, dob, birthday, born, birth year, birth, dob date, "
    "year of birth, geburtsdatum, geburtstag, geboren, geburtsjahr, date de naissance, naissance, "
    "année de naissance, fecha de nacimiento, nacimiento, data di nascita, data de nascimento, geboortedatum, "
    "data urodzenia, födelsedatum, дата рождения, 생년월일, 生年月日, 出生日期",
    "gender": "your gender, what is your gender, what gender are you, gender identity, gender sex, sex gender, "
    "gender m f, gender f m, gender m f d, sex m f, sex f m, geschlecht m w, geschlecht m w d, sexe h f, "
    "sexo h m, sexo m f, geschlecht, genre, sexe, género, genero, sexo, "
    "genere, sesso, gênero, geslacht, płeć, kön, køn, kjønn, sukupuoli, cinsiyet, пол, 성별, 性別, 性别",
    "age_range": "age group, age bracket, age band, altersgruppe, altersklasse, tranche d'âge, groupe d'âge, "
    "rango de edad, grupo de edad, fascia d'età, faixa etária, leeftijdsgroep, возрастная группа, 연령대, 年代",
    "ethnicity": "ethnic background, ethnic group, race ethnicity, ethnicity race, ethnie, ethnizität, "
    "ethnische herkunft, etnia, origine ethnique, origen étnico, etniciteit, herkunft, origine, origen, origin, "
    "nationality, nationalität, staatsangehörigkeit, nationalité, nacionalidad, nazionalità, nacionalidade, "
    "nationaliteit, narodowość, национальность, 국적, 国籍, 國籍",
    "body_type": "body shape, build, figure, physique, körperbau, statur, figur, corpulence, complexión, corporatura",
    "hair_style": "haircut, hairdo, hair, frisur, haarschnitt, haare, coiffure, coupe de cheveux, cheveux, peinado, "
    "corte de pelo, acconciatura, penteado, kapsel, fryzura, 머리 모양, 髪型, 发型",
    "hair_color": "haarfarbe, couleur des cheveux, couleur de cheveux, color de pelo, color del pelo, "
    "color de cabello, colore dei capelli, colore capelli, cor do cabelo, haarkleur, kolor włosów, цвет волос, "
    "머리색, 髪の色, 髪色, 发色",
    "eye_color": "eyes, augenfarbe, augen, couleur des yeux, yeux, color de ojos, color de los ojos, "
    "colore degli occhi, colore occhi, cor dos olhos, oogkleur, kolor oczu, цвет глаз, 눈 색, 目の色, 瞳の色, "
    "眼睛颜色",
    "skin_tone": "skin, skin color, complexion, hautton, hautfarbe, teint, couleur de peau, tono de piel, "
    "color de piel, tonalità della pelle, tom de pele, cor da pele, huidskleur, kolor skóry, цвет кожи, 피부색, "
    "肌の色, 肤色",
    "style": "dress, dress style, style of dress, clothing, clothing style, clothes, outfit, attire, kleidung, "
    "kleidungsstil, bekleidung, vêtements, tenue, ropa, vestimenta, abbigliamento, vestiti, roupa, kleding, "
    "ubranie, одежда, 옷차림, 服装",
    "personality": "personality trait, trait, main traits, character traits, characteristics, charakter, "
    "charaktereigenschaften, eigenschaften, persönlichkeit, personnalité, caractère, traits de caractère, "
    "personalidad, carácter, rasgos, personalità, personalidade, persoonlijkheid, osobowość, черты характера, 성격, "
    "性格",
    "prompt": "appearance, physical appearance, physical description, visual description, image prompt, "
    "portrait prompt, looks, aussehen, erscheinung, apparence, apparence physique, apariencia, aspecto, "
    "aspecto físico, aspetto, aparência, uiterlijk, wygląd, внешность, 외모, 外見, 外貌",
    "background": "bio, biography, biographie, biografía, biografia, life story, back story, backstory, lebenslauf, "
    "histoire, historia, história, storia",
    OCCUPATION: "occupation, job title, job, profession, beruf, tätigkeit, métier, emploi, profesión, ocupación, "
    "professione, lavoro, profissão, ocupação, beroep, zawód, yrke, ammatti, meslek, профессия, 직업, 職業, 职业",
    "persona_id": "uuid, guid, persona uuid, persona key, record id, user id, participant id, kennung, identifier",
}


def _ranked() -> Mapping[str, tuple[str, int]]:
    """Return what each word means, and its place in its line."""
    return {
        squashed(word): (meaning, place)
        for meaning, words in _COLUMNS.items()
        for place, word in enumerate(words.split(", "))
    }


COLUMNS = _ranked()
