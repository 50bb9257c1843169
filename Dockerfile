# Palermo and Airflow in one image; docker-compose.yml runs every Airflow service and `palermo` from it.
# Debian's own Python, so that security updates of the interpreter come with those of the system.
ARG BASE=docker.io/library/debian:bookworm-20250520-slim

FROM ${BASE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3.11-venv
WORKDIR /opt/palermo
COPY requirements-uv.lock requirements-server.lock ./
RUN python3.11 -m venv /opt/uv \
    && /opt/uv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock
# The root is read-only later, so the bytecode is made now.
RUN /opt/uv/bin/uv venv --python /usr/bin/python3.11 .venv \
    && /opt/uv/bin/uv pip sync --no-cache --python .venv/bin/python --require-hashes --no-build \
        --compile-bytecode requirements-server.lock
COPY . .
RUN /opt/uv/bin/uv pip install --no-cache --python .venv/bin/python --no-deps --no-build-isolation --offline -e . \
    && .venv/bin/python -m compileall -q anonymize cli dags pipeline portal publish samples schemas storage telemetry transforms

FROM ${BASE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3.11 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 50000 palermo \
    && useradd --uid 50000 --gid 50000 --no-create-home --home-dir /var/lib/airflow --shell /usr/sbin/nologin palermo \
    && install -d -o palermo -g palermo -m 0700 /var/lib/airflow /var/lib/airflow/logs
COPY --from=build /opt/palermo /opt/palermo
ENV PATH=/opt/palermo/.venv/bin:/usr/bin:/bin \
    AIRFLOW_HOME=/var/lib/airflow \
    PALERMO_HOME=/srv/palermo \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 50000:50000
WORKDIR /opt/palermo
CMD ["palermo", "--help"]
