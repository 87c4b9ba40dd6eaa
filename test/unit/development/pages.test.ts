import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { build } from 'esbuild'
import { programs } from '../../../esbuild.mjs'

const packageIn = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/

/** Names of the packages in each built page, by the page's name. */
async function packagesOfPages(): Promise<ReadonlyMap<string, readonly string[]>> {
  const options = (await programs()).get('webview')
  assert.ok(options)
  const { metafile } = await build({ ...options, write: false, metafile: true, logLevel: 'error' })
  const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'))
  return new Map(
    scripts.map(([file, { inputs }]) => {
      const names = Object.keys(inputs).flatMap((input) => packageIn.exec(input)?.[1] ?? [])
      return [basename(file, '.js'), [...new Set(names)].sort()]
    }),
  )
}

describe('the pages of the editor', () => {
  // One import of a value beside a schema brings all schemas, which a page would read and run before it shows anything.
  it('carry what they draw with and nothing more', async () => {
    const packages = await packagesOfPages()
    assert.deepEqual(packages.get('statistics'), ['preact', 'uplot'])
    assert.deepEqual(packages.get('campaign'), ['preact'])
    assert.ok(packages.get('review')?.includes('zod'), 'the review keeps what it knows by a schema')
  })
})
