# The image of every service in docker-compose.yml. It holds no PostgreSQL: PALIMPSEST_DATABASE_URL names one.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/palimpsest
WORKDIR /build
# The dependencies change more rarely than the code: their layer is built first and kept.
COPY requirements/runtime.lock requirements/
RUN /opt/palimpsest/bin/pip install --require-hashes --requirement requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY cli cli
COPY domain domain
COPY examples examples
COPY intake intake
COPY ledger ledger
COPY migrations migrations
COPY projections projections
RUN /opt/palimpsest/bin/pip install --no-deps --no-build-isolation . \
    && /opt/palimpsest/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim
ENV PATH="/opt/palimpsest/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin palimpsest
COPY --from=build /opt/palimpsest /opt/palimpsest
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["palimpsest", "serve", "--host", "0.0.0.0", "--port", "8000"]
