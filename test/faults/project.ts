import ssri from 'ssri'
import type { FileContent } from '../support/madeRepository.ts'
import type { MessagesRequest } from '../support/model/request.ts'
import type { Turn } from '../support/model/script.ts'
import { baseVersion, libraryName, publishedPackages, tarballOf } from '../truth/library.ts'
import type { Story } from './choice.ts'

/** What each story asks for: a version that breaks nothing, or one that renames a function. */
export const versions: Readonly<Record<Story, string>> = {
  clean: '2.0.0',
  repair: '4.0.0',
  wrong: '4.0.0',
  decide: '2.0.0',
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

async function integrityOf(version: string): Promise<string> {
  const found = publishedPackages().find(
    ({ manifest }) => manifest.name === libraryName && manifest.version === version,
  )
  if (found === undefined) throw new Error(`no ${libraryName}@${version}`)
  return ssri.fromData(await tarballOf(found), { algorithms: ['sha512'] }).toString()
}

/** A project of a few lines, whose install and tests take no time. */
export async function projectFiles(): Promise<Readonly<Record<string, FileContent>>> {
  const dependencies = { [libraryName]: baseVersion }
  const name = 'faults-project'
  return {
    '.gitignore': 'node_modules\n',
    '.nvmrc': '24\n',
    'package.json': json({ name, private: true, scripts: { test: 'node --test' }, dependencies }),
    'package-lock.json': json({
      ...{ name, lockfileVersion: 3, requires: true },
      packages: {
        '': { name, dependencies },
        [`node_modules/${libraryName}`]: { version: baseVersion, integrity: await integrityOf(baseVersion) },
      },
    }),
    'hello.js': `const { greet } = require('${libraryName}')\nexports.hello = (name) => greet(name)\n`,
    'test/hello.test.js': `const { test } = require('node:test')
const assert = require('node:assert')
const { hello } = require('../hello.js')
test('says hello', () => assert.equal(hello('Ada'), 'Hello, Ada!'))
test('says it to anybody', () => assert.match(hello('Bob'), /Bob/))
`,
  }
}

const edit = (path: string, old: string, now: string): Turn => ({
  toolUses: [{ name: 'Edit', input: { path, old, new: now } }],
})

const repairs: readonly Turn[] = [
  edit('hello.js', '{ greet }', '{ salute: greet }'),
  { toolUses: [{ name: 'Verify', input: {} }] },
  { text: 'The function has another name now.' },
]

const changesNothingOfUse: readonly Turn[] = [
  edit('hello.js', 'exports.hello', '// Says hello.\nexports.hello'),
  { text: 'It should work now.' },
]

/** By what was said before, not by how often it was asked: a request that is sent again gets the same answer. */
export function agent(story: Story): (request: MessagesRequest) => Turn {
  const turns = story === 'wrong' ? changesNothingOfUse : repairs
  return ({ messages }) => {
    const said = messages.filter(({ role }) => role === 'assistant').length
    return turns[said] ?? { text: 'There is nothing more to do.' }
  }
}

/** Approves, with a line that is in every patch of these stories. */
export function judge(): Turn {
  const says = (reason: string) => ({ pass: true, reason, evidence: [libraryName] })
  const input = { in_scope: says('One package moves.'), safe: says('Nothing else.'), quality: says('Small.') }
  return { toolUses: [{ name: 'verdict', input }] }
}
