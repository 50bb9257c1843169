"""The invented files of further countries: every row is made up, in a form that an office there could use.

Run it to write them anew: `python tests/countries/invented_country.py`. No `expected.csv` is made here: each
was written by hand from what the file says.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from invented_form import write_dta, write_ods, write_sav, write_text, write_xls, write_xlsx, write_zip

Files = dict[str, bytes]


def make_romania() -> Files:
    """An ODS sheet: title, header of two rows with merged cells, dates, totals and a remark below."""
    rows = [
        ["Victime identificate (date inventate)", *[None] * 8],
        [None] * 9,
        ["Nr. crt.", "Cod caz", "Data identificării", "Persoana", None, None, "Exploatare", None, None],
        [None, None, None, "Sex", "Vârsta", "Cetățenia", "Forma", "Țara", "Durata (luni)"],
        [1, "RO-101", date(2021, 2, 3), "F", 16, "română", "exploatare sexuală", "Italia", 7],
        [2, "RO-102", date(2021, 2, 28), "M", 34, "română", "muncă forțată", "Germania", 24],
        [3, "RO-103", date(2021, 5, 9), "F", 22, "moldovenească", "exploatare sexuală; muncă forțată",
         "România", 12],
        [4, "RO-104", date(2021, 9, 30), "F", "necunoscut", "ucraineană", "cerșetorie", "România", None],
        [5, "RO-105", date(2020, 12, 31), "M", 15, "română", "cerșetorie; exploatare sexuală",
         "Marea Britanie", 26],
        [None] * 9,
        [None, "TOTAL", None, "5", None, None, None, None, None],
        ["Sursa: registrul inventat", *[None] * 8],
    ]  # fmt: skip
    spans = {(1, 1): (1, 9), (3, 4): (1, 3), (3, 7): (1, 3)} | {(3, n): (2, 1) for n in (1, 2, 3)}
    return {"victime_inventate_2021.ods": write_ods("Victime", rows, spans)}


def make_thailand() -> Files:
    """A workbook with years of the Buddhist era and Thai digits."""
    rows = [
        ["ลำดับ", "เลขคดี", "วันที่คัดแยก", "เพศ", "อายุ", "สัญชาติ", "รูปแบบ", "ประเทศปลายทาง"],
        ["๑", "ค-๐๐๑", "๑๕/๐๓/๒๕๖๒", "หญิง", "๑๖", "ไทย", "ค้าประเวณี", "ไทย"],
        ["๒", "ค-๐๐๒", "๒๙/๐๒/๒๕๖๓", "ชาย", "๒๗", "กัมพูชา", "ประมง", "อินโดนีเซีย"],
        ["๓", "ค-๐๐๓", "๐๑/๑๒/๒๕๖๒", "ชาย", "๓๑", "ลาว", "ประมง", "ไทย"],
        ["๔", "ค-๐๐๔", "๓๑/๑๒/๒๕๖๒", "หญิง", "ไม่ทราบ", "เวียดนาม", "ค้าประเวณี, บังคับใช้แรงงาน", "มาเลเซีย"],
        ["๕", "ค-๐๐๕", "๐๙/๐๗/๒๕๖๒", "หญิง", "๘", "เมียนมา", "ขอทาน", "ไทย"],
    ]
    return {"invented_2562.xlsx": write_xlsx("ผู้เสียหาย", rows)}


def make_jordan() -> Files:
    """What a spreadsheet calls Unicode text: UTF-16, tabs, Arabic-Indic digits, yes and no in words."""
    rows = [
        ["رقم الحالة", "سنة التسجيل", "الجنس", "العمر", "الجنسية", "عمل قسري", "استغلال جنسي",
         "حجز جواز السفر", "حجز الأجور", "بلد الاستغلال"],
        ["ح-١", "٢٠٢٠", "أنثى", "٢٨", "الفلبين", "نعم", "لا", "نعم", "نعم", "الأردن"],
        ["ح-٢", "٢٠٢٠", "أنثى", "٢٣", "بنغلاديش", "نعم", "غير معروف", "نعم", "لا", "الأردن"],
        ["ح-٣", "٢٠٢١", "ذكر", "٤٢", "مصر", "نعم", "لا", "لا", "نعم", "الأردن"],
        ["ح-٤", "٢٠٢١", "أنثى", "١٧", "الأردن", "لا", "نعم", "لم يُسأل", "لم يُسأل", "لبنان"],
        ["ح-٥", "٢٠٢١", "أنثى", "", "غانا", "نعم", "لا", "غير معروف", "نعم", "غير معروف"],
    ]  # fmt: skip
    return {"invented_cases.txt": write_text(rows, encoding="utf-16", delimiter="\t")}


def make_ukraine() -> Files:
    """An SPSS file: codes with labels, and codes that its user declared to be missing."""
    columns = {
        "ID": ["UA-1", "UA-2", "UA-3", "UA-4", "UA-5", "UA-6"],
        "RIK": [2020.0, 2020.0, 2021.0, 2021.0, 2021.0, 2021.0],
        "STAT": [2.0, 1.0, 1.0, 2.0, 1.0, 9.0],
        "VIK": [24.0, 41.0, 37.0, 99.0, 17.0, 55.0],
        "HROMAD": [1.0, 1.0, 2.0, 1.0, 1.0, 99.0],
        "TRUD": [0.0, 1.0, 1.0, 0.0, 9.0, 1.0],
        "SEKS": [1.0, 0.0, 0.0, 1.0, 9.0, 0.0],
        "ZHEBR": [0.0, 0.0, 0.0, 0.0, 1.0, 8.0],
        "KRAINA": [3.0, 4.0, 1.0, 5.0, 1.0, 4.0],
    }
    labels = {
        "ID": "Номер справи",
        "RIK": "Рік ідентифікації",
        "STAT": "Стать",
        "VIK": "Вік, повних років",
        "HROMAD": "Громадянство",
        "TRUD": "Трудова експлуатація",
        "SEKS": "Сексуальна експлуатація",
        "ZHEBR": "Примусове жебрацтво",
        "KRAINA": "Країна експлуатації",
    }
    answer = {0.0: "Ні", 1.0: "Так", 8.0: "Не запитували", 9.0: "Немає відповіді"}
    value_labels = {
        "STAT": {1.0: "чоловіча", 2.0: "жіноча", 9.0: "не вказано"},
        "VIK": {99.0: "невідомо"},
        "HROMAD": {1.0: "Україна", 2.0: "Молдова", 99.0: "невідомо"},
        "TRUD": answer,
        "SEKS": answer,
        "ZHEBR": answer,
        "KRAINA": {1.0: "Україна", 3.0: "Польща", 4.0: "Росія", 5.0: "Туреччина"},
    }
    missing = {"STAT": [9.0], "VIK": [99.0], "HROMAD": [99.0]} | {
        name: [8.0, 9.0] for name in ("TRUD", "SEKS", "ZHEBR")
    }
    return {"invented.sav": write_sav(columns, labels, value_labels, missing)}


def make_moldova() -> Files:
    """Nested XML: reports of which each has several persons, victims and accused."""

    def person(role: str, facts: dict[str, str], forms: tuple[str, ...] = ()) -> str:
        cells = "".join(f"<{name}>{value}</{name}>" for name, value in facts.items())
        listed = "".join(f"<forma>{form}</forma>" for form in forms)
        return f'<persoana rol="{role}">{cells}<exploatare>{listed}</exploatare></persoana>'

    def report(number: str, day: str, country: str, *people: str) -> str:
        return (
            f'<raport nr="{number}"><data>{day}</data><loc><tara>{country}</tara></loc>'
            f"<persoane>{''.join(people)}</persoane></raport>"
        )

    reports = [
        report("MD-7", "12.04.2022", "MD",
               person("victima", {"cod": "MD-7-1", "sex": "F", "virsta": "15", "cetatenie": "MD"},
                      ("sexuala",)),
               person("victima", {"cod": "MD-7-2", "sex": "F", "virsta": "19", "cetatenie": "MD"},
                      ("sexuala", "munca")),
               person("faptuitor", {"cod": "MD-7-3", "sex": "M", "virsta": "44", "cetatenie": "UA"})),
        report("MD-8", "01.09.2022", "RU",
               person("victima", {"cod": "MD-8-1", "sex": "M", "virsta": "38", "cetatenie": "MD"},
                      ("munca",))),
        report("MD-9", "30.11.2022", "",
               person("victima", {"cod": "MD-9-1", "sex": "M", "virsta": "", "cetatenie": "RO"},
                      ("cersit",))),
    ]  # fmt: skip
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<rapoarte>\n{chr(10).join(reports)}\n</rapoarte>\n'
    return {"rapoarte_inventate.xml": text.encode()}


def make_albania() -> Files:
    """A ZIP archive of two linked tables: a row of the case table is a person, several share a file."""
    cases = [
        ["nr_dosjes", "viti", "vendi_shfrytezimit", "lloji"],
        ["AL-1", "2021", "Shqipëri", "shfrytëzim seksual"],
        ["AL-2", "2021", "Kosovë", "punë e detyruar"],
        ["AL-3", "2022", "Greqi", "lypje e detyruar"],
    ]
    persons = [
        ["nr_personit", "nr_dosjes", "gjinia", "mosha", "shtetësia"],
        ["P1", "AL-1", "femër", "16", "Shqipëri"],
        ["P2", "AL-1", "femër", "21", "Kosovë"],
        ["P3", "AL-2", "mashkull", "33", "Shqipëri"],
        ["P4", "AL-3", "mashkull", "11", "Shqipëri"],
        ["P5", "AL-3", "femër", "9", "nuk dihet"],
    ]
    members = {
        "dosjet.csv": write_text(cases, encoding="windows-1252", delimiter=";"),
        "personat.csv": write_text(persons, encoding="windows-1252", delimiter=";"),
    }
    return {"te_shpikura_2022.zip": write_zip(members)}


def make_turkey() -> Files:
    """An old workbook of a Turkish code page: dates as serial numbers, age bands with cuts of their own."""
    rows = [
        ["Dosya no", "Tespit tarihi", "Cinsiyet", "Yaş grubu", "Uyruk", "İstismar türü", "Ülke"],
        ["TR/1", 43862, "Kadın", "24-26", "Özbekistan", "Cinsel sömürü", "Türkiye"],
        ["TR/2", 43891, "Kadın", "12-15", "Suriye", "Zorla çalıştırma", "Türkiye"],
        ["TR/3", 44012, "Erkek", "18-25", "Türkmenistan", "Zorla çalıştırma", "Türkiye"],
        ["TR/4", 44196, "Kadın", "26-35", "Kırgızistan", "Cinsel sömürü", "Türkiye"],
        ["TR/5", 44197, "Erkek", "48+", "Fas", "Zorla çalıştırma", "Libya"],
        ["TR/6", 43831, "Kadın", "Belirsiz", "Uganda", "Cinsel sömürü", "Belirsiz"],
    ]
    return {"uydurma.xls": write_xls("Mağdurlar", rows, "cp1254", 1254)}


def make_brazil() -> Files:
    """Nested JSON; what happened is one yes or no a form of exploitation."""

    def record(
        number: int, day: str, victim: dict[str, str | int | None], ends: list[str], country: str
    ) -> dict:  # type: ignore[type-arg]
        forms = ("exploracao_sexual", "trabalho_escravo", "remocao_orgaos", "adocao_ilegal")
        return {
            "caso": f"BR-{number:03}",
            "registro": {"data": day, "orgao": "invented"},
            "vitima": victim,
            "finalidade": {form: form in ends for form in forms},
            "destino": {"pais": country},
        }

    records = [
        record(1, "2022-03-05", {"sexo": "F", "idade": 16, "nacionalidade": "Brasil"},
               ["exploracao_sexual"], "Espanha"),
        record(2, "2022-03-06", {"sexo": "M", "idade": 41, "nacionalidade": "Bolívia"},
               ["trabalho_escravo"], "Brasil"),
        record(3, "2022-07-19", {"sexo": "M", "idade": None, "nacionalidade": "Paraguai"},
               ["trabalho_escravo", "exploracao_sexual"], "Brasil"),
        record(4, "2023-01-02", {"sexo": "F", "idade": 0, "nacionalidade": "Brasil"},
               ["adocao_ilegal"], "Itália"),
        record(5, "2022-12-31", {"sexo": "não informado", "idade": 29, "nacionalidade": "Haiti"},
               ["trabalho_escravo"], "Brasil"),
    ]  # fmt: skip
    text = json.dumps({"gerado": "2023-02-01", "registros": records}, ensure_ascii=False, indent=1)
    return {"inventado.json": text.encode()}


def make_colombia() -> Files:
    """A Stata file: whole numbers with value labels."""
    columns = {
        "caso": ["CO-11", "CO-12", "CO-13", "CO-14", "CO-15"],
        "anio": [2018, 2019, 2019, 2020, 2020],
        "genero": [2, 2, 1, 3, 2],
        "edad": [25, 14, 52, 30, 19],
        "nacionalidad": ["Colombia", "Venezuela", "Colombia", "Colombia", "Ecuador"],
        "finalidad": [1, 1, 2, 1, 3],
        "pais": ["España", "Colombia", "Perú", "México", "Sin dato"],
    }
    labels = {
        "caso": "Número del caso",
        "anio": "Año de registro",
        "genero": "Género",
        "edad": "Edad al registro",
        "nacionalidad": "Nacionalidad",
        "finalidad": "Finalidad de la explotación",
        "pais": "País de explotación",
    }
    value_labels = {
        "genero": {1: "Hombre", 2: "Mujer", 3: "Persona trans"},
        "finalidad": {1: "Explotación sexual", 2: "Trabajos forzados", 3: "Matrimonio servil"},
    }
    return {"inventado.dta": write_dta(columns, labels, value_labels)}


def make_bulgaria() -> Files:
    """windows-1251 with semicolons and months by name."""
    rows = [
        ["Дело №", "Дата на идентифициране", "Пол", "Възраст", "Гражданство", "Вид експлоатация",
         "Държава на експлоатация", "Забележка"],
        ["БГ-1", "5 март 2020 г.", "жена", "23", "България", "сексуална", "Германия", ""],
        ["БГ-2", "17 август 2020 г.", "мъж", "45", "България", "трудова", "Нидерландия", ""],
        ["БГ-3", "1 януари 2021 г.", "жена", "16", "Румъния", "сексуална, просия", "България", ""],
        ["БГ-4", "30 септември 2020 г.", "жена", "няма данни", "България", "принудителен брак", "Гърция", ""],
        ["БГ-5", "9 май 2020 г.", "мъж", "38", "Сърбия", "трудова", "няма данни", ""],
    ]  # fmt: skip
    return {"izmisleni_2020.csv": write_text(rows, encoding="windows-1251", delimiter=";")}


def make_iran() -> Files:
    """UTF-8 with a mark; dates of the Solar Hijri calendar in Persian digits, around the turn of years."""
    rows = [
        ["شماره پرونده", "تاریخ ثبت", "جنسیت", "سن", "تابعیت", "نوع بهره‌کشی", "کشور بهره‌کشی"],
        ["ا-۱", "۱۳۹۹/۰۲/۱۵", "زن", "۱۹", "افغانستان", "بهره‌کشی جنسی", "ایران"],
        ["ا-۲", "۱۳۹۹/۱۰/۱۱", "مرد", "۲۶", "افغانستان", "کار اجباری", "ایران"],
        ["ا-۳", "۱۳۹۹/۱۰/۱۲", "مرد", "۱۴", "ایران", "گدایی اجباری", "ایران"],
        ["ا-۴", "۱۳۹۹/۱۲/۳۰", "زن", "نامعلوم", "پاکستان", "کار اجباری، گدایی اجباری", "ترکیه"],
        ["ا-۵", "۱۴۰۰/۰۱/۰۱", "زن", "۳۳", "عراق", "بهره‌کشی جنسی", "عراق"],
    ]
    return {"invented_1399.csv": write_text(rows, encoding="utf-8-sig", delimiter=",")}


def make_philippines() -> Files:
    """A workbook in which a row is a report and a group of columns a person; groups may be empty."""
    groups = [f"Victim {n} {what}" for n in (1, 2, 3) for what in ("code", "sex", "age", "nationality")]
    rows = [
        ["Report No", "Date reported", "Type", "Country", *groups],
        ["R-1", "14/02/2019", "Sex trafficking", "Philippines",
         "V-1", "Female", 15, "Filipino", "V-2", "Female", 17, "Filipino", None, None, None, None],
        ["R-2", "03/06/2019", "Labor trafficking", "Malaysia",
         "V-3", "Male", 28, "Filipino", "V-4", "Male", 35, "Indonesian", "V-5", "Female", None, "Filipino"],
        ["R-3", "31/12/2018", "Labor trafficking", "Saudi Arabia",
         "V-6", "Female", 31, "Filipino", *[None] * 8],
        ["R-4", "01/07/2019", "Online sexual abuse", "Philippines",
         *[None] * 4, "V-7", "Male", 9, "Filipino", *[None] * 4],
    ]  # fmt: skip
    return {"invented_reports.xlsx": write_xlsx("Reports", rows)}


COUNTRIES: dict[str, Callable[[], Files]] = {
    "alb_authority_assisted_persons": make_albania,
    "bgr_commission_identified_victims": make_bulgaria,
    "bra_ministry_registered_cases": make_brazil,
    "col_ministry_registered_cases": make_colombia,
    "irn_office_registered_cases": make_iran,
    "jor_unit_registered_cases": make_jordan,
    "mda_police_reports": make_moldova,
    "phl_council_reports": make_philippines,
    "rou_agency_identified_victims": make_romania,
    "tha_division_identified_victims": make_thailand,
    "tur_directorate_identified_victims": make_turkey,
    "ukr_ministry_identified_victims": make_ukraine,
}


def write_countries(folder: Path) -> None:
    """Write the example of every country into its folder."""
    for source_id, make_files in COUNTRIES.items():
        examples = folder / source_id / "examples"
        examples.mkdir(parents=True, exist_ok=True)
        for name, content in make_files().items():
            (examples / name).write_bytes(content)


if __name__ == "__main__":
    write_countries(Path(__file__).parent)
