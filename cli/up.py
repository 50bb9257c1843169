"""Airflow with its web page, on the embedded default, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import typer

from cli.outcome import exit_on_refusal
from pipeline.step import Refusal


class PortTaken(Refusal):
    """Another program listens where Airflow's web page should be."""


@exit_on_refusal
def up() -> None:
    """Start Airflow with its web page on 127.0.0.1, port PALERMO_AIRFLOW_PORT (8080); Ctrl-C stops it.

    Example: palermo up
    """
    run_airflow()


def run_airflow() -> None:
    """Run `airflow standalone` in the foreground; it is stopped by SIGINT only, so that no child stays.

    Raises:
        PortTaken: another program has the port; nothing was started.
    """
    from cli.airflow_home import airflow_environment, prepare_airflow
    from pipeline.settings import load_settings

    settings = load_settings()
    check_port(settings.airflow_port)
    binaries = Path(sys.executable).parent
    environment = {**os.environ, **airflow_environment(settings.home, settings.airflow_port)}
    # `airflow standalone` starts its parts by the name `airflow`.
    environment["PATH"] = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
    passwords = Path(environment["AIRFLOW_HOME"]) / "simple_auth_manager_passwords.json.generated"
    typer.echo(f"Airflow: {environment['AIRFLOW__API__BASE_URL']} (users and passwords: {passwords})")
    prepare_airflow(binaries / "airflow", environment)
    # A background shell ignores SIGINT and would hand that on to Airflow, which then could not be stopped.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # In a session of its own Airflow hears one SIGINT, ours, and not the terminal's as well.
    airflow = subprocess.Popen(  # noqa: S603
        [binaries / "airflow", "standalone"], env=environment, start_new_session=True
    )
    signal.signal(signal.SIGTERM, lambda *_: airflow.send_signal(signal.SIGINT))
    try:
        airflow.wait()
    except KeyboardInterrupt:
        airflow.send_signal(signal.SIGINT)
        airflow.wait()


def check_port(port: int) -> None:
    """Let a port through that is free on 127.0.0.1.

    Raises:
        PortTaken: it is not, or may not be used.
    """
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just given back is free
        try:
            free.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(
                f"port {port} of 127.0.0.1 cannot be used ({error.strerror}): end the program that has it, "
                "or choose another with PALERMO_AIRFLOW_PORT"
            ) from None
