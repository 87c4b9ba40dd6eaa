# One more package manager, for lock files that no current one writes.
ARG BASE
FROM ${BASE} AS unpacked
LABEL drydock.cache=stage
USER root
COPY packages/ /packages/
RUN set -eu; \
    for file in /packages/*.tgz; do \
      tool=$(basename "$file" .tgz); \
      mkdir -p "/out/opt/drydock/$tool" /out/usr/local/bin; \
      tar -x -z -f "$file" --strip-components=1 --no-same-owner -C "/out/opt/drydock/$tool"; \
      chmod -R u=rwX,go=rX /out; \
      entry=$(ls "/out/opt/drydock/$tool"/bin/yarn.js "/out/opt/drydock/$tool"/bin/pnpm.cjs 2>/dev/null | head -n 1); \
      chmod 755 "$entry"; \
      ln -s "${entry#/out}" "/out/usr/local/bin/$tool"; \
    done

FROM ${BASE}
COPY --from=unpacked /out/ /
