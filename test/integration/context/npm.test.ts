import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { npmEcosystem } from '../../../src/runner/ecosystems/npm/index.ts'
import type { ApiChange, Release } from '../../../src/runner/ecosystems/release/release.ts'
import { contextOf } from '../../../src/runner/pipeline/repairContext.ts'
import { readNpmHost } from '../../../src/runner/registries/npm/host.ts'
import { apiText } from '../../../src/runner/repair/context/apiText.ts'
import { notesText } from '../../../src/runner/repair/context/notesText.ts'
import { treeOf } from '../../support/tree.ts'

type Expected = readonly [ApiChange['kind'], string]

interface Update {
  readonly package: string
  readonly from: string
  readonly to: string
  readonly source: Release['source']
  readonly expected: readonly Expected[]
  /** Code that the update breaks, and what the text for the agent must say of it first. */
  readonly code: string
  readonly told: RegExp
}

const esmOnly: Expected = ['changed', 'module format']

/** Real releases: what they removed or changed is in their own files. */
const updates: readonly Update[] = [
  {
    package: 'zod',
    from: '3.25.76',
    to: '4.1.12',
    source: 'declarations',
    expected: [
      ['removed', 'ZodObject.nonstrict'],
      ['removed', 'ZodObject.deepPartial'],
      ['removed', 'ZodString.ip'],
      ['removed', 'ZodFunction.args'],
      ['removed', 'ZodError.formErrors'],
    ],
    code: "import { z } from 'zod'\nconst a = z.object({}).deepPartial()\nconst f = z.function().args(z.string())\n",
    told: /- removed ZodObject\.deepPartial: [\s\S]*/,
  },
  {
    package: 'chalk',
    from: '4.1.2',
    to: '5.3.0',
    source: 'declarations',
    expected: [
      esmOnly,
      ['removed', 'export ='],
      ['removed', 'Chalk.keyword'],
      ['removed', 'Chalk.hsl'],
      ['added', 'default'],
    ],
    code: "const chalk = require('chalk')\nconsole.log(chalk.keyword('orange')('x'))\n",
    told: /module format: .*ES module only[\s\S]*- removed Chalk\.keyword: `keyword\(color: string\): Chalk`/,
  },
  {
    package: 'escape-string-regexp',
    from: '4.0.0',
    to: '5.0.0',
    source: 'declarations',
    expected: [esmOnly, ['removed', 'export ='], ['added', 'default']],
    code: "const escape = require('escape-string-regexp')\nescape('x')\n",
    told: /module format: .*ES module only/,
  },
  {
    package: 'nanoid',
    from: '2.1.11',
    to: '3.3.7',
    source: 'javascript',
    expected: [
      ['removed', 'export ='],
      ['removed', 'nanoid/generate'],
      ['added', 'nanoid'],
      ['added', 'customAlphabet'],
    ],
    code: "const generate = require('nanoid/generate')\ngenerate('ab', 2)\n",
    told: /- removed module nanoid\/generate/,
  },
  {
    package: 'uuid',
    from: '3.4.0',
    to: '8.3.2',
    source: 'javascript',
    expected: [
      ['removed', 'uuid/v4'],
      ['removed', 'export ='],
      ['added', 'validate'],
    ],
    code: "const uuid = require('uuid/v4')\nuuid()\n",
    told: /- removed module uuid\/v4/,
  },
  {
    package: 'glob',
    from: '7.2.3',
    to: '9.3.5',
    source: 'javascript',
    expected: [
      ['removed', 'export ='],
      ['removed', 'GlobSync'],
    ],
    code: "const glob = require('glob')\nnew glob.GlobSync('*')\n",
    told: /- removed GlobSync/,
  },
  {
    package: 'lru-cache',
    from: '6.0.0',
    to: '10.4.3',
    source: 'javascript',
    expected: [
      ['removed', 'LRUCache.del'],
      ['removed', 'LRUCache.reset'],
      ['removed', 'LRUCache.itemCount'],
    ],
    code: "const LRU = require('lru-cache')\nconst cache = new LRU(5)\ncache.del('a')\n",
    told: /- removed LRUCache\.del: `del ?\(key\)`/,
  },
  {
    package: 'commander',
    from: '6.2.1',
    to: '12.1.0',
    source: 'declarations',
    expected: [
      ['removed', 'Command.passCommandToAction'],
      ['changed', 'Command.opts'],
      ['removed', 'CommanderStatic'],
    ],
    code: "const { program } = require('commander')\nprogram.passCommandToAction(false)\n",
    told: /- removed Command\.passCommandToAction/,
  },
  {
    package: 'execa',
    from: '5.1.1',
    to: '9.6.1',
    source: 'declarations',
    expected: [esmOnly, ['removed', 'ExecaReturnValue'], ['removed', 'KillOptions']],
    code: "import execa, { type ExecaReturnValue } from 'execa'\n",
    told: /- removed ExecaReturnValue/,
  },
  {
    package: 'got',
    from: '11.8.6',
    to: '14.4.2',
    source: 'declarations',
    expected: [esmOnly, ['removed', 'Got.mergeInstances'], ['removed', 'Got.HTTPError']],
    code: "import got from 'got'\nconst both = got.mergeInstances(a, b)\n",
    told: /- removed Got\.mergeInstances/,
  },
  {
    package: 'rimraf',
    from: '3.0.2',
    to: '5.0.10',
    source: 'javascript',
    expected: [
      ['removed', 'export ='],
      ['added', 'rimraf'],
    ],
    code: "const rimraf = require('rimraf')\nrimraf('x', () => {})\n",
    told: /- removed export = .*: `module\.exports\(p, options, cb\)`/,
  },
  {
    package: 'marked',
    from: '4.3.0',
    to: '15.0.12',
    source: 'javascript',
    expected: [['removed', 'Slugger']],
    code: "import { Slugger } from 'marked'\nnew Slugger()\n",
    told: /- removed Slugger/,
  },
]

describe('what a release of an npm package changed', () => {
  let cacheDir: string
  let release: NonNullable<ReturnType<typeof npmEcosystem>['release']>
  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-release-'))
    const releaseReader = resolve(import.meta.dirname, '../../../src/runner/ecosystems/release/worker.ts')
    const ecosystem = npmEcosystem({ host: await readNpmHost(process.env), cacheDir, releaseReader })
    assert.ok(ecosystem.release !== undefined)
    release = ecosystem.release
  })
  after(async () => rm(cacheDir, { recursive: true, force: true }))

  for (const { package: name, from, to, source, expected, code, told } of updates) {
    it(`${name} ${from} → ${to}`, async () => {
      const tree = treeOf({ 'package.json': '{}', 'src/a.ts': code })
      const read = await release(tree, { package: name, from, to })
      assert.ok(read !== undefined)
      assert.equal(read.source, source)
      for (const [kind, member] of expected) {
        const kinds: string[] = read.changes.filter(({ name }) => name === member).map((one) => one.kind)
        assert.deepEqual(kinds, [kind], member)
      }
      const { sites } = (await contextOf(tree, name, read, undefined)).callSites
      const text = apiText(read, sites, 6_000)
      assert.match(text, told)
      assert.ok(text.length <= 6_000)
      assert.equal(apiText((await release(tree, { package: name, from, to })) ?? read, sites, 6_000), text)
      assert.ok(notesText(read.notes, to, 3_000).length <= 3_000)
    })
  }

  it('takes the changelog entries of the range, the breaking ones first', async () => {
    const read = await release(treeOf({ 'package.json': '{}' }), {
      package: 'uuid',
      from: '3.4.0',
      to: '8.3.2',
    })
    const versions = read?.notes.map(({ version }) => version) ?? []
    assert.ok(versions.includes('7.0.0') && versions.includes('8.0.0'))
    assert.ok(!versions.includes('3.4.0') && !versions.includes('9.0.0'))
    assert.match(notesText(read?.notes ?? [], '8.3.2', 3_000), /^### (8\.0\.0|7\.0\.0)\n[\s\S]*BREAKING/i)
  })

  it('knows an alias by its real name', async () => {
    const manifest = '{ "dependencies": { "cache": "npm:lru-cache@^6.0.0" } }'
    const read = await release(treeOf({ 'package.json': manifest }), {
      package: 'cache',
      from: '6.0.0',
      to: '10.4.3',
    })
    assert.ok(read?.changes.some(({ name }) => name === 'LRUCache.del'))
  })
})
