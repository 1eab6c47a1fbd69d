# The server alone; docker-compose.yml brings the database.
FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY api/openapi.json ../api/openapi.json
COPY web .
RUN npm run build

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
RUN cargo build --release --locked --bin hindsight

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/hindsight hindsight
COPY --from=build /src/target/release/hindsight /usr/local/bin/hindsight
USER hindsight
ENV HINDSIGHT_ENV=prod \
    HINDSIGHT_LISTEN=0.0.0.0:8080 \
    HINDSIGHT_DATA_DIR=/var/lib/hindsight
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "http://127.0.0.1:8080/readyz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["hindsight"]
CMD ["serve"]
