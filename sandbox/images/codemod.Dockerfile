# The agent's image with ast-grep, for rules that change code; no project's code runs in it.
ARG BASE
FROM ${BASE} AS unpacked
LABEL drydock.cache=stage
USER root
COPY packages/ /packages/
RUN set -eu; \
    mkdir -p /out/usr/local/bin /unpacked; \
    tar -x -z -f /packages/ast-grep.tgz --strip-components=1 --no-same-owner -C /unpacked; \
    install -m 755 /unpacked/ast-grep /out/usr/local/bin/ast-grep

FROM ${BASE}
COPY --from=unpacked /out/ /
