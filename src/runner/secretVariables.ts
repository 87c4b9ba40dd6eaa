/** Environment variables that hold the runner's secrets: no process that it starts inherits them. */
export const secretVariables: readonly string[] = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'DRYDOCK_GITHUB_TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'DRYDOCK_GITLAB_TOKEN',
  'GITLAB_TOKEN',
  // A password may stand in its address.
  'DRYDOCK_REDIS_URL',
  // Credentials of a collector stand in these.
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
]
