# Drydock's own programs, the last and smallest layer.
ARG BASE
FROM ${BASE}
COPY --chown=0:0 drydock/ /drydock/
