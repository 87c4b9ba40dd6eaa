import { isRecord, recordOf } from '../../../contract/json.ts'
import type { KitPart } from '../check.ts'
import type { Project, Tree } from '../project.ts'
import { documentOf } from './manifest.ts'

/** Keys of a `package.json` that configure tests, linters and what compiles for them, by the tool that reads them. */
const tools: Readonly<Record<string, string>> = {
  jest: 'jest',
  mocha: 'mocha',
  vitest: 'vitest',
  ava: 'ava',
  tap: 'tap',
  jasmine: 'jasmine',
  nyc: 'nyc',
  c8: 'c8',
  tsd: 'tsd',
  eslintConfig: 'eslint',
  eslintIgnore: 'eslint',
  stylelint: 'stylelint',
  prettier: 'prettier',
  xo: 'xo',
  standard: 'standard',
  babel: 'babel',
  commitlint: 'commitlint',
  wireit: 'wireit',
  'lint-staged': 'lint-staged',
}

type Json = Record<string, unknown>

function parse(bytes: Buffer | undefined): Json | undefined {
  const document = documentOf(bytes)
  return isRecord(document) ? document : undefined
}

function changedKeys(before: Json, after: Json): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}

function statusOf(before: unknown, after: unknown): KitPart['status'] {
  return before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified'
}

/** The object with a key as another has it: set, or gone. */
function withKey(target: Json, key: string, value: unknown): Json {
  const rest = Object.entries(target).filter(([name]) => name !== key)
  return value === undefined ? Object.fromEntries(rest) : { ...target, [key]: value }
}

function edited(patched: Buffer, edit: (manifest: Json) => Json): Buffer {
  const manifest = parse(patched)
  return manifest === undefined ? patched : Buffer.from(`${JSON.stringify(edit(manifest), null, 2)}\n`)
}

function partsOf(manifest: string, before: Json, after: Json): KitPart[] {
  const [old, now] = [recordOf(before.scripts), recordOf(after.scripts)]
  const scripts = changedKeys(old, now).map(
    (name): KitPart => ({
      manifest,
      name: `scripts.${name}`,
      label: `script ${name} of ${manifest}`,
      status: statusOf(old[name], now[name]),
      putBack: (patched) =>
        edited(patched, (whole) => ({
          ...whole,
          scripts: withKey(recordOf(whole.scripts), name, old[name]),
        })),
    }),
  )
  const inline = changedKeys(before, after).filter((key) => Object.hasOwn(tools, key))
  const configuration = inline.map(
    (key): KitPart => ({
      manifest,
      name: key,
      label: `${key} configuration in ${manifest}`,
      tool: tools[key] ?? key,
      status: statusOf(before[key], after[key]),
      putBack: (patched) => edited(patched, (whole) => withKey(whole, key, before[key])),
    }),
  )
  return [...scripts, ...configuration]
}

/** Each script and each configuration of tests and linters in a manifest that differs from the base's. */
export async function kitParts(base: Tree, patched: Tree, project: Project): Promise<readonly KitPart[]> {
  const parts: KitPart[] = []
  for (const manifest of project.manifests) {
    const before = parse(await base.read(manifest))
    const after = parse(await patched.read(manifest))
    if (before !== undefined && after !== undefined) parts.push(...partsOf(manifest, before, after))
  }
  return parts
}
