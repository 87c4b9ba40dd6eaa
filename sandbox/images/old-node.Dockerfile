# A Node that Drydock's own programs do not run on, in a folder of its own beside the image's: first on the PATH of
# checks and install scripts, with the npm of its time and the Python 2 that its node-gyp asks for.
ARG BASE
FROM ${BASE} AS unpacked
LABEL drydock.cache=stage
USER root
COPY packages/ /packages/
RUN set -eu; \
    out=/out/opt/project; \
    mkdir -p "$out/lib/node_modules/npm"; \
    tar -x -z -f /packages/node.tgz --strip-components=1 --no-same-owner -C "$out" package/bin package/include; \
    tar -x -z -f /packages/npm.tgz --strip-components=1 --no-same-owner -C "$out/lib/node_modules/npm"; \
    chmod -R u=rwX,go=rX /out; \
    chmod 755 "$out"/lib/node_modules/npm/bin/*-cli.js; \
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$out/bin/npm"; \
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$out/bin/npx"

FROM ${BASE}
USER root
RUN set -eu; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python2; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
COPY --from=unpacked /out/ /
# Every node-gyp of that time reads this one.
ENV npm_config_nodedir=/opt/project
ENV npm_package_config_node_gyp_nodedir=/opt/project
USER 1000:1000
