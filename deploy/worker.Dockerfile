# A worker of a fleet. Build it from the checkout: docker build -f deploy/worker.Dockerfile .
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS built
WORKDIR /drydock
COPY . .
RUN npm ci --no-audit --no-fund && node esbuild.mjs --package

FROM ${NODE_IMAGE}
RUN apt-get update && apt-get install -y --no-install-recommends git openssh-client ca-certificates \
 && rm -rf /var/lib/apt/lists/* && useradd --create-home --uid 10001 drydock \
 # A new volume takes the owner of the folder that it is mounted on.
 && mkdir /shared && chown drydock: /shared
COPY --from=built /drydock/package.json /drydock/
COPY --from=built /drydock/dist /drydock/dist
COPY --from=built /drydock/prompts /drydock/prompts
COPY --from=built /drydock/sandbox/images /drydock/sandbox/images
USER drydock
ENV DRYDOCK_HOME=/home/drydock/.drydock
# The engine's socket belongs to a group of the host: `docker run --group-add`, DOCKER_GROUP of the compose file.
ENTRYPOINT ["node", "/drydock/dist/drydock.mjs"]
CMD ["fleet", "worker"]
