import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBash } from '../../../sandbox/tools/bash/bash.ts'
import { openFile } from '../../../sandbox/tools/beneath.ts'
import { createEdit } from '../../../sandbox/tools/edit.ts'
import { Denied, type ToolContext } from '../../../sandbox/tools/tool.ts'

const canary = 'CANARY-outside'

describe('a path swapped between the check and the use', function () {
  this.timeout(120_000)
  let home: string
  let swapper: ChildProcess
  let context: ToolContext
  const bin = (name: string) => `/usr/bin/${name}`

  before(async () => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'drydock-race-')))
    const root = join(home, 'root')
    const outside = join(home, 'outside')
    for (const dir of [join(root, 'inside'), join(root, 'real'), outside]) mkdirSync(dir, { recursive: true })
    for (const file of ['inside/file.txt', 'real/file.txt', 'plain'])
      writeFileSync(join(root, file), 'inside')
    writeFileSync(join(outside, 'file.txt'), canary)
    const binaries = {
      rg: bin('rg'),
      cat: bin('cat'),
      head: bin('head'),
      tail: bin('tail'),
      find: bin('find'),
      wc: bin('wc'),
      git: bin('git'),
    }
    context = { workspace: root, gitDir: join(home, 'git'), timeoutMs: 10_000, binaries }
    swapper = spawn(process.execPath, ['test/support/tools/swap.ts', root, outside], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (swapper.stdout !== null) await once(swapper.stdout, 'data')
  })
  after(async () => {
    assert.equal(swapper.exitCode, null, 'the swapper ended early')
    swapper.kill('SIGKILL')
    await once(swapper, 'exit')
    rmSync(home, { recursive: true, force: true })
  })

  it('never shows what lies outside, in 10,000 reads of a file and of a folder', () => {
    const seen = { inside: 0, denied: 0 }
    for (let turn = 0; turn < 10_000; turn += 1) {
      for (const path of ['file', 'dir/file.txt', 'plain', 'real/file.txt']) {
        try {
          const { fd } = openFile(context.workspace, path)
          const text = readFileSync(fd, 'utf8')
          closeSync(fd)
          assert.equal(text, 'inside')
          seen.inside += 1
        } catch (error) {
          if (!(error instanceof Denied)) throw error
          seen.denied += 1
        }
      }
    }
    assert.ok(seen.inside > 100 && seen.denied > 100, JSON.stringify(seen))
  })

  it('never shows it through the commands', async () => {
    const bash = createBash(context)
    const never = new AbortController().signal
    for (let turn = 0; turn < 150; turn += 1) {
      for (const command of [
        'cat file',
        'cat plain',
        'head real/file.txt',
        'rg . dir',
        'rg . real',
        'rg . file',
        'find dir -name f*',
      ]) {
        const result = await bash.run({ command }, never).catch((error: unknown) => {
          if (error instanceof Denied) return { text: '' }
          throw error
        })
        assert.ok(!result.text.includes(canary), `${command}: ${result.text}`)
      }
    }
  })

  it('never writes outside', async () => {
    const edit = createEdit(context)
    const never = new AbortController().signal
    for (let turn = 0; turn < 2_000; turn += 1) {
      const made = { path: `${turn % 2 ? 'dir' : 'real'}/made-${turn}.txt`, old: '', new: 'x', create: true }
      const changed = {
        path: `${turn % 2 ? 'dir' : 'real'}/file.txt`,
        old: 'inside',
        new: `inside${'!'.repeat((turn % 2) + 1)}`,
      }
      for (const input of [made, changed]) {
        await edit.run(input, never).catch((error: unknown) => {
          if (!(error instanceof Denied)) throw error
        })
      }
      assert.ok(!existsSync(join(home, 'outside', `made-${turn}.txt`)))
    }
    assert.equal(readFileSync(join(home, 'outside/file.txt'), 'utf8'), canary)
  })

  it('never deletes, takes in or puts out what lies outside', async () => {
    const edit = createEdit(context)
    const never = new AbortController().signal
    const done = { deleted: 0, moved: 0 }
    for (let turn = 0; turn < 2_000; turn += 1) {
      const folder = turn % 2 ? 'dir' : 'real'
      for (const [input, kind] of [
        [{ path: `${folder}/made-${turn}.txt`, old: '', new: 'inside', create: true }, undefined],
        [{ path: `${folder}/file.txt`, delete: true }, 'deleted'],
        [{ path: 'plain', moveTo: `kept-${turn}.txt` }, 'moved'],
        [{ path: `kept-${turn}.txt`, moveTo: `${folder}/put-${turn}.txt` }, 'moved'],
        [{ path: `${folder}/made-${turn}.txt`, delete: true }, 'deleted'],
      ] as const) {
        try {
          await edit.run(input, never)
          if (kind !== undefined) done[kind] += 1
        } catch (error) {
          if (!(error instanceof Denied)) throw error
        }
        const kept = join(home, 'root', `kept-${turn}.txt`)
        if (existsSync(kept)) assert.ok(lstatSync(kept).isFile(), 'a link was taken in')
      }
    }
    assert.deepEqual(readdirSync(join(home, 'outside')), ['file.txt'])
    assert.equal(readFileSync(join(home, 'outside/file.txt'), 'utf8'), canary)
    assert.ok(done.deleted > 20 && done.moved > 20, JSON.stringify(done))
  })
})
