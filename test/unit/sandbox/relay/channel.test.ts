import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { type Channel, openChannel } from '../../../../sandbox/relay/channel.ts'
import { ContainerFrame, readFrames } from '../../../../src/contract/frames.ts'
import type { RelayHandler } from '../../../../src/runner/docker/relay.ts'
import { createRelaySession } from '../../../../src/runner/docker/relaySession.ts'
import { deferred } from '../../../support/deferred.ts'

interface Pair {
  readonly channel: Channel
  /** The runner goes away. */
  readonly hangUp: () => void
}

/** A channel and the runner's real session, over pipes instead of a container. */
function pair(handler: RelayHandler): Pair {
  const toContainer = new PassThrough()
  const fromContainer = new PassThrough()
  const limits = { maxRequestBytes: 8 * 1024 * 1024, maxOutputBytes: 4096, maxConcurrent: 8 }
  const session = createRelaySession(toContainer, handler, limits, () => undefined)
  const pump = async () => {
    for await (const { header, payload } of readFrames(fromContainer, ContainerFrame)) {
      session.accept(header, payload)
    }
  }
  void pump()
  return { channel: openChannel(toContainer, fromContainer), hangUp: session.close }
}

const never = new AbortController().signal

describe('a channel’s own requests', () => {
  it('are answered whole, each by its own answer, beyond the window of what may be on its way', async () => {
    const { channel, hangUp } = pair(async ({ method, target, body }) => ({
      status: 201,
      headers: {},
      body: Buffer.from(`${method} ${target} ${body}`),
    }))
    const long = 'ü'.repeat(3_000_000)
    const [posted, got] = await Promise.all([
      channel.ask('POST', '/long', long, 5_000, never),
      channel.ask('GET', '/short', undefined, 5_000, never),
    ])
    assert.deepEqual(got, { status: 201, body: 'GET /short ' })
    assert.equal(posted.body, `POST /long ${long}`)
    hangUp()
    await channel.closed
  })

  it('fail where the answer breaks off or the runner goes away', async () => {
    async function* broken() {
      yield Buffer.from('the beginning')
      throw new Error('upstream')
    }
    const { channel, hangUp } = pair(({ target }) =>
      target === '/broken'
        ? Promise.resolve({ status: 200, headers: {}, body: broken() })
        : new Promise(() => undefined),
    )
    await assert.rejects(channel.ask('GET', '/broken', undefined, 5_000, never), /broke off/)
    const waiting = channel.ask('GET', '/waits', undefined, 5_000, never)
    hangUp()
    await assert.rejects(waiting, /broke off/)
    await channel.closed
    await assert.rejects(channel.ask('GET', '/late', undefined, 5_000, never), /gone/)
  })

  it('end in time, or when nobody waits any more, and the runner learns of it', async () => {
    const learned = deferred<string>()
    const { channel, hangUp } = pair(
      ({ target }, signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            learned.resolve(target)
            reject(signal.reason)
          }),
        ),
    )
    await assert.rejects(channel.ask('GET', '/slow', undefined, 20, never), { name: 'TimeoutError' })
    assert.equal(await learned.promise, '/slow')
    const controller = new AbortController()
    const waiting = channel.ask('GET', '/left', undefined, 5_000, controller.signal)
    controller.abort(new Error('not any more'))
    await assert.rejects(waiting, /not any more/)
    await assert.rejects(channel.ask('GET', '/late', undefined, 5_000, controller.signal), /not any more/)
    hangUp()
    await channel.closed
  })
})
