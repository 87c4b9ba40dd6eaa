export function readConfig(env = process.env) {
  return {
    port: Number(env.PORT ?? 8080),
    secret: env.RELAY_SECRET ?? 'change-me',
    targets: (env.RELAY_TARGETS ?? '').split(',').filter(Boolean),
    attempts: Number(env.RELAY_ATTEMPTS ?? 4),
    pause: Number(env.RELAY_PAUSE ?? 250),
    hops: Number(env.RELAY_HOPS ?? 2),
  };
}
