# One major version of Node with its headers, and the npm that belongs to it.
ARG BASE
FROM ${BASE} AS unpacked
LABEL drydock.cache=stage
USER root
COPY packages/ /packages/
RUN set -eu; \
    mkdir -p /out/usr/local/lib/node_modules/npm /out/usr/local/bin; \
    tar -x -z -f /packages/node.tgz --strip-components=1 --no-same-owner -C /out/usr/local package/bin package/include; \
    tar -x -z -f /packages/npm.tgz --strip-components=1 --no-same-owner -C /out/usr/local/lib/node_modules/npm; \
    chmod -R u=rwX,go=rX /out; \
    chmod 755 /out/usr/local/lib/node_modules/npm/bin/*-cli.js; \
    ln -s ../lib/node_modules/npm/bin/npm-cli.js /out/usr/local/bin/npm; \
    ln -s ../lib/node_modules/npm/bin/npx-cli.js /out/usr/local/bin/npx; \
    if [ ! -e /usr/local/bin/yarn ]; then rm -rf /out/usr/local/include; fi

FROM ${BASE}
COPY --from=unpacked /out/ /
# node-gyp compiles against these headers: install scripts run without a network.
ENV npm_package_config_node_gyp_nodedir=/usr/local
