#!/bin/sh
# Runs as root while the image is built; the engine itself starts with each container.
set -eu
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker.io iptables debootstrap
rm -rf /var/lib/apt/lists/*
mkdir -p /usr/local/share/drydock
cp "$(dirname "$0")/start-engine" /usr/local/share/drydock/start-engine
chmod 755 /usr/local/share/drydock/start-engine
