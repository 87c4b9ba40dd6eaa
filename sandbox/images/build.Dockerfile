# What install scripts expect of a build machine, and the package managers beside npm.
ARG BASE
FROM ${BASE} AS unpacked
LABEL drydock.cache=stage
USER root
COPY packages/ /packages/
RUN set -eu; \
    for file in /packages/*.tgz; do \
      tool=$(basename "$file" .tgz); \
      mkdir -p "/out/opt/drydock/$tool"; \
      tar -x -z -f "$file" --strip-components=1 --no-same-owner -C "/out/opt/drydock/$tool"; \
    done; \
    chmod -R u=rwX,go=rX /out; \
    mkdir -p /out/usr/local/bin; \
    cd /out/usr/local/bin; \
    for tool in /out/opt/drydock/*; do \
      name=$(basename "$tool"); \
      entry=$(ls "$tool"/bin/yarn.js "$tool"/bin/pnpm.cjs "$tool"/bin/pnpm.mjs 2>/dev/null | head -n 1); \
      chmod 755 "$entry"; \
      ln -s "${entry#/out}" "$name"; \
    done; \
    ln -s pnpm-10 pnpm; \
    ln -s yarn-1 yarn

FROM ${BASE}
USER root
RUN set -eu; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      bzip2 file g++ make patch pkg-config python3 unzip xz-utils; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
COPY --from=unpacked /out/ /
USER 1000:1000
