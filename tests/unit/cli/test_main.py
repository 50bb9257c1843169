"""The command line on the embedded default: what it shows, and the exit codes it promises."""

import shutil

import pytest
from typer.testing import CliRunner

from cli.main import app
from pipeline.settings import CHECKOUT
from samples.submission import write_samples

LARGE, SMALL = "zzz_palermo_invented_cases", "mkd_nrm_identified_victims"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def palermo(home, monkeypatch):
    monkeypatch.setenv("PALERMO_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "120")
    runner = CliRunner()
    return lambda *args: runner.invoke(app, [str(arg) for arg in args])


def ingest(palermo, sample, *more):
    return palermo("ingest", *sample.paths, "--source", sample.source_id, "--period", sample.period, *more)


def test_the_whole_way(palermo, samples, home):
    done = ingest(palermo, samples[LARGE][0], "--by", "officer")
    assert done.exit_code == 0, done.output
    assert "4,000" in done.output

    again = ingest(palermo, samples[LARGE][0], "--by", "officer")
    assert "received before; nothing has changed" in again.output

    prepared = palermo("release", "--by", "officer")
    assert prepared.exit_code == 0, prepared.output
    [folder] = [path for path in (home / "restricted" / "candidates").iterdir() if path.is_dir()]
    candidate = folder.name[:8]

    own = palermo("approve", candidate, "--by", "officer", "--reason", "mine")
    assert own.exit_code == 1
    assert "ask another person" in own.output
    first = palermo("approve", candidate, "--by", "first", "--reason", "read")
    assert (first.exit_code, list((home / "public" / "releases").glob("*"))) == (0, [])
    second = palermo("approve", candidate, "--by", "second", "--reason", "read")
    assert second.exit_code == 0, second.output
    [release] = (home / "public" / "releases").iterdir()
    assert (home / "public" / "index.html").exists()

    verified = palermo("verify", release.name)
    assert (verified.exit_code, "audit trail: whole" in verified.output) == (0, True)
    unchanged = palermo("release", "--by", "officer")
    assert (unchanged.exit_code, "has not changed" in unchanged.output) == (1, True)

    status = palermo("status", "--all")
    assert "Pool: 3,974 cases of 1 source-periods" in status.output
    asked = palermo("query", "SELECT count(*) AS cases FROM cases")
    assert "3974" in asked.output


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["verify", "latest"], 1, "YYYY.MM.N"),
        (["verify", "1999.01.1"], 1, "no"),
        (["approve", "ffffff", "--reason", "x"], 1, "0 candidates"),
        (["approve", "", "--reason", "x"], 1, "at least 6 letters"),
        (["query", "COPY cases TO 'x'"], 1, "one SELECT"),
        (["query", "SELECT * FROM read_csv('/etc/passwd')"], 1, "not run"),
        (["query"], 2, "sql"),
        (["ingest", "/no/such/file", "--source", LARGE, "--period", "2019"], 1, "file 1 of 1 cannot be read"),
        (["ingest", "/", "--source", LARGE, "--period", "2019"], 1, "file 1 of 1 cannot be read"),
    ],
)
def test_what_is_refused(palermo, samples, args, code, said):
    ingest(palermo, samples[SMALL][0])
    done = palermo(*args)
    assert done.exit_code == code, done.output
    assert said in done.output


def test_an_answer_is_shown_as_it_is(palermo, samples):
    ingest(palermo, samples[SMALL][0])
    done = palermo("query", "SELECT '[/x]' AS \"[y]\"", "--by", "officer")
    assert (done.exit_code, "[/x]" in done.output, "[y]" in done.output) == (0, True, True)


def test_a_file_name_is_not_repeated(palermo, tmp_path):
    missing = tmp_path / "Zdravka_Kanarinac.csv"
    done = palermo("ingest", missing, "--source", "srb_czztlj_identified_victims", "--period", "2019")
    assert (done.exit_code, "Kanarinac" in done.output) == (1, False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PALERMO_POLICY", "/no/such/policy.yml", "PALERMO_POLICY: there is no such file"),
        ("PALERMO_HOME", __file__, "PALERMO_HOME: it is a file"),
        ("PALERMO_DATABASE_URL", "postgresql+psycopg://palermo:hunter2@word:9@host/x", "URL of the ledger"),
        ("PALERMO_DATABASE_URL", "nosql://palermo:hunter2@host/x", "URL of the ledger"),
        ("PALERMO_DATABASE_URL", "hunter2", "URL of the ledger"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_to_do(palermo, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    done = palermo("release", "--by", "officer")
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert "hunter2" not in done.output


def test_the_mistake_of_one_source_does_not_make_another_look_refused(
    palermo, samples, tmp_path, monkeypatch
):
    """The desk names all sources; whoever reads `refused` must be able to trust that nothing was done."""
    sources = shutil.copytree(CHECKOUT / "sources", tmp_path / "sources")
    (sources / "srb_czztlj_identified_victims" / "source.yml").write_text("title: : x\n")
    monkeypatch.setenv("PALERMO_SOURCES", str(sources))
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    done = ingest(palermo, samples[SMALL][0], "--by", "officer")
    assert done.exit_code == 0, done.output
    assert "refused" not in done.output
    assert "Used" in done.output


def test_mistakes_of_a_description_stand_one_a_line(palermo, samples, tmp_path, monkeypatch):
    text = (CHECKOUT / "sources" / SMALL / "source.yml").read_text("utf-8")
    wrong = text.replace("format: xlsx", "format: xls1").replace("every: year", "every: yearly")
    (tmp_path / SMALL).mkdir()
    (tmp_path / SMALL / "source.yml").write_text(wrong, "utf-8")
    monkeypatch.setenv("PALERMO_SOURCES", str(tmp_path))
    refused = ingest(palermo, samples[SMALL][0])
    assert refused.exit_code == 1
    told = refused.output.split(f"refused: source {SMALL} has 2 mistakes\n")[1].splitlines()
    assert told[0].startswith("  line 6: schedule.every: must be one of month, ")
    assert told[1].startswith("  line 12: reader.format: must be one of ")


def test_an_unknown_source_and_a_wrong_period(palermo, samples):
    path = samples[SMALL][0].paths[0]
    unknown = palermo("ingest", path, "--source", "xyz_no_such", "--period", "2019")
    assert (unknown.exit_code, "no source of that id" in unknown.output) == (1, True)
    wrong = palermo("ingest", path, "--source", SMALL, "--period", "last year")
    assert (wrong.exit_code, "a period is a year" in wrong.output) == (1, True)


def test_an_identifier_is_refused_and_nothing_is_kept(palermo, samples, tmp_path, home):
    sample = samples["srb_czztlj_identified_victims"][0]
    lines = sample.paths[0].read_text("windows-1250").splitlines()
    cells = lines[1].split(";")
    cells[-1] = "marija.kanarinac@example.org"
    faulty = tmp_path / "faulty.csv"
    faulty.write_text("\n".join([lines[0], ";".join(cells), *lines[2:]]), "windows-1250")
    before = sorted((home / "restricted" / "raw").rglob("*"))
    done = palermo("ingest", faulty, "--source", sample.source_id, "--period", sample.period)
    assert done.exit_code == 1
    assert "IDENTIFIER_PATTERN" in done.output
    assert "kanarinac" not in done.output
    assert sorted((home / "restricted" / "raw").rglob("*")) == before


def test_a_defect_of_palermo_names_no_cell(palermo, samples, monkeypatch):
    import pipeline.ingest

    def broken(*_args, **_kwargs):
        raise ValueError("could not convert string to float: 'Marija Kanarinac'")

    monkeypatch.setattr(pipeline.room, "map_batch", broken)
    done = ingest(palermo, samples[SMALL][1])
    assert done.exit_code == 3
    assert "step map broke: ValueError" in done.output
    assert "Kanarinac" not in done.output


def test_a_description_is_drafted_and_never_overwritten(palermo, samples, tmp_path, home):
    [file] = samples[SMALL][0].paths
    out = tmp_path / "mkd_office_victims" / "source.yml"
    done = palermo("suggest", file, "--country", "MKD", "--out", out)
    assert done.exit_code == 0, done.output
    assert "age_at_registration" in done.output
    written = out.read_text("utf-8")
    assert "lookups:" in written
    again = palermo("suggest", file, "--out", out)
    assert (again.exit_code, "name another one" in again.output) == (1, True)
    assert out.read_text("utf-8") == written


def test_an_encoding_that_cannot_be_told_is_asked_for(palermo, tmp_path):
    file = tmp_path / "file.csv"
    file.write_bytes(b"pol;na\xe8\xe6iv;starost\nx;y;1\nz;y;2\n")
    asked = palermo("suggest", file)
    assert asked.exit_code == 1
    assert "windows-1250" in asked.output
    assert "načćiv" in asked.output
    assert palermo("suggest", file, "--encoding", "windows-1250").exit_code == 0


@pytest.mark.parametrize("args", [["/no/such/file"], ["/"]])
def test_a_draft_of_no_file_is_refused(palermo, args):
    assert palermo("suggest", *args).exit_code == 1


def test_settings_are_shown_without_secrets_and_tried(palermo, monkeypatch, home):
    monkeypatch.setenv("PALERMO_DATABASE_URL", f"sqlite:///{home / 'hunter2.sqlite'}")
    shown = palermo("settings")
    assert shown.exit_code == 0, shown.output
    assert "hunter2" not in shown.output
    assert "ledger: answers" in shown.output
    assert "PALERMO_HOME" in shown.output


def test_desk_and_catalogue_are_there_before_the_first_delivery_and_left_alone_later(
    palermo, monkeypatch, tmp_path
):
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    pages = [tmp_path / "home" / name / "index.html" for name in ("restricted/desk", "public")]
    assert palermo("settings").exit_code == 0
    assert all(page.read_text("utf-8").startswith("<!doctype html>") for page in pages)
    for page in pages:
        page.write_text("as it was")
    palermo("settings")
    assert [page.read_text() for page in pages] == ["as it was"] * 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PALERMO_HOM", "x", "did you mean PALERMO_HOME"),
        ("PALERMO_READING_FILE_MIB", "0", "PALERMO_READING_FILE_MIB"),
        ("PALERMO_DATABASE_URL", "postgresql+psycopg://p:hunter2@127.0.0.1:1/x", "PALERMO_DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("command", [["settings"], ["status"]])
def test_a_wrong_setting_ends_a_command_with_its_name(palermo, monkeypatch, name, value, said, command):
    monkeypatch.setenv(name, value)
    done = palermo(*command)
    assert done.exit_code == 1
    assert said in done.output
    assert "hunter2" not in done.output
    assert "Traceback" not in done.output


def test_a_case_is_withdrawn_by_a_key_from_standard_input_or_a_file(palermo, monkeypatch, tmp_path, samples):
    source = samples[SMALL][0].source_id
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    key = tmp_path / "key"
    key.write_text("Kanarinac-17\nKanarinac-18\n")
    done = palermo("withdraw", "--source", source, "--key", key, "--by", "officer")
    assert done.exit_code == 0, done.output
    assert "case 2 of 2: withdrawn" in done.output
    assert "releases that held it: none that is known" in done.output
    again = CliRunner().invoke(app, ["withdraw", "--source", source, "--key", "-"], input="Kanarinac-17\n")
    assert "was withdrawn before" in again.output
    assert "Kanarinac" not in done.output + again.output
    key.write_text("\n")
    assert palermo("withdraw", "--source", source, "--key", key).exit_code == 1
    erased = palermo("expire", "--by", "officer")
    assert (erased.exit_code, "retention: 0 files erased" in erased.output) == (0, True)


def test_the_trail_is_exported_and_verified(palermo, tmp_path, monkeypatch):
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    assert palermo("expire", "--by", "officer").exit_code == 0
    file = tmp_path / "trail.jsonl"
    exported = palermo("audit", "export", file, "--by", "officer")
    assert exported.exit_code == 0, exported.output
    verified = palermo("audit", "verify", "--against", file)
    assert (verified.exit_code, "audit trail: whole" in verified.output) == (0, True)
    assert palermo("audit", "verify", "--head", "nonsense").exit_code == 1
