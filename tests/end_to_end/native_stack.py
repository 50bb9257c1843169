"""The services of docker-compose.yml as processes of this machine, in the environment the file gives them.

Nothing is set that the file does not set; `Rewriting` says where hosts, ports and folders are here.
"""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from compose_file import Service, services

from pipeline.settings import CHECKOUT

SERVER = Path(os.environ.get("PALERMO_TEST_SERVER", CHECKOUT / ".venv-server"))
PREPARING = ("airflow-init", "palermo-init")
PROCESSES = ("airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer")
DATABASES = ("airflow", "palermo")
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Rewriting:
    """Where what the compose file names is on this machine; the order is the order of replacement."""

    folder: Path
    postgres: str
    api_port: str
    health_port: str

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Text in the file, and what stands for it here."""
        return (
            ("postgres:5432", self.postgres),
            ("airflow-apiserver:8080", f"127.0.0.1:{self.api_port}"),
            ("airflow-apiserver", "127.0.0.1"),
            ("/run/secrets", str(self.folder / "secrets")),
            ("/var/lib/airflow", str(self.folder / "airflow")),
            ("/srv/palermo", str(self.folder / "palermo")),
            ("/etc/palermo/policy.yml", str(CHECKOUT / "anonymize" / "policies" / "public.yml")),
            ("/etc/palermo/retention.yml", str(CHECKOUT / "pipeline" / "policies" / "retention.yml")),
            ("/etc/palermo/sources", str(CHECKOUT / "sources")),
            ("/opt/palermo", str(CHECKOUT)),
            ("127.0.0.1:8974", f"127.0.0.1:{self.health_port}"),
        )

    def ports(self) -> dict[str, str]:
        """Variables that are a port as a whole."""
        return {
            "AIRFLOW__API__PORT": self.api_port,
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": self.health_port,
        }

    def apply(self, text: str) -> str:
        """The text with everything replaced."""
        for there, here in self.texts():
            text = text.replace(there, here)
        return text

    def environment(self, service: Service) -> dict[str, str]:
        """What the service starts with: the file's variables, and the path of the image."""
        rewritten = {name: self.apply(value) for name, value in service.environment.items()}
        path = f"{SERVER / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
        return {**rewritten, **self.ports(), "PATH": path}


@dataclass
class NativeStack:
    """PostgreSQL's two databases, and the processes; `start` and `stop`."""

    folder: Path
    postgres: str
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose the ports."""
        api, health = _free_ports(2)
        self.rewriting = Rewriting(self.folder, self.postgres, str(api), str(health))
        self.services = services()

    @property
    def url(self) -> str:
        """Where Airflow's API answers."""
        return f"http://127.0.0.1:{self.rewriting.api_port}"

    @property
    def palermo_home(self) -> Path:
        """The root of the zones."""
        return self.folder / "palermo"

    @property
    def log(self) -> Path:
        """What all processes said."""
        return self.folder / "log"

    def prepare(self) -> None:
        """Make the secrets and the databases by the scripts that the image of PostgreSQL and people run."""
        for name in ("airflow", "palermo"):
            (self.folder / name).mkdir(mode=0o711)
        (self.folder / "deploy").mkdir()
        script = shutil.copy(CHECKOUT / "deploy" / "make-secrets", self.folder / "deploy")
        subprocess.run(["bash", script], check=True, capture_output=True)
        for path in (self.folder / "secrets").iterdir():
            path.chmod(0o600)
            path.write_text(self.rewriting.apply(path.read_text()))
        databases = self.rewriting.apply((CHECKOUT / "deploy" / "postgres" / "databases.sh").read_text())
        host, port = self.postgres.split(":")
        where = {"PGHOST": host, "PGPORT": port, "PATH": os.environ["PATH"]}
        subprocess.run(["bash", "-c", databases], check=True, env=where)

    def start(self) -> None:
        """Prepare as the two `…-init` services do, then start the processes and wait until all are well."""
        for name in PREPARING:
            self.run(name, *self.services[name].command)
        for name in PROCESSES:
            service = self.services[name]
            self.running[name] = subprocess.Popen(
                [self.rewriting.apply(word) for word in service.command],
                env=self.rewriting.environment(service),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=self.log.open("ab"),
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for name in PROCESSES:
            wait_until(lambda name=name: self.is_well(name), f"{name} is well")

    def run(self, name: str, *command: str) -> str:
        """Run a command as `docker-compose run` does in this service; what it printed.

        Raises:
            CalledProcessError: it failed.
        """
        service = self.services[name]
        with self.log.open("ab") as log:
            done = subprocess.run(
                [self.rewriting.apply(word) for word in command],
                env=self.rewriting.environment(service),
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                check=True,
                text=True,
            )
        return done.stdout

    def is_well(self, name: str) -> bool:
        """What the health check of the compose file says, asked by its own command."""
        assert self.running[name].poll() is None, f"{name} ended: see {self.log}"
        service = self.services[name]
        command = [self.rewriting.apply(word) for word in service.health_check]
        environment = self.rewriting.environment(service)
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0

    def memory_mib(self) -> dict[str, float]:
        """Proportional set size of every service with its children, in MiB."""
        return {name: sum(_measure(pid) for pid in _family(p.pid)) for name, p in self.running.items()}

    def stop(self) -> None:
        """End every process and drop both databases."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
        with psycopg.connect(
            f"postgresql://postgres@{self.postgres}/postgres", autocommit=True
        ) as connection:
            for name in DATABASES:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                connection.execute(f"DROP ROLE IF EXISTS {name}")


class Person:
    """Somebody who works with Airflow through its REST API."""

    def __init__(self, stack: NativeStack, name: str, password: str) -> None:
        """Sign in."""
        self.name = name
        self._client = httpx.Client(base_url=stack.url, timeout=60)
        self._credentials = {"username": name, "password": password}
        self._sign_in()

    def _sign_in(self) -> None:
        answer = self._client.post("/auth/token", json=self._credentials)
        answer.raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str, **query: str) -> Any:
        """What the API says."""
        answer = self._client.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def send(self, method: str, path: str, **body: Any) -> httpx.Response:
        """The answer to a request that changes something, whatever it is."""
        return self._client.request(method, path, json=body)


def wait_until(holds: Any, what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """Ask again and again until something holds; what it gave. Fails where it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.5)
    raise AssertionError(f"waited in vain: {what}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _measure(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
