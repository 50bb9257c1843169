"""What deploy/make-native writes for a server without an engine: what the compose file says, here."""

import re
import shutil
import subprocess
import sys

import pytest
from compose_file import services

from pipeline.settings import CHECKOUT

HOSTS = {"PALERMO_HOST": "palermo.example.org", "PALERMO_PUBLIC_HOST": "data.example.org"}


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    """The folder that the script writes, in a copy of what it reads."""
    here = tmp_path_factory.mktemp("checkout")
    shutil.copytree(CHECKOUT / "deploy", here / "deploy")
    shutil.copy(CHECKOUT / "docker-compose.yml", here)
    script = here / "deploy" / "make-native"
    subprocess.run([sys.executable, script], env={**HOSTS, "PALERMO_DATA": "/data"}, check=True)
    return here / "native"


def test_every_variable_of_the_services_is_there_with_places_of_this_machine(native):
    text = (native / "environment").read_text()
    given = dict(line.split("=", 1) for line in text.splitlines())
    of_services = services()["airflow-scheduler"].environment
    assert set(given) == {"PATH", *(n for n in of_services if not n.startswith("AIRFLOW__CELERY__"))}
    assert given["PALERMO_HOME"] == "'/data'"
    assert given["AIRFLOW__API__BASE_URL"] == "'https://palermo.example.org'"
    of_containers = (
        "/run/secrets",
        "/opt/palermo",
        "/etc/palermo",
        "/srv/palermo",
        "airflow-apiserver",
        "${",
    )
    assert [place for place in of_containers if place in text] == []


def test_only_the_port_of_tls_is_reached_from_outside(native):
    text = "\n".join(path.read_text() for path in native.glob("*.conf"))
    listening = set(re.findall(r"listen ([^ ;]+)", text))
    assert {address for address in listening if not address.startswith("127.0.0.1:")} == {"0.0.0.0:443"}
    assert len(listening) == 4
    for name in HOSTS.values():
        assert f"server_name {name};" in text
    assert "${" not in text
    assert "/tmp" not in text.replace(str(native.parent), "")


def test_each_service_has_a_user_who_may_see_no_more_than_it_must(native):
    users = {path.stem: path.read_text().partition(";")[0] for path in native.glob("*.conf")}
    del users["hosts"]
    assert users == {"desk": "user palermo", "catalogue": "user www-data", "proxy": "user www-data"}
    assert "User=palermo" in (native / "palermo-airflow@.service").read_text()


def test_no_secret_is_written(native):
    assert not re.search(r"[0-9a-f]{32}", "\n".join(p.read_text() for p in native.iterdir() if p.is_file()))
