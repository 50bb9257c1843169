"""Settings: where each comes from, and how a wrong one is told, by name and without its value."""

import pytest

from cli.reference import render_settings
from pipeline.settings import Settings, SettingsWrong, load_settings, name_variable


@pytest.fixture
def set_environment(monkeypatch):
    def put(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"PALERMO_{name}", str(value))

    return put


def test_a_variable_wins_over_a_line_and_a_line_over_the_default(set_environment, tmp_path):
    file = tmp_path / "palermo.yml"
    file.write_text("reading_file_mib: 7\nreading_batch_mib: 5\n")
    set_environment(SETTINGS=file, READING_BATCH_MIB=6)
    settings = load_settings()
    assert (settings.reading_file_mib, settings.reading_batch_mib, settings.reading_cpu_seconds) == (
        7,
        6,
        1800,
    )


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HOMME", "x", "PALERMO_HOMME: there is no such setting; did you mean PALERMO_HOME?"),
        ("QQQQ", "x", "PALERMO_QQQQ: there is no such setting; docs/reference/settings.md"),
        (
            "READING_MEMORY_MIB",
            "63",
            "PALERMO_READING_MEMORY_MIB: input should be greater than or equal to 64",
        ),
        ("READING_MEMORY_MIB", "hunter2", "PALERMO_READING_MEMORY_MIB: input should be a valid integer"),
        ("HOME", "{file}", "PALERMO_HOME: it is a file"),
        ("SOURCES", "{none}", "PALERMO_SOURCES: there is no such folder"),
        ("POLICY", "{none}", "PALERMO_POLICY: there is no such file"),
        ("DATABASE_URL_FILE", "{none}", "PALERMO_DATABASE_URL_FILE: the file cannot be read"),
        ("KEY_FILE", "var/palermo.key", "PALERMO_KEY_FILE: it is in the root: name a file apart"),
        ("BACKUP_FOLDER", "var/backup", "PALERMO_BACKUP_FOLDER: it is in the root: name the folder"),
        ("SETTINGS", "{none}", "PALERMO_SETTINGS: the file cannot be read"),
        ("SETTINGS", "{file}", "PALERMO_SETTINGS: the file has no lines"),
        ("ALERT_MAIL_SERVER", "mail.example.org", "PALERMO_ALERT_MAIL_FROM: there is a mail server and no"),
        ("ALERT_MAIL_SERVER", "mail.example.org", "PALERMO_ALERT_MAIL_TO: there is a mail server and nobody"),
        ("ALERT_MAIL_USER", "hunter2", "PALERMO_ALERT_MAIL_USER: user and password file go together"),
        ("ALERT_MAIL_PASSWORD_FILE", "{none}", "PALERMO_ALERT_MAIL_PASSWORD_FILE: the file cannot be read"),
        ("ALERT_MAIL_SECURITY", "hunter2", "PALERMO_ALERT_MAIL_SECURITY: input should be 'starttls', 'tls'"),
        ("ALERT_WEBHOOK_FILE", "{file}", "PALERMO_ALERT_WEBHOOK_FILE: its line is no address"),
        ("ALERT_HELD_SHARE", "1.01", "PALERMO_ALERT_HELD_SHARE: input should be less than or equal to 1"),
    ],
)
def test_a_wrong_setting_is_told_by_name_with_a_remedy(set_environment, tmp_path, variable, value, said):
    (tmp_path / "file").write_text("hunter2")
    set_environment(**{variable: value.format(file=tmp_path / "file", none=tmp_path / "none")})
    with pytest.raises(SettingsWrong) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_is_not_sent_in_the_open(set_environment, tmp_path):
    (tmp_path / "password").write_text("hunter2")
    mail = {"SERVER": "mail.example.org", "FROM": "palermo@example.org", "TO": "officer@example.org"}
    mail |= {"USER": "palermo", "PASSWORD_FILE": str(tmp_path / "password")}
    set_environment(**{f"ALERT_MAIL_{name}": value for name, value in mail.items()})
    assert load_settings().alert_mail_security == "starttls"
    set_environment(ALERT_MAIL_SECURITY="none")
    with pytest.raises(SettingsWrong, match="ALERT_MAIL_SECURITY: a password would be sent unprotected"):
        load_settings()


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("https://chat.example.org/hooks/secret", True),
        ("http://127.0.0.1:8065/hooks/secret", True),
        ("http://chat.example.org/hooks/secret", False),
        ("https:///hooks/secret", False),
        ("file:///etc/passwd", False),
    ],
)
def test_a_webhook_is_an_address_behind_tls_or_on_this_machine(set_environment, tmp_path, address, is_taken):
    (tmp_path / "webhook").write_text(f"{address}\n")
    set_environment(ALERT_WEBHOOK_FILE=tmp_path / "webhook")
    if is_taken:
        assert load_settings().alert_webhook_file == tmp_path / "webhook"
        return
    with pytest.raises(SettingsWrong, match="ALERT_WEBHOOK_FILE: its line is no address") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_the_smallest_value_that_is_allowed_is_allowed(set_environment):
    set_environment(READING_MEMORY_MIB=64)
    assert load_settings().reading_memory_mib == 64


@pytest.mark.parametrize("line", ["hom: x", "home: x\nhome: y", "- home", "home: !!python/name:os.system ''"])
def test_a_wrong_line_of_the_file_is_told(set_environment, tmp_path, line):
    file = tmp_path / "palermo.yml"
    file.write_text(line)
    set_environment(SETTINGS=file)
    with pytest.raises(SettingsWrong):
        load_settings()


def test_several_mistakes_are_told_at_once(set_environment, tmp_path):
    set_environment(HOMME="x", READING_FILE_MIB=0)
    with pytest.raises(SettingsWrong) as caught:
        load_settings()
    assert "2 settings are wrong" in str(caught.value)
    assert "PALERMO_HOMME" in str(caught.value)
    assert "PALERMO_READING_FILE_MIB" in str(caught.value)


def test_the_url_of_the_ledger_may_come_from_a_file(set_environment, tmp_path):
    file = tmp_path / "url"
    file.write_text("sqlite:////somewhere/ledger.sqlite\n")
    set_environment(DATABASE_URL_FILE=file)
    assert load_settings().ledger_url == "sqlite:////somewhere/ledger.sqlite"
    set_environment(DATABASE_URL="sqlite:///other")
    with pytest.raises(SettingsWrong, match="unset one"):
        load_settings()


def test_variables_of_the_tests_are_no_settings(set_environment):
    set_environment(TEST_POSTGRES="x", REAL_DATA="y")
    assert load_settings().reading_memory_mib == 4096


def test_every_setting_is_documented_with_a_meaning():
    page = render_settings()
    for name, field in Settings.model_fields.items():
        assert f"`{name_variable(name)}`" in page
        assert field.description
        assert field.description in page
