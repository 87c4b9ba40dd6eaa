import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import Docker from 'dockerode'
import { pause } from '../../../../src/runner/docker/running.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

const frozenNot = 'Cannot pause container 0378: OCI runtime pause failed: unable to freeze: unknown'

/** An engine that answers each request to pause with the next of these, and grants it after the last. */
async function asked(answers: readonly { readonly status: number; readonly message: string }[]) {
  await using folder = await temporaryFolder()
  const socketPath = join(folder.path, 'engine.sock')
  const requests: string[] = []
  const server = createServer((request, response) => {
    const answer = answers[requests.length]
    requests.push(`${request.method} ${request.url}`)
    response.writeHead(answer?.status ?? 204, { 'content-type': 'application/json' })
    response.end(answer && JSON.stringify({ message: answer.message }))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const container = new Docker({ socketPath }).getContainer('0378')
  const error = await pause(container).then(
    () => undefined,
    (reason: Error) => reason.message,
  )
  server.close()
  return { requests, error }
}

describe('holding a container still', () => {
  it('asks again where the runtime could not freeze it', async () => {
    const { requests, error } = await asked(Array(2).fill({ status: 500, message: frozenNot }))
    assert.deepEqual(requests, Array(3).fill('POST /containers/0378/pause'))
    assert.equal(error, undefined)
  })

  it('asks once where it is refused for another reason', async () => {
    const { requests, error } = await asked([{ status: 409, message: 'container 0378 is not running' }])
    assert.equal(requests.length, 1)
    assert.match(error ?? '', /is not running/)
  })
})
