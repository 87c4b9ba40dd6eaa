import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { STORE_LABEL, VOLUME_LABEL } from '../../src/runner/docker/labels.ts'
import { formsOf, holds, searchFolder, searchVolume } from '../security/support/search.ts'
import { canaryKeys, keptFolder } from '../support/keys.ts'
import { testSandbox } from '../support/sandbox.ts'

/** What the engine says of its images and containers: environment, labels, history, command lines. */
async function descriptions(docker: Docker): Promise<ReadonlyMap<string, string>> {
  const images = await docker.listImages()
  const containers = await docker.listContainers({ all: true })
  const told = [
    ...images.map(async ({ Id }) => {
      const image = docker.getImage(Id)
      return [`image ${Id}`, JSON.stringify([await image.inspect(), await image.history()])] as const
    }),
    ...containers.map(
      async ({ Id }) => [`container ${Id}`, JSON.stringify(await docker.getContainer(Id).inspect())] as const,
    ),
  ]
  return new Map(
    (await Promise.allSettled(told)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
  )
}

/** Command lines and environments of every process but this one's. */
async function processes(): Promise<ReadonlyMap<string, string>> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = (id: string, file: string) => readFile(join('/proc', id, file), 'latin1').catch(() => '')
  const told = ids.map(
    async (id) => [`process ${id}`, `${await read(id, 'cmdline')}\n${await read(id, 'environ')}`] as const,
  )
  return new Map(await Promise.all(told))
}

/** What the extension, its runners and the browser write; each has to be among what is searched. */
const ofTheEditor = [
  /data\/User\/globalStorage\/drydock\.drydock\/logs\/runner\.log$/,
  /data\/User\/globalStorage\/drydock\.drydock\/runner\/.*\/drydock\.mjs$/,
  /data\/logs\/.*exthost.*\.log$/,
  /browser-\w+\/storage\.json$/,
  /sessions\/[\d]+-[\d]+-\w+\/events\.jsonl$/,
]

describe('after everything', () => {
  it('no key that a test handed out is in anything that the runs left', async function () {
    if (keptFolder === undefined) {
      console.log('      nothing was kept to be searched: npm test does so')
      this.skip()
    }
    const keys = Object.values(canaryKeys)
    const homes = await readdir(keptFolder)
    assert.ok(homes.length > 5, `only ${homes.length} homes were kept`)
    const files = await readdir(keptFolder, { recursive: true })
    for (const one of ofTheEditor)
      assert.ok(
        files.some((file) => one.test(file)),
        `${one} was not kept`,
      )
    assert.deepEqual(await searchFolder(keptFolder, keys), [])

    await using box = await testSandbox()
    const { docker } = box.engine
    const forms = keys.flatMap(formsOf)
    const described = [...(await descriptions(docker)), ...(await processes())]
    assert.ok(described.length > 10)
    assert.deepEqual(
      described.filter(([, text]) => holds(Buffer.from(text, 'latin1'), forms)).map(([name]) => name),
      [],
    )
    const image = await box.image()
    const filters = JSON.stringify({ label: [VOLUME_LABEL] })
    const { Volumes: seals } = await docker.listVolumes({ filters })
    const sealed = seals.flatMap(({ Labels }) => [Labels[VOLUME_LABEL], Labels[STORE_LABEL]])
    const volumes = [...new Set(sealed)].filter((name) => name !== undefined)
    assert.ok(volumes.length > 0, 'no prepared workspace is left to look into')
    for (const volume of volumes) {
      assert.equal(await searchVolume(box.sandbox, image, volume, forms), '', volume)
    }
  })
})
