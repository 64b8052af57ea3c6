FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 PATH=/app/.venv/bin:$PATH \
    PRODUCTION=true STATIC_COLLECTED=true PORT=8000 WORKERS=2
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9

# Before the code, so that a change of the code installs nothing again.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-cache --no-default-groups --python python3.11

COPY . .
# The settings want a URL; nothing connects to it.
RUN DATABASE_URL=postgres://localhost/none python manage.py collectstatic --noinput --ignore 'redoc*' \
    && python -m compileall -q commitments tracker && useradd --system --no-create-home --shell /usr/sbin/nologin tracker

USER tracker
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=5)"]
# SIGTERM while workers start would hang granian for ever without a kill timeout.
CMD ["sh", "-c", "exec granian --interface wsgi --host 0.0.0.0 --port $PORT --workers $WORKERS --blocking-threads 1 --workers-kill-timeout 5 --log-level warning tracker.wsgi:application"]
