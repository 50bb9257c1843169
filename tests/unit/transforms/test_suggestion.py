"""Drafting a description: files of several languages with what an officer would write beside them."""

import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.plain_yaml import load_plain_yaml
from transforms.readers.content import FileUnreadable
from transforms.suggestion.draft import write_draft
from transforms.suggestion.placement import Place
from transforms.suggestion.scalar import quote
from transforms.suggestion.survey import EncodingUndecided, survey_file
from transforms.suggestion.table import suggest_tables

RARE, NAME, PHONE = "Zrtvapalata", "Zoranka Kanarincic", "064/123-4567"


def suggest(content, extension=".csv", *, country="ZZZ", encoding=None):
    if isinstance(content, str):
        content = content.encode()
    grids = survey_file([content], extension, languages=(), encoding=encoding)
    return suggest_tables(grids, languages=(), country=country)[0]


def placed(table):
    """Column to what it becomes: a field, a topic of flags, or the place."""
    return {
        one.column.name or one.column.position: one.placement.target
        if one.placement.place in (Place.FIELD, Place.FLAGS)
        else one.placement.place.value
        for one in table.columns
    }


def find_dating(table):
    """Forms and calendar of the column of the event."""
    [dating] = [
        one.placement.dating for one in table.columns if one.placement.target == "year_of_registration"
    ]
    return dating.forms, dating.calendar.value


def draft(*tables, country=None, least=11):
    return write_draft(tables, country=country, least=least).text


def repeat(header, rows, times, delimiter):
    lines = [header, *(row.format(n=n) for n in range(times) for row in rows)]
    return "\r\n".join(lines) + "\r\n"


def test_a_serbian_file():
    text = repeat(
        "rb;šifra;godina identifikacije;pol;starost;državljanstvo;vid eksploatacije;JMBG;napomena",
        [
            "{n};A{n};2019;ženski;17;Srbija;seksualna;0101006500006;",
            "9{n};B{n};2018;muški;31;Rumunija;radna;;",
        ],
        12,
        ";",
    )
    table = suggest(text.encode("windows-1250"), country="SRB")
    assert (table.reader.encoding, table.reader.delimiter, table.reader.header_rows) == (
        "windows-1250",
        ";",
        (1,),
    )
    assert placed(table) == {
        "rb": "ignored",
        "šifra": "key",
        "godina identifikacije": "year_of_registration",
        "pol": "gender",
        "starost": "age_at_registration",
        "državljanstvo": "citizenship",
        "vid eksploatacije": "purpose",
        "JMBG": "refused",
        "napomena": "ignored",
    }


def test_an_arabic_file():
    text = repeat(
        "رقم الحالة\tتاريخ التسجيل\tالجنس\tالعمر\tالجنسية\tنوع الاستغلال\tرقم الهاتف\tملاحظات",
        [
            "{n}\t2021/03/04\tأنثى\t٢٤\tمصر\tاستغلال جنسي\t\t",
            "5{n}\t2022/11/30\tذكر\t٣١\tالسودان\tعمل قسري\t\t",
        ],
        12,
        "\t",
    )
    table = suggest(text.encode("utf-16"))
    assert (table.reader.encoding, table.reader.delimiter) == ("utf-16", "\t")
    assert list(placed(table).values()) == [
        "key",
        "year_of_registration",
        "gender",
        "age_at_registration",
        "citizenship",
        "purpose",
        "refused",
        "ignored",
    ]
    assert find_dating(table) == (("%Y/%m/%d",), "gregorian")


def test_a_thai_workbook_with_a_title():
    book = openpyxl.Workbook()
    book.active.title = "ข้อมูล"
    book.active.append(["สถิติผู้เสียหายจากการค้ามนุษย์"])
    book.active.append([])
    book.active.append(["ลำดับ", "วันที่คัดแยก", "เพศ", "อายุ", "สัญชาติ", "รูปแบบ", "ชื่อ-สกุล"])
    for n in range(1, 25):
        book.active.append(
            [n, f"{n:02}/05/2566", "หญิง" if n % 3 else "ชาย", 20 + n, "ไทย", "แรงงานบังคับ", None]
        )
    book.active.append(["รวม", None, None, 24])
    book.create_sheet("คำอธิบาย").append(["เพศ", "ชาย หรือ หญิง"])
    stream = io.BytesIO()
    book.save(stream)
    table = suggest(stream.getvalue(), ".xlsx", country="THA")
    assert (table.reader.sheet, table.reader.header_rows, table.rows) == ("ข้อมูล", (3,), 24)
    [totals] = table.reader.skip_rows
    assert (totals.column, totals.words, totals.and_below) == ("ลำดับ", ("รวม",), True)
    assert "sheet" not in draft(table)  # it is the first
    found = placed(table)
    assert {name: found[name] for name in ("ลำดับ", "เพศ", "อายุ", "รูปแบบ", "ชื่อ-สกุล")} == {
        "ลำดับ": "ignored",
        "เพศ": "gender",
        "อายุ": "age_at_registration",
        "รูปแบบ": "purpose",
        "ชื่อ-สกุล": "refused",
    }
    assert find_dating(table) == (("%d/%m/%Y",), "buddhist")


def test_a_spanish_file_in_two_header_rows():
    text = (
        "Expediente,Víctima,,,Hechos,,Contacto\n"
        ",Sexo,Edad,Nacionalidad,Fecha de denuncia,Tipo de explotación,Teléfono\n"
        + "".join(
            f"E-{n},{'F' if n % 2 else 'M'},{15 + n},{'Perú' if n % 3 else 'Bolivia'},"
            f"{1 + n % 28:02}/0{1 + n % 9}/2020,Explotación laboral,\n"
            for n in range(30)
        )
    )
    table = suggest(text)
    assert table.reader.header_rows == (1, 2)
    assert placed(table) == {
        "Expediente": "key",
        "Víctima / Sexo": "gender",
        "Víctima / Edad": "age_at_registration",
        "Víctima / Nacionalidad": "citizenship",
        "Hechos / Fecha de denuncia": "year_of_registration",
        "Hechos / Tipo de explotación": "purpose",
        "Contacto / Teléfono": "refused",
    }
    words = load_plain_yaml(draft(table))["lookups"]["gender"]
    assert (words["F"], words["M"]) == ("Woman", "Man")
    assert "mujer" in words
    assert "woman" not in words  # letters that English has too do not make the file English


POLISH = "Nr sprawy;Data rejestracji;Płeć;Obywatelstwo;Kraj wykorzystania;Forma wykorzystania;Groźby;PESEL"


def test_a_polish_file():
    rows = ["{n}/22;2{n} marca 2022;kobieta;Ukraina;Niemcy;praca przymusowa;tak;"]
    rows += ["{n}/23;1{n} maja 2023;mężczyzna;wietnamskie;Polska;żebractwo;nie;"]
    table = suggest(repeat(POLISH, rows, 9, ";").encode("windows-1250"), country="POL")
    assert list(placed(table).values()) == [
        "key",
        "year_of_registration",
        "gender",
        "citizenship",
        "country_of_exploitation",
        "purpose",
        "means_threats",
        "refused",
    ]
    assert load_plain_yaml(draft(table))["language"] == "pl"


def test_a_header_of_unknown_words_is_told_from_cells_of_known_ones():
    """Slovak is in no lexicon; its no is the Spanish name of a number, but stands again below."""
    rows = "".join(f"K{n};muž;nie;{'nie' if n % 2 else 'áno'};{1970 + n % 30}\n" for n in range(30))
    table = suggest(f"Prehľad;;;;\n\nSpis;Pohlavie;Vyhrážky;Násilie;Ročník\n{rows}")
    assert table.has_header
    assert table.reader.header_rows == (3,)
    assert [one.column.name for one in table.columns] == ["Spis", "Pohlavie", "Vyhrážky", "Násilie", "Ročník"]


def test_a_header_that_each_page_repeats_is_the_first():
    page = "pol;starost;državljanstvo\n" + "ženski;17;Srbija\nmuški;31;Rumunija\n" * 4
    assert suggest("Registar;;\n" + page * 2).reader.header_rows == (2,)


def test_a_place_that_is_a_country_is_not_thrown_away():
    rows = [("F", "Perú", "Lima", "Chile"), ("M", "Bolivia", "Cusco", "Perú")] * 15
    header = "Sexo,Lugar de explotación / País,Provincia,Lugar de nacimiento"
    table = suggest("\n".join([header, *map(",".join, rows)]))
    assert list(placed(table).values()) == ["gender", "country_of_exploitation", "ignored", "undecided"]


def test_a_lookup_of_rare_words_alone_asks_for_the_first():
    rows = ["F,18-20"] * 30 + ["M,60 a más"]
    text = draft(suggest("\n".join(["sexo,grupo de edad", *rows])))
    assert "    TODO: TODO  # a word and what it stands for; age_broad: {} if none needs it" in text
    assert "60 a más" not in text


def test_letters_that_mean_opposite_things_are_left_open():
    """M is a woman beside H and a man beside F; where one of two letters is unknown neither is placed."""
    text = "sexo,edad\n" + "H,20\nM,30\n" * 20
    lookups = draft(suggest(text))
    assert '"M": "Woman"' not in lookups
    assert '"M": "Man"' not in lookups
    assert '"M": TODO  # in 20 rows' in lookups


def test_rare_words_names_and_phones_are_never_shown():
    header = "pol,starost,oblik eksploatacije,grad,ime,beleške,telefon,nešto"
    rows = [f"ženski,17,seksualna,Niš,{NAME},{NAME} {RARE},{PHONE},{NAME}"] * 2
    rows += [f"{RARE},18,{RARE},{RARE},,,,{RARE}"] * 3 + ["čudno,19,čudno,Bor,,,,"] * 11
    table = suggest("\n".join([header, *rows]), country="SRB")
    text = draft(table, country="SRB")
    assert '"čudno": TODO  # in 11 rows' in text
    assert "add 1 more word, in fewer than 11 rows" in text
    shown = text + repr(table) + " ".join(one.placement.reason for one in table.columns)
    for secret in (RARE, NAME, PHONE, "Kanarincic", "Niš", "Bor"):
        assert secret not in shown
    found = placed(table)
    assert [found[name] for name in ("ime", "beleške", "telefon")] == ["refused", "refused", "refused"]


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME};23;ženski;Srbija\nMilica Test;31;ženski;Srbija\nJovana Test;19;muški;Srbija\n",
        f"{NAME},ženski,Srbija\nMilica Test,ženski,Rumunija\n",
        f"{NAME}\nMilica Test\n",
        f"{NAME};17;seksualna eksploatacija;partner;dug\nMilica Test;18;radna eksploatacija;prijatelj;dug\n",
        f"{NAME};sexual exploitation;partner;threats\nMilica Test;forced labour;friend;debt bondage\n",
        f"{NAME};2019;forced labour;begging;agriculture;no\nMilica Test;2018;begging;other;fishing;yes\n",
        f"{NAME},{RARE}\n",
    ],
)
def test_the_first_row_of_a_file_without_header_is_not_shown(text):
    table = suggest(text)
    assert not table.has_header
    written = draft(table)
    assert NAME not in written + repr(table)
    assert RARE not in written + repr(table)
    assert "no row of column names" in written
    assert "header_row: TODO" in written


def test_a_name_that_looks_like_a_cell_is_not_shown_among_others():
    table = suggest(f"pol,starost,{PHONE},2019\nženski,17,x,1\nmuški,18,y,2\n", country="SRB")
    assert table.has_header
    assert PHONE not in draft(table)


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b";;;\n;;;\n"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(FileUnreadable):
        suggest(content)


def test_a_hostile_header_is_quoted():
    header = [
        "pol",
        "starost",
        "a: {field: gender}\n  b",
        "[red]x[/red]",
        "\x1b[31m",
        "\u202eabc",
        '"',
        "=1+1",
    ]
    lines = [
        json.dumps(dict.fromkeys(header, "1")),
        json.dumps({**dict.fromkeys(header, "2"), "pol": "muški"}),
    ]
    table = suggest("\n".join(lines), ".jsonl")
    text = draft(table)
    assert "\x1b" not in text
    assert "\u202e" not in text
    values = load_plain_yaml(text)
    assert list(values["columns"]) == header  # each name whole, as the key of its line


@given(st.text())
def test_a_quoted_name_is_the_same_name_to_yaml(name):
    line = f"{quote(name)}: 1"
    assert "\n" not in line
    assert all(sign.isprintable() for sign in line)
    if not any("\ud800" <= sign <= "\udfff" for sign in name):
        assert load_plain_yaml(line) == {name: 1}


def test_two_encodings_that_fit_alike_are_asked_about():
    content = "pol;naziv;starost\nx;\xe8\xe6;1\n".encode("iso-8859-1")
    with pytest.raises(EncodingUndecided) as undecided:
        suggest(content.replace(b"naziv", b"na\xe8\xe6iv"))
    assert len(set(undecided.value.previews.values())) > 1
    assert suggest(content, encoding="windows-1250").reader.encoding == "windows-1250"


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("windows-1250", "število;državljanstvo;način vrbovanja;uzrast"),
        ("windows-1251", "номер дела;пол;возраст;гражданство"),
        ("iso-8859-5", "номер дела;пол;возраст;гражданство"),
        ("koi8-u", "номер справи;стать;вік;громадянство"),
        ("windows-1256", "رقم الحالة;الجنس;العمر;الجنسية"),
        ("cp874", "ลำดับ;เพศ;อายุ;สัญชาติ"),
        ("windows-1254", "dosya no;cinsiyet;yaş;uyruğu"),
        ("windows-1252", "número de caso;género;edad;país de explotación"),
        ("utf-16", "número;género;edad;país"),
    ],
)
def test_the_encoding_is_the_one_whose_words_are_known(encoding, header):
    assert suggest(f"{header}\n1;2;3;4\n5;6;7;8\n".encode(encoding)).reader.encoding == encoding


def test_a_table_of_counts_is_no_table_of_cases():
    table = suggest("Year,Sex,Age,Value\n2019,Female,Total,12\n2020,Male,Total,7\n")
    assert set(placed(table).values()) == {"undecided"}


def test_labels_beside_their_flags_fill_nothing():
    text = "isForcedLabour,isSexualExploit,isForcedMarriage,ExploitType\n" + "1,0,0,Labor\n0,1,1,Sexual\n" * 3
    table = suggest(text)
    assert [one.placement.place.value for one in table.columns] == ["field", "field", "field", "concatenated"]
    assert load_plain_yaml(draft(table))["concatenated"] == {
        "ExploitType": {"flags": "purpose_labels", "separator": ";"}
    }


def test_rivals_for_one_field_are_left_open():
    table = suggest("Edad,Edad,Sexo\n17,18,F\n19,20,M\n")
    assert list(placed(table).values()) == ["undecided", "undecided", "gender"]


def test_a_birth_date_is_told_from_an_age_by_its_cells():
    dates = suggest("dob,gender\n" + "01.02.1999,F\n03.04.2001,M\n" * 3)
    ages = suggest("dob,spol\n" + "17,ženski\n18,muški\n" * 3)
    assert (placed(dates)["dob"], placed(ages)["dob"]) == ("refused", "age_at_registration")


def test_rows_of_others_are_no_cases():
    rows = ["{n};víctima;F;explotación sexual", "{n}9;imputado;M;trabajo forzado"]
    table = suggest(repeat("Número de caso;Calidad;Sexo;Tipo", rows, 20, ";"))
    text = draft(table)
    assert "ignored_rows:  # who is no victim" in text
    assert '  - {column: "Calidad", values: ["imputado"], reason: no victim}' in text
    assert placed(table)["Tipo"] == "purpose"  # a bare word above cells that can mean only one thing


def test_a_bare_type_of_other_words_says_what_is_asked():
    rows = ["{n};F;rojo", "{n}9;M;azul"]
    [open_] = [
        one
        for one in suggest(repeat("Número de caso;Sexo;Tipo", rows, 20, ";")).columns
        if one.column.name == "Tipo"
    ]
    assert open_.placement.reason == (
        'header word "tipo" (es) may mean several things; 2 different answers, which a lookup may place'
    )


def test_persian_names_are_shown_as_they_are_written():
    assert quote("شماره\u200cپرونده") == '"شماره\u200cپرونده"'
    assert "\\U0000202e" in quote("\u202eپرونده")


def test_a_count_that_mostly_says_one_is_left_to_a_person_and_the_rest_is_placed():
    rows = ["0{n}/03/2022;FEMENINO;1", "1{n}/04/2022;MASCULINO;1", "2{n}/05/2022;FEMENINO;2"]
    table = suggest(repeat("FECHA HECHO;GENERO;CANTIDAD", rows, 9, ";").replace("00/03", "09/03"))
    assert placed(table)["GENERO"] == "gender"
    assert placed(table)["FECHA HECHO"] == "year_of_registration"
    [count] = [one.placement for one in table.columns if one.column.name == "CANTIDAD"]
    assert count.place is Place.UNDECIDED
    assert "9 rows do not say 1" in count.reason


def test_a_table_of_counts_is_told_as_one():
    table = suggest(repeat("AÑO;GENERO;CANTIDAD", ["2019;FEMENINO;1{n}", "2020;MASCULINO;3{n}"], 9, ";"))
    assert {one.placement.reason for one in table.columns} == {
        "the file looks like a table of counts, not of cases"
    }
