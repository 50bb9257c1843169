"""`palermo up` starts nothing where its port is taken."""

import socket

import pytest
from typer.testing import CliRunner

from cli.airflow_home import airflow_environment
from cli.main import app
from cli.up import PortTaken, check_port


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_taken_port_is_told_before_anything_is_made(taken, tmp_path):
    home = tmp_path / "home"
    environment = {"PALERMO_HOME": str(home), "PALERMO_AIRFLOW_PORT": str(taken)}
    said = CliRunner().invoke(app, ["up"], env=environment)
    assert said.exit_code != 0
    assert f"port {taken}" in said.output
    assert "PALERMO_AIRFLOW_PORT" in said.output
    assert not home.exists()


def test_a_port_that_is_given_back_is_free(taken):
    with pytest.raises(PortTaken):
        check_port(taken)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    check_port(free)


def test_everything_of_airflow_is_on_the_port_that_was_chosen(tmp_path):
    environment = airflow_environment(tmp_path, 8123)
    assert environment["AIRFLOW__API__PORT"] == "8123"
    assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8123"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
