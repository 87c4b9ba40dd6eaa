import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { follow } from '../../../../src/runner/docker/follow.ts'
import { causeIn } from '../../../../src/runner/docker/images.ts'

const told = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)))

describe('what an engine tells while it works', () => {
  it('is read line by line, wherever it is cut', async () => {
    const heard: string[] = []
    await follow(told('{"stream":"St', 'ep 1\\n"}\n{"status":"x"}\n\n{"stream":"two"}'), (text) =>
      heard.push(text),
    )
    assert.deepEqual(heard, ['Step 1\n', 'two'])
  })

  it('is a failure in each of the forms that engines have, after the answer 200', async () => {
    // Podman 4.3 at a pull without a registry; Docker 20.10 and newer at a step that fails.
    const podman = '{"status":"Pulling"}\n{"error":"pinging container registry: no such host"}\n'
    await assert.rejects(follow(told(podman)), /no such host/)
    const docker =
      '{"errorDetail":{"code":100,"message":"returned a non-zero code: 100"},"error":"returned"}\n'
    await assert.rejects(follow(told(docker)), /non-zero code: 100/)
    await assert.rejects(follow(told('{"errorDetail":{"message":"only here"}}')), /only here/)
  })

  it('fails with its stream, and is not disturbed by what is no JSON', async () => {
    await follow(told('no json\n[1]\nnull\n'))
    const broken = new Readable({ read: () => broken.destroy(new Error('cut off')) })
    await assert.rejects(follow(broken), /cut off/)
  })
})

describe('why an image could not be built', () => {
  it('is what the step printed, not the command with its number', () => {
    const log =
      'Step 3/7 : RUN set -eu;\n ---> Running in 1\nGet:1 …\nE: Unable to locate package ripgrep\nRemoving intermediate container 1\n'
    assert.equal(causeIn(log), 'E: Unable to locate package ripgrep')
    assert.equal(
      causeIn('tar: error: gzip: stdin: not in gzip format\n'),
      'tar: error: gzip: stdin: not in gzip format',
    )
    assert.equal(causeIn('Step 1/2 : FROM x\n'), undefined)
  })
})
