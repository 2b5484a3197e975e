FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv bubblewrap tesseract-ocr tesseract-ocr-fra libreoffice-writer-nogui \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home minutier
WORKDIR /opt/minutier
COPY requirements/run.lock requirements/run.lock
RUN python3 -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.lock
COPY . .
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps . \
 && install -d -o minutier -g minutier /var/lib/minutier
ENV PATH=/opt/venv/bin:$PATH
USER 10001:10001
CMD ["minutier", "serve"]
