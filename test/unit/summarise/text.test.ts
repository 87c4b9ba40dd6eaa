import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DrydockError } from '../../../src/contract/failure.ts'
import { Summary } from '../../../src/contract/report.ts'
import { runSummarise } from '../../../src/runner/commands/summarise.ts'
import { summarise, summariseText } from '../../../src/runner/ecosystems/summarise.ts'

const TSC = 'src/a.ts(2,5): error TS2304: Cannot find name \u2018total\u2019.\n'

async function* stream(...chunks: string[]): AsyncGenerator<string> {
  yield* chunks
}

describe('the text of a summary', () => {
  it('never exceeds 6,000 characters and says how much is left out', async () => {
    const log = Array.from(
      { length: 2_000 },
      (_, i) => `src/file${i}.ts(${i + 1},1): error TS2304: Cannot find name 'a${i}'.`,
    ).join('\n')
    const { text, failures } = await summariseText('npm', log)
    assert.ok(text.length <= 6_000, String(text.length))
    assert.match(text, /more lines?$/)
    assert.equal(failures.length, 500)
  })

  it('puts equal errors together', async () => {
    const log = Array.from(
      { length: 40 },
      (_, i) => `src/a.ts(${i + 1},1): error TS2304: Cannot find name 'a'.`,
    ).join('\n')
    const { text } = await summariseText('npm', log)
    assert.match(text, /Cannot find name 'a'\. \(40×\)/)
    assert.match(text, /src\/a\.ts:1, 2, 3,/)
    assert.ok(text.length < 400, text)
  })

  it('tells errors of the project before those in declarations of its packages, and how many these are', async () => {
    const theirs = Array.from(
      { length: 60 },
      (_, i) => `node_modules/lib/a.d.ts(${i + 1},1): error TS2304: Cannot find name 'URL'.`,
    )
    const own = 'src/a.ts(7,1): error TS2349: This expression is not callable.'
    const { text, failures } = await summariseText('npm', [...theirs, own].join('\n'))
    assert.equal(failures[0]?.file, 'src/a.ts')
    assert.match(text, /^TypeScript: 61 errors\n60 of them in declarations of installed packages/)
    assert.match(text, /a\.d\.ts:1, 2, 3, .*12, … 60 lines$/m)
    assert.doesNotMatch((await summariseText('npm', theirs.join('\n'))).text, /of them/)
  })

  it('names the file of a package that Node could not read, beside the line that loads it', async () => {
    const log = [
      "/workspace/node_modules/lib/index.js:1\nimport a from './a.js';\n       ^\n\nSyntaxError: Unexpected identifier",
      '    at Object.<anonymous> (/workspace/test/a.js:2:15)\n',
    ].join('\n')
    const { text, failures } = await summariseText('npm', log)
    assert.deepEqual([failures[0]?.file, failures[0]?.line], ['test/a.js', 2])
    assert.match(text, /in node_modules\/lib\/index\.js:1\n\s+import a from '\.\/a\.js';/)
  })

  it('holds no character that could steer a terminal or hide text', async () => {
    const { text, failures } = await summariseText(
      'npm',
      'src/a.ts(1,1): error TS1: a\u0007b\u009bc\u202ed\u0000e\n',
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/
    assert.doesNotMatch(text, unsafe)
    assert.doesNotMatch(failures[0]?.message ?? '', unsafe)
    assert.match(text, /a\ufffdb/)
  })

  it('quotes the code where the sources can be read', async () => {
    const source = async (path: string) =>
      path === 'src/a.ts' ? 'first\n  return total(items)\n' : undefined
    const { text } = await summarise('npm', stream(TSC), { source })
    assert.match(text, /2 \| return total\(items\)/)
  })

  it('tells the failure and not what npm says about its script', async () => {
    const log = `> shop@1.0.0 build\n> tsc\n\n${TSC}npm error Lifecycle script \`build\` failed with error:\nnpm error code 2\n`
    const summary = await summariseText('npm', log)
    assert.equal(summary.category, 'COMPILATION_FAILURE')
    assert.doesNotMatch(summary.text, /Lifecycle/)
  })

  it('goes by the step where nothing is recognised', async () => {
    assert.equal((await summariseText('npm', 'something odd\n')).category, 'UNKNOWN')
    assert.equal((await summariseText('npm', 'something odd\n', { step: 'test' })).category, 'TEST_FAILURE')
    assert.equal(Summary.parse(await summariseText('auto', '')).category, 'UNKNOWN')
  })
})

describe('drydock summarise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-summarise-'))
  after(() => rmSync(folder, { recursive: true }))

  async function run(file: string, json: boolean, stdin = stream()): Promise<string> {
    let out = ''
    await runSummarise({ file, tool: 'auto', json, stdin, stdout: { write: (text) => (out += text) } })
    return out
  }

  it('reads a file, one compressed with gzip, and standard input alike', async () => {
    const plain = join(folder, 'plain.log')
    const packed = join(folder, 'packed.bin')
    writeFileSync(plain, TSC)
    writeFileSync(packed, gzipSync(TSC))
    const expected = await run(plain, true)
    assert.equal(Summary.parse(JSON.parse(expected)).failures[0]?.line, 2)
    assert.equal(await run(packed, true), expected)
    assert.equal(await run('-', true, stream(TSC.slice(0, 20), TSC.slice(20))), expected)
    assert.match(await run(plain, false), /^COMPILATION_FAILURE\nTypeScript: 1 error/)
  })

  it('says in words what it cannot read', async () => {
    writeFileSync(join(folder, 'broken.gz'), gzipSync('x'.repeat(1_000)).subarray(0, 20))
    for (const file of ['nowhere.log', 'broken.gz']) {
      await assert.rejects(
        run(join(folder, file), true),
        (error) => error instanceof DrydockError && error.failure.code === 'bad-log',
      )
    }
  })
})
