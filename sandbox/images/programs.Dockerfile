# Drydock's own programs, the last and smallest layer, and what Node compiles of them: half of their start.
ARG BASE
FROM ${BASE}
COPY --chown=0:0 drydock/ /drydock/
USER 0:0
RUN install -d -o 1000 -g 1000 /drydock/cache
# Whoever runs these tests elsewhere has a name in git, and tests of tools that commit rely on it.
RUN git config --system user.name Sandbox && git config --system user.email sandbox@example.com
USER 1000:1000
# Node keeps what it compiled by user. An image without Node has no use for it.
RUN export NODE_COMPILE_CACHE=/drydock/cache; \
    if command -v node > /dev/null; then \
      for program in agent tools; do node "/drydock/$program.mjs" --warm < /dev/null; done; \
    fi
USER 0:0
RUN chown -R 0:0 /drydock/cache && chmod -R a+rX,go-w /drydock/cache
USER 1000:1000
