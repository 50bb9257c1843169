import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "pandera", "sqlalchemy", "alembic", "scipy", "pydantic_settings", "airflow")


def test_anonymizing_a_table_loads_nothing_that_takes_longer_than_the_table(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("town\n" + "a\nb\n" * 3)
    (tmp_path / "policy.yml").write_text("k: 2\nquasi_identifiers: [town]\nsuppression_limit: 0\n")
    out = tmp_path / "out.parquet"
    arguments = ["palermo", "anonymize", str(tmp_path / "table.csv"), "--policy"]
    arguments += [str(tmp_path / "policy.yml"), "--out", str(out)]
    code = (
        f"import sys; sys.argv = {arguments!r}\n"
        "from cli.main import app\n"
        "try: app()\n"
        f"finally: print('loaded:', *({HEAVY!r} & sys.modules.keys()))\n"
    ).replace(repr(HEAVY), f"set({HEAVY!r})")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"
    assert out.exists()
