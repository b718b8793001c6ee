# syntax=docker/dockerfile:1
# Segue in a container: built from the hashed locks, run by a user of its own, data in /data.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements/run.lock requirements/dev.lock requirements/
# The environment that is shipped holds what runs, and nothing else.
RUN python -m venv /opt/segue \
    && /opt/segue/bin/pip install --require-hashes -r requirements/run.lock
# The build backend comes from the lock too; it stays in this stage.
RUN python -m venv /opt/backend \
    && /opt/backend/bin/pip install --require-hashes -r requirements/dev.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/backend/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir /build/wheel . \
    && /opt/segue/bin/pip install --no-deps --no-index /build/wheel/*.whl

FROM python:3.12-slim AS run
ENV PATH=/opt/segue/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SEGUE_HOME=/data/home
RUN groupadd --system --gid 10001 segue \
    && useradd --system --uid 10001 --gid segue --home-dir /data --no-create-home --shell /usr/sbin/nologin segue \
    && install --directory --owner=segue --group=segue --mode=0700 /data
COPY --from=build /opt/segue /opt/segue
USER 10001:10001
VOLUME /data
EXPOSE 8765
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8765/readyz', timeout=4)"]
ENTRYPOINT ["segue"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8765"]
