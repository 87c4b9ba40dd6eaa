# One major version of the JDK. Maven is not in the image: the version that a project asks for comes with its packages.
ARG BASE
FROM ${BASE}
ARG JDK
USER root
RUN set -eu; \
    apt-get update; \
    mkdir -p /usr/share/man/man1; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      "openjdk-${JDK}-jdk-headless"; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*; \
    ln -s "$(dirname "$(dirname "$(readlink -f "$(ls -d /usr/lib/jvm/java-${JDK}-openjdk-*/bin/javac)")")")" /usr/lib/jvm/drydock
ENV JAVA_HOME=/usr/lib/jvm/drydock
USER 1000:1000
