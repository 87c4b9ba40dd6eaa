# A tool chain with a clock that can be set: for tests that meet a certificate or a date that has expired since.
ARG BASE
FROM ${BASE}
USER root
RUN set -eu; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libfaketime; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*; \
    ln -s "$(ls /usr/lib/*/faketime/libfaketimeMT.so.1)" /usr/local/lib/drydock-clock.so
USER 1000:1000
