"""How Palermo runs Airflow on the embedded default: its environment, all inside the Palermo root."""

import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pipeline.settings import CHECKOUT
from storage.staging import PRIVATE_FOLDER

POOLS = CHECKOUT / "deploy" / "pools.json"
"""Airflow's pools; a task in a pool that is not there would never start."""

# Two invented people for the embedded default; production brings its own users.
PEOPLE = ("approver_one", "approver_two")


def airflow_environment(home: Path, port: int = 8080) -> dict[str, str]:
    """Environment variables under which Airflow works in `<home>/airflow` on SQLite, bound to loopback."""
    root = home.resolve() / "airflow"
    # Airflow writes the approvers' passwords into it, readable for everyone.
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(PRIVATE_FOLDER)
    users = ",".join(
        f"{name}:{role}" for name, role in (("officer", "admin"), *((p, "user") for p in PEOPLE))
    )
    return {
        "AIRFLOW_HOME": str(root),
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # A paused DAG loses the event of the one before it.
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": users,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{root / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API_AUTH__JWT_SECRET": _token_secret(root),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "GX_ANALYTICS_ENABLED": "False",
        "PALERMO_HOME": str(home.resolve()),
    }


def enter_airflow_home(home: Path) -> None:
    """Set the environment of this process; must happen before Airflow is imported."""
    os.environ.update(airflow_environment(home))


def prepare_airflow(binary: Path, environment: Mapping[str, str]) -> None:
    """Migrate Airflow's database and make its pools, as `airflow-init` of docker-compose.yml does.

    Raises:
        CalledProcessError: Airflow said why.
    """
    for command in (("db", "migrate"), ("pools", "import", str(POOLS))):
        subprocess.run([binary, *command], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _token_secret(root: Path) -> str:
    """The secret with which Airflow signs its tokens, made once."""
    path = root / "jwt_secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(48))
    return path.read_text()
