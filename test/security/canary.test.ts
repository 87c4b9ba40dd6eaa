import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { deflateSync, gzipSync } from 'node:zlib'
import type Docker from 'dockerode'
import { HOLDS_LABEL, SESSION_LABEL } from '../../src/runner/docker/labels.ts'
import { storeOf } from '../../src/runner/docker/volumes.ts'
import { openDrydock, playedBy } from '../support/drydock.ts'
import { canaryKeys } from '../support/keys.ts'
import { temporaryFolder } from '../support/madeRepository.ts'
import { startModel } from '../support/model/server.ts'
import { fixtureRepository } from '../support/repository.ts'
import { testSandbox } from '../support/sandbox.ts'
import { approving, edit } from './support/hostile.ts'
import { formsOf, holds, searchFolder, searchVolume } from './support/search.ts'
import { tellTales, watch } from './support/watch.ts'

const { model: key, github: token } = canaryKeys
const orders = "const { v4: uuid } = require('uuid')"

/** A model that asks for its own key wherever one could lie, then repairs. */
const curious = [
  {
    toolUses: [
      { name: 'Bash', input: { command: 'rg -uuu CANARY .' } },
      { name: 'Bash', input: { command: 'cat /proc/self/environ' } },
    ],
  },
  edit('src/orders.js', "const uuid = require('uuid/v4')", orders),
  edit('src/shipments.js', "const uuidv5 = require('uuid/v5')", "const { v5: uuidv5 } = require('uuid')"),
  { toolUses: [{ name: 'Verify', input: {} }] },
  { text: `The key is ${key}, and again ${Buffer.from(key).toString('base64')}.` },
]

describe('keys', () => {
  it('are found by the search in every form that it claims', () => {
    const forms = formsOf(key)
    const bytes = Buffer.from(key)
    const written = {
      plain: bytes,
      base64: Buffer.from(Buffer.from(`:${key}:`).toString('base64')),
      hex: Buffer.from(bytes.toString('hex')),
      url: Buffer.from(encodeURIComponent(key)),
      gzip: gzipSync(bytes),
      'gzip in a tar': Buffer.concat([Buffer.alloc(512), gzipSync(bytes), Buffer.alloc(512)]),
      'a git object': deflateSync(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes])),
      'gzip of base64': gzipSync(Buffer.from(bytes.toString('base64'))),
    }
    for (const [name, hay] of Object.entries(written)) assert.ok(holds(hay, forms), name)
    assert.ok(!holds(gzipSync(Buffer.from('nothing here')), forms))
  })

  it('are in nothing that a run leaves or shows while it lasts', async () => {
    await using drydock = await openDrydock()
    await using box = await testSandbox()
    const image = await box.image()
    const { docker } = box.engine
    await using repository = await fixtureRepository('breaking-update')
    const model = await startModel({
      agent: (request) =>
        curious[request.messages.filter(({ role }) => role === 'assistant').length] ?? { text: 'Done.' },
      judge: () => approving(orders),
    })
    const args = ['update', 'uuid@9', '--repo', repository.root, '--no-review', '--json']
    await using folder = await temporaryFolder()
    const told = await tellTales(folder.path, ['git', 'npm', 'tar'])
    const path = `${told.path}:${process.env.PATH}`
    const env = { ...playedBy(model), PATH: path, ANTHROPIC_API_KEY: key, GITHUB_TOKEN: token }
    const { ended } = drydock.start(args, env)
    const watched = watch(docker)
    const { stdout, stderr } = await ended
    await watched.stop()
    await model.close()
    const { id, outcome } = JSON.parse(stdout) as { readonly id: string; readonly outcome: string }
    assert.equal(outcome, 'awaiting-review', stderr)
    assert.ok(
      model.requests.every(
        ({ headers }) => headers.authorization?.includes(key) || headers['x-api-key'] === key,
      ),
    )
    const kinds = [...watched.seen.keys()].map((name) => name.split(' ')[0])
    assert.ok(kinds.includes('container') && kinds.includes('volume'), kinds.join())

    const children = await readFile(told.log)
    assert.match(children.toString(), /^git .*cat-file/m)
    for (const secret of [key, token]) {
      const forms = formsOf(secret)
      const found = [
        ...(await searchFolder(drydock.home, [secret])),
        ...[...watched.seen]
          .filter(([, text]) => holds(Buffer.from(text, 'latin1'), forms))
          .map(([name]) => name),
        ...(holds(children, forms) ? ['a child of the runner'] : []),
        ...(holds(Buffer.from(stdout + stderr), forms) ? ['output'] : []),
        ...(await searchImages(docker, forms)),
      ]
      assert.deepEqual(found, [])
    }
    const held = heldBy(id, watched.seen)
    assert.ok(held.length > 0, 'no prepared workspace is left to look into')
    const names = new Set(held.flatMap((volume) => [volume, storeOf(volume)]))
    const left = (await docker.listVolumes()).Volumes.filter(({ Name }) => names.has(Name))
    assert.ok(left.length >= held.length, 'a prepared workspace went before it was looked into')
    const forms = [key, token].flatMap(formsOf)
    for (const { Name } of left) assert.equal(await searchVolume(box.sandbox, image, Name, forms), '')
  })
})

/** Prepared workspaces that a session worked on: others may be at work on the same engine. */
function heldBy(session: string, seen: ReadonlyMap<string, string>): readonly string[] {
  const labels = [...seen].flatMap(([name, text]) =>
    name.startsWith('volume ') ? [(JSON.parse(text) as Docker.VolumeInspectInfo).Labels] : [],
  )
  const held = labels.flatMap((one) => (one[SESSION_LABEL] === session ? [one[HOLDS_LABEL]] : []))
  return [...new Set(held)].filter((name) => name !== undefined)
}

async function searchImages(docker: Docker, forms: readonly string[]): Promise<readonly string[]> {
  const images = (await docker.listImages()).filter(({ RepoTags }) =>
    RepoTags?.some((tag) => tag.startsWith('drydock/')),
  )
  assert.ok(images.length > 0)
  const texts = await Promise.all(
    images.map(async ({ Id }) => {
      const image = docker.getImage(Id)
      return [Id, JSON.stringify([await image.inspect(), await image.history()])] as const
    }),
  )
  return texts.filter(([, text]) => holds(Buffer.from(text), forms)).map(([id]) => `image ${id}`)
}
