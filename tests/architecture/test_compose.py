"""What docker-compose.yml must say of every service; that it works, test_native_compose.py shows."""

import re
import subprocess

import pytest
import yaml
from compose_file import read_compose, services

from pipeline.settings import CHECKOUT

SERVICES = list(services().values())
ENTRANCE = "proxy"
PREPARING = ("airflow-init", "palermo-init")
FILE = re.compile(r"[\w./-]+\.(?:md|ya?ml|sh)\b")
EXACT = re.compile(r"[a-z0-9./-]+:(\d+\.\d+(\.\d+)?(-[a-z0-9]+)?|[a-z]+-\d{8}-slim)|.+@sha256:[0-9a-f]{64}")
# Variables that point to a secret: at a file, or by a command that reads one.
POINTERS = ("_FILE", "_CMD")
SECRET = re.compile(r"PASSWORD|SECRET|FERNET|_KEY|DATABASE_URL|SQL_ALCHEMY_CONN|BROKER_URL|RESULT_BACKEND")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_can_do_no_more_than_it_must(service):
    keys = service.keys
    assert keys["read_only"] is True
    assert keys["cap_drop"] == ["ALL"]
    assert "cap_add" not in keys
    assert "privileged" not in keys
    assert keys["security_opt"] == ["no-new-privileges:true"]
    assert int(keys["user"].partition(":")[0]) > 0
    assert {"mem_limit", "cpus", "pids_limit"} <= set(keys)
    assert not any("docker.sock" in str(volume) for volume in keys.get("volumes", []))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_that_stays_is_watched_and_started_again(service):
    if service.name in PREPARING:
        assert service.keys["restart"] == "no"
        return
    assert service.keys["restart"] == "unless-stopped"
    assert service.health_check


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_only_the_proxy_is_reached_from_outside(service):
    if service.name == ENTRANCE:
        assert service.keys["networks"] == ["back", "front"]
        assert service.keys["ports"] == ["0.0.0.0:443:8443"]
        return
    assert service.keys["networks"] == ["back"]
    assert "ports" not in service.keys
    assert "network_mode" not in service.keys
    assert not any("0.0.0.0" in value for value in service.environment.values())


def test_the_network_behind_the_proxy_leads_nowhere():
    assert read_compose()["networks"]["back"] == {"internal": True}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_no_secret_stands_in_the_environment(service):
    for name in service.environment:
        assert not SECRET.search(name) or name.endswith(POINTERS), name
    declared = read_compose()["secrets"]
    used = set(service.keys.get("secrets", []))
    assert used <= set(declared)
    said = " ".join([*service.environment.values(), *service.command])
    named = set(re.findall(r"/run/secrets/(\w+)", said))
    assert named <= used


def test_alerts_open_a_way_out_for_the_process_that_sends_them_and_no_other():
    added = yaml.safe_load((CHECKOUT / "deploy" / "alerts.yml").read_text())
    assert list(added["services"]) == ["airflow-scheduler"]
    assert set(added["services"]["airflow-scheduler"]) == {"networks", "secrets", "volumes", "environment"}
    assert set(added["services"]["airflow-scheduler"]["secrets"]) == set(added["secrets"])


def test_every_secret_is_a_file_that_is_never_committed():
    added = yaml.safe_load((CHECKOUT / "deploy" / "alerts.yml").read_text())
    for name, secret in (read_compose()["secrets"] | added["secrets"]).items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "/secrets/" in (CHECKOUT / ".gitignore").read_text().splitlines()


def test_every_image_is_of_one_exact_version():
    images = {service.keys["image"] for service in SERVICES}
    base = re.search(r"^ARG BASE=(\S+)$", (CHECKOUT / "Dockerfile").read_text(), re.M)
    assert base
    assert [image for image in {*images, base[1]} if not EXACT.fullmatch(image)] == []


def test_airflow_asks_who_somebody_is_by_an_auth_manager_for_production():
    for service in SERVICES:
        if manager := service.environment.get("AIRFLOW__CORE__AUTH_MANAGER"):
            assert manager.endswith(".FabAuthManager")
    assert "AIRFLOW__CORE__AUTH_MANAGER" in services()["airflow-apiserver"].environment


def test_the_desk_sees_the_desk_and_the_catalogue_sees_what_is_public():
    assert [v for v in services()["desk"].keys["volumes"] if "srv" in v] == [
        "/srv/palermo/restricted/desk:/srv/desk:ro"
    ]
    assert [v for v in services()["catalogue"].keys["volumes"] if "srv" in v] == [
        "/srv/palermo/public:/srv/public:ro"
    ]


@pytest.mark.parametrize("name", ["desk", "catalogue", "airflow-apiserver", "airflow-scheduler"])
def test_what_needs_the_zones_waits_until_they_are_made(name):
    waits = services()[name].keys["depends_on"]
    assert waits["palermo-init"] == {"condition": "service_completed_successfully"}
    assert services()["palermo-init"].command == ["palermo", "settings"]


def test_every_file_that_is_named_is_there():
    text = (CHECKOUT / "docker-compose.yml").read_text()
    here = [name for name in FILE.findall(text) if name.startswith(("./", "docs/", "docker-compose"))]
    assert "docs/how-to/install-on-a-server.md" in here
    assert [name for name in here if not (CHECKOUT / name).is_file()] == []


def test_secrets_are_made_once_and_closed_to_other_users(tmp_path):
    """Every secret that the file names is made; a second run changes none."""
    script = tmp_path / "deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_text((CHECKOUT / "deploy" / "make-secrets").read_text())
    subprocess.run(["bash", script], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(read_compose()["secrets"])
    assert all(made.values())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    subprocess.run(["bash", script], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()} == made
