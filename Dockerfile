# One file for the three services: docker build --build-arg SERVICE=scheduler .
FROM python:3.13-slim AS packages
ARG SERVICE
COPY requirements/${SERVICE}.txt /locked.txt
# Wheels only: nothing is compiled, and no package runs code of its own while it is installed.
RUN python3 -m venv --without-pip /venv \
    && python3 -m pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes -r /locked.txt

FROM python:3.13-slim
ARG SERVICE
# Never PYTHONOPTIMIZE or -O: libraries guard what they write with assert.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# A new named volume takes over the owner of /data.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin hour \
    && install --directory --owner=hour --group=hour --mode=0700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY shared/ shared/
COPY services/__init__.py services/
COPY services/${SERVICE}/ services/${SERVICE}/
# The file system is read-only later, so what Python would cache at the first start is made here.
RUN python -m compileall -q shared services
USER 10001:10001
# docker-compose.yml says which (services.scheduler, or services.scheduler migrate) and how it is watched.
ENTRYPOINT ["python", "-m"]
