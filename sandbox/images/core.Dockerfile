# What every image has: git, ripgrep, the container's user, an empty /workspace.
ARG BASE
FROM ${BASE}
COPY ca.pem /usr/local/share/drydock/ca.pem
RUN set -eu; \
    ca=/usr/local/share/drydock/ca.pem; \
    if [ -s "$ca" ]; then echo "Acquire::https::CAInfo \"$ca\";" > /etc/apt/apt.conf.d/90drydock; fi; \
    for path in doc info locale man; do echo "path-exclude /usr/share/$path/*"; done > /etc/dpkg/dpkg.cfg.d/90drydock; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates git libatomic1 procps ripgrep; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*; \
    groupadd --gid 1000 drydock; \
    useradd --uid 1000 --gid 1000 --no-create-home --home-dir /tmp --shell /bin/sh drydock; \
    install -d -o 1000 -g 1000 /workspace
USER 1000:1000
WORKDIR /workspace
