"""The letter about alerts: what it says, exactly."""

from schemas.alert import Alert, AlertKind
from telemetry.letter import MOST_TOLD, write_letter

HASH = "0123456789abcdef" * 4
FAILED = Alert(AlertKind.DELIVERY_FAILED, "srb_office_victims", "2019", "failed", HASH)
TASK = Alert(
    AlertKind.RUN_FAILED, "srb_office_victims", "2019", "FileUnreadable", "ingest.receive", "manual__1"
)


def test_a_letter_about_one_alert_names_it():
    letter = write_letter([FAILED])
    assert letter.subject == "Palermo: A delivery was not used: srb_office_victims 2019"
    assert letter.text == (
        "A delivery was not used: srb_office_victims 2019\n"
        "  rule failed\n"
        "  of 0123456789ab\n"
        "  What to do: read its page on the desk.\n"
        "\n"
        "All of it, in ten lines: palermo status\n"
    )


def test_a_letter_about_a_task_names_run_and_rule():
    assert "  rule FileUnreadable\n  of ingest.receive\n  run manual__1\n" in write_letter([TASK]).text


def test_many_alerts_are_one_letter_of_bounded_length():
    many = [Alert(AlertKind.DELIVERY_LATE, "srb_office_victims", str(1000 + n)) for n in range(MOST_TOLD + 1)]
    letter = write_letter(many)
    assert letter.subject == f"Palermo: {MOST_TOLD + 1} alerts"
    assert letter.text.count("A delivery is late") == MOST_TOLD
    assert "and 1 more: palermo watch" in letter.text
    assert "more:" not in write_letter(many[:-1]).text


def test_a_program_is_told_the_same():
    assert write_letter([TASK]).facts == [
        {
            "kind": "RUN_FAILED",
            "title": "A task failed for good",
            "source": "srb_office_victims",
            "period": "2019",
            "rule": "FileUnreadable",
            "subject": "ingest.receive",
            "run": "manual__1",
        }
    ]
