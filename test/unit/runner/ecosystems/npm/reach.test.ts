import assert from 'node:assert/strict'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { workspacePath } from '../../../../../src/contract/workspace.ts'
import { nodeReach } from '../../../../../src/runner/ecosystems/npm/reach.ts'
import type { Reached } from '../../../../../src/runner/ecosystems/reach.ts'
import { temporaryFolder, writeFiles } from '../../../../support/madeRepository.ts'

const source = `'use strict'
function used(x) {
  return x + 1
}
function unused(x) {
  return x.old()
}
const half = (x) => x > 1 ? 'big' : String(x).small()
const given = {}
given.later = () => {
  return never()
}
module.exports = { used, unused, half }
`

/** Runs a script with an eye on what it runs, and asks of these words of `src/a.js` whether they were. */
async function reachOf(
  words: readonly string[],
  script: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Reached | undefined> {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  await writeFiles(root, {
    'src/a.js': source,
    'never.js': 'module.exports = 1\n',
    'run.js': script,
    ...files,
  })
  const out = join(root, 'out')
  await execa(process.execPath, ['run.js'], { cwd: root, env: nodeReach.env(out) })
  const text = await readFile(join(root, 'src/a.js'), 'utf8')
  const offsets = words.map((word) => text.indexOf(word))
  assert.ok(offsets.every((at) => at >= 0))
  const [, ...args] = nodeReach.argv(out, [{ path: 'src/a.js', text, offsets }])
  // In the container the project lies elsewhere.
  const { stdout } = await execa(
    process.execPath,
    args.map((one) => (one === workspacePath ? root : one)),
  )
  return nodeReach.read(stdout)
}

const places = ['x + 1', 'old()', "'big'", 'small()', 'never()', 'module.exports']

describe('lines that checks of Node ran', () => {
  it('are told to a part of a line', async () => {
    const reached = await reachOf(places, "const { used, half } = require('./src/a.js')\nused(1)\nhalf(2)\n")
    assert.deepEqual(reached?.places.get('src/a.js'), [
      'reached',
      'unreached',
      'reached',
      'unreached',
      'unreached',
      'reached',
    ])
    assert.deepEqual([...(reached?.loaded ?? [])].sort(), ['run.js', 'src/a.js'])
  })

  it('are those of all processes together', async () => {
    const script = `const { spawnSync } = require('node:child_process')
for (const call of ['used(1)', 'unused({ old() {} })'])
  spawnSync(process.execPath, ['-e', "require('./src/a.js')." + call], { stdio: 'inherit' })
`
    const reached = await reachOf(places.slice(0, 2), script)
    assert.deepEqual(reached?.places.get('src/a.js'), ['reached', 'reached'])
  })

  it('of a file in another form are told by the names of functions, or not at all', async () => {
    const script = `const { readFileSync } = require('node:fs')
const { Script } = require('node:vm')
const text = '(function (module) { /* by a transformer */ ' + readFileSync('src/a.js', 'utf8') + '})'
const module_ = { exports: {} }
new Script(text, { filename: require('node:path').resolve('src/a.js') }).runInThisContext()(module_)
module_.exports.used(1)
`
    const reached = await reachOf(places, script)
    const found = ['unknown', 'unreached', 'unreached', 'unreached', 'unreached', 'reached']
    assert.deepEqual(reached?.places.get('src/a.js'), found)
  })

  it('are none of a file that no process loaded', async () => {
    const reached = await reachOf(places, "require('./never.js')\n")
    assert.equal(reached?.places.get('src/a.js'), undefined)
    assert.ok(reached?.loaded.has('never.js'))
  })

  it('are not known where the answer is none', () => {
    for (const output of ['', 'null', '{"loaded":1}', '{"loaded":[],"places":{"a.js":["perhaps"]}}'])
      assert.equal(nodeReach.read(output), undefined)
  })
})
