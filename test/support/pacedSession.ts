import { connectRedis } from '../../src/runner/fleet/redis/connection.ts'
import { redisPace } from '../../src/runner/fleet/redis/pace.ts'
import { createGateway } from '../../src/runner/gateway/gateway.ts'

/* A process that asks a model as a worker's session does: `REDIS MODEL CAMPAIGN COUNT PER-MINUTE`. Prints its waits. */
const [redisUrl = '', baseURL = '', campaign = '', count = '1', perMinute = ''] = process.argv.slice(2)
await using connected = await connectRedis(redisUrl)
const waits: unknown[] = []
const { complete } = createGateway({
  connection: { apiKey: 'sk-ant-CANARY-paced', baseURL },
  budget: { usd: 5, wallClockMs: 60_000 },
  emit: (event) => event.type === 'model.retried' && waits.push(event),
  pace: redisPace(connected.redis, campaign, perMinute === '' ? undefined : Number(perMinute)),
})
const messages = [{ role: 'user' as const, content: 'hi' }]
for (let at = 0; at < Number(count); at += 1)
  await complete({
    purpose: 'judge',
    model: 'claude-sonnet-5-5',
    system: 'You repair.',
    maxTokens: 100,
    messages,
  })
process.stdout.write(JSON.stringify(waits))
