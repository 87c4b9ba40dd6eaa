import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeRepository } from '../support/madeRepository.ts'
import type { MessagesRequest } from '../support/model/request.ts'
import type { Fault, Turn } from '../support/model/script.ts'

/** The campaigns of a proof, each with its folder of repositories. */
export const campaigns = {
  npm: { name: 'proof', update: 'uuid@9', folder: 'repositories' },
  maven: { name: 'proof-maven', update: 'org.yaml:snakeyaml@2.2', folder: 'maven' },
} as const
export type CampaignKind = keyof typeof campaigns

/** How a repository takes the update of uuid from 3 to 9, or of snakeyaml from 1 to 2. */
export const kinds = ['clean', 'broken', 'hopeless', 'red', 'hangs', 'undeclared'] as const
export type Kind = (typeof kinds)[number]

/** What its job may come to; the others say only that nobody knows. */
export const expected: Readonly<Record<Kind, readonly string[]>> = {
  clean: ['awaiting-review'],
  broken: ['awaiting-review'],
  hopeless: ['verification-failed', 'cannot-repair', 'turn-limit'],
  red: ['awaiting-review', 'verification-failed'],
  hangs: ['awaiting-review', 'verification-failed', 'setup-failed'],
  undeclared: ['setup-failed'],
}

/** One in `every` is broken in one of the ways, in turn; all others are clean. */
export function kindOf(at: number, every: number): Kind {
  if (at % every !== 3) return 'clean'
  return kinds[1 + (Math.floor(at / every) % (kinds.length - 1))] ?? 'broken'
}

const clean = "const { v4: uuid } = require('uuid')"
const broken = "const uuid = require('uuid/v4')"

const fixtures = join(import.meta.dirname, '../fixtures/projects')

export interface Wish {
  readonly count: number
  /** Every session ends before a container is started. */
  readonly light: boolean
  /** One in so many is broken. */
  readonly every: number
  /** One in so many is built by Maven; none where 0. */
  readonly maven: number
}

/** By the repository's name. */
export async function makeWorld(
  folder: string,
  { count, light, every, maven }: Wish,
): Promise<ReadonlyMap<string, Kind>> {
  const lock = await readFile(join(fixtures, 'breaking-update/repo/package-lock.json'), 'utf8')
  const made = new Map<string, Kind>()
  for (let at = 0; at < count; at += 1) {
    const byMaven = maven > 0 && at % maven === 1
    const name = `${byMaven ? 'library' : 'app'}-${String(at).padStart(3, '0')}`
    // Of those, each second one breaks, and is repaired.
    const kind = byMaven
      ? (['clean', 'broken'] as const)[Math.floor(at / maven) % 2]
      : light
        ? 'undeclared'
        : kindOf(at, every)
    const place = join(folder, campaigns[byMaven ? 'maven' : 'npm'].folder, name)
    await makeRepository(place, byMaven ? await mavenFiles(kind, at) : filesOf(kind ?? 'clean', at, lock))
    made.set(name, kind ?? 'clean')
  }
  return made
}

const reader = 'src/main/java/com/example/settings/SettingsReader.java'
const readerTest = 'src/test/java/com/example/settings/SettingsReaderTest.java'
const mavenEdits = [
  { old: 'new Yaml(new SafeConstructor());', new: 'new Yaml(new SafeConstructor(new LoaderOptions()));' },
  {
    old: 'import org.yaml.snakeyaml.Yaml;',
    new: 'import org.yaml.snakeyaml.LoaderOptions;\nimport org.yaml.snakeyaml.Yaml;',
  },
]

async function mavenFiles(kind: Kind | undefined, at: number): Promise<Readonly<Record<string, string>>> {
  const read = (path: string) => readFile(join(fixtures, 'maven/single/repo', path), 'utf8')
  const code = await read(reader)
  const fits = mavenEdits.reduce((text, { old, new: now }) => text.replace(old, now), code)
  return {
    'pom.xml': await read('pom.xml'),
    '.gitignore': await read('.gitignore'),
    [reader]: `${kind === 'clean' ? fits : code}\n// ${at}\n`,
    [readerTest]: await read(readerTest),
  }
}

function filesOf(kind: Kind, at: number, lock: string): Readonly<Record<string, string>> {
  const dependencies = kind === 'undeclared' ? {} : { uuid: '^3.4.0' }
  const manifest = { name: 'order-ids', version: '2.3.0', license: 'MIT', private: true }
  const scripts = { test: 'node --test' }
  const deep = kind === 'broken' || kind === 'hopeless'
  const order = kind === 'hopeless' ? 'src/hopeless.js' : 'src/orders.js'
  const more = {
    red: "test('was red before', () => assert.equal(1, 2))\n",
    hangs: 'setInterval(() => {}, 1000)\n',
  }
  return {
    'package.json': `${JSON.stringify({ ...manifest, scripts, dependencies }, undefined, 2)}\n`,
    ...(kind === 'undeclared' ? {} : { 'package-lock.json': lock }),
    [order]: `${deep ? broken : clean}\n\nmodule.exports = { order: (item) => ({ id: uuid(), item }) }\n`,
    'test/orders.test.js': `const assert = require('node:assert')
const { test } = require('node:test')
const { order } = require('../${order}')

test('an order of ${at} has an id', () => assert.match(order('tea').id, /^[0-9a-f-]{36}$/))
${more[kind as keyof typeof more] ?? ''}`,
  }
}

/** Any number of conversations at once: what comes next is read from the one that asks. */
export function agentTurn({ messages }: MessagesRequest): Turn {
  const said = messages.filter(({ role }) => role === 'assistant').length
  const all = JSON.stringify(messages)
  if (all.includes('snakeyaml')) return mavenTurn(said)
  if (all.includes('hopeless')) return { text: 'I do not know how.' }
  if (said === 0)
    return { toolUses: [{ name: 'Edit', input: { path: 'src/orders.js', old: broken, new: clean } }] }
  return said === 1 ? { toolUses: [{ name: 'Verify', input: {} }] } : { text: 'The named export is used.' }
}

function mavenTurn(said: number): Turn {
  if (said === 0)
    return { toolUses: mavenEdits.map((edit) => ({ name: 'Edit', input: { path: reader, ...edit } })) }
  return said === 1 ? { toolUses: [{ name: 'Verify', input: {} }] } : { text: 'The options are passed.' }
}

/** Approves, with words that are in the patch. */
export function judgeTurn({ messages }: MessagesRequest): Turn {
  const evidence = [JSON.stringify(messages).includes('snakeyaml') ? 'snakeyaml' : '"uuid"']
  const criterion = { pass: true, reason: 'The update and what follows from it.', evidence }
  return {
    toolUses: [{ name: 'verdict', input: { in_scope: criterion, safe: criterion, quality: criterion } }],
  }
}

/** One request in five is refused for its rate. */
export function rateLimits(): readonly Fault[] {
  return (['agent', 'judge'] as const).flatMap((purpose) =>
    Array.from({ length: 400 }, (_, at): Fault => ({ purpose, request: at * 5 + 5, kind: 'rate-limit' })),
  )
}
