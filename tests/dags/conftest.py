"""A real Airflow for these tests: its own home and database, set up before Airflow is imported."""

import pytest

from cli.airflow_home import enter_airflow_home


@pytest.fixture(scope="session")
def airflow(tmp_path_factory):
    """The module that runs our DAGs, on an empty Airflow database."""
    enter_airflow_home(tmp_path_factory.mktemp("airflow_home"))
    from cli import airflow_run

    airflow_run.load_dags()
    return airflow_run


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty Palermo root that the tasks of the DAGs work in; its key file will lie beside it."""
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
