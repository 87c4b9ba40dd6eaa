import { recordOf, tryJson } from '../../../contract/json.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { acknowledge, type Change, type Evidence } from '../../integrity/change.ts'
import { changedKeys } from '../../integrity/changedKeys.ts'
import { isNearly, misleadingName } from '../../integrity/lookalike.ts'
import { neutralised } from '../../integrity/neutralised.ts'
import { wellKnown } from './wellKnown.ts'

const isManifest = (path: string): boolean => /(^|\/)package\.json$/.test(path)

type Json = Record<string, unknown>

function parse(text: string | undefined): Json {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    // Throws where it is nested too deep to be compared.
    JSON.stringify(value)
    return recordOf(value)
  } catch {
    return {}
  }
}

/** Keys of a `package.json` that decide what is checked, or which packages are put in the place of others. */
const inlineKeys = [
  'jest',
  'mocha',
  'vitest',
  'ava',
  'tap',
  'nyc',
  'c8',
  'eslintConfig',
  'eslintIgnore',
  'xo',
  'babel',
  'imports',
  'overrides',
  'resolutions',
  'pnpm',
]
const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
/** A folder, an address, a repository; of aliases the rule on names speaks. */
const isElsewhere = /^(?!workspace:|catalog:|npm:)[^^~<>=*\d\s][^\s]*[:/]/

/** Scripts, configuration and sources that a change of a `package.json` brings. */
export function manifest(change: Change): Warning[] {
  const { path } = change
  if (!isManifest(path)) return []
  const [before, after] = [parse(change.before), parse(change.after)]
  if (change.before === undefined) return []
  const [old, now] = [recordOf(before.scripts), recordOf(after.scripts)]
  const scripts = changedKeys(old, now).map((name) => {
    const text = now[name]
    const how =
      text === undefined
        ? 'is removed'
        : typeof text === 'string' && neutralised.test(text)
          ? 'may let a failure pass'
          : old[name] === undefined
            ? 'is new'
            : 'is changed'
    const message = `The script ${name} of ${path} ${how}; the checks were run with the base's as well.`
    return acknowledge(`script:${path}#${name}`, path, message)
  })
  const sources = groups.flatMap((group) => {
    const [was, is] = [recordOf(before[group]), recordOf(after[group])]
    return changedKeys(was, is).filter(
      (name) => isElsewhere.test(String(is[name] ?? '')) && source(was[name]) !== source(is[name]),
    )
  })
  const elsewhere = [...new Set(sources)].map((name) =>
    acknowledge(
      `dependency-source:${path}#${name}`,
      path,
      `${path} takes ${name} from somewhere else than a registry.`,
    ),
  )
  const inline = changedKeys(before, after)
    .filter((key) => inlineKeys.includes(key))
    .map((key) =>
      acknowledge(`configuration:${path}#${key}`, path, `${path} changes its ${key} configuration.`),
    )
  return [...scripts, ...elsewhere, ...inline]
}

/** A specifier without its version: `patch:ms@npm%3A2.1.2#~/ms.patch` holds it in the middle. */
function source(value: unknown): string {
  return String(value ?? '').replace(/@[^@/]*$|(?<=^patch:.+@npm(?::|%3A))[^#]*/i, '')
}

/** Scripts that the checks run, of all manifests: where a changed file is named there, it is part of the kit. */
export function commands(kit: Evidence['kit']): string {
  const texts = [...kit].filter(([path]) => isManifest(path))
  return texts
    .flatMap(([, text]) => Object.entries(recordOf(parse(text).scripts)))
    .filter(([name]) => !/^(start|dev|serve|watch|release|publish|deploy)\b/.test(name))
    .flatMap(([, script]) => String(script).split(/&&|\|\||[;|]/))
    .filter((command) => !onlyReads.test(command))
    .join('\n')
}

/** Commands that look at the files they name and run none of them. */
const onlyReads =
  /^\s*(?:npx\s+)?(?:node\s+(?:--check|-c)|eslint|prettier|biome|oxlint|standard|xo|jshint|stylelint|tsc)\s/

/** Names that are taken for others: nearly alike, in letters that look alike, or an alias. */
export function names({ changes, kit }: Evidence): Warning[] {
  const direct = new Set(
    [...kit].flatMap(([path, text]) => (isManifest(path) ? [...namesIn(text).keys()] : [])),
  )
  return changes.flatMap((change) => (isManifest(change.path) ? misleading(change, direct) : []))
}

/** Declared names with what they are declared as. */
function namesIn(text: string | undefined): ReadonlyMap<string, string> {
  const document = recordOf(text === undefined ? undefined : tryJson(text))
  return new Map(
    groups.flatMap((group) =>
      Object.entries(recordOf(document[group])).map(([name, value]) => [name, String(value)]),
    ),
  )
}

function misleading({ path, before, after }: Change, direct: ReadonlySet<string>): Warning[] {
  const [was, is] = [namesIn(before), namesIn(after)]
  return [...is].flatMap(([name, text]) => {
    const meant = aliasOf(text)
    const aliased =
      meant === undefined || meant === name || aliasOf(was.get(name) ?? '') === meant
        ? []
        : [acknowledge(`alias:${path}#${name}`, path, `${path} installs ${meant} under the name ${name}.`)]
    const fresh = [
      was.has(name) || direct.has(name) ? [] : [name],
      meant === undefined || direct.has(meant) ? [] : [meant],
    ]
    return [
      ...aliased,
      ...(was.get(name) === text ? [] : fresh.flat().flatMap((one) => looks(path, one, direct))),
    ]
  })
}

function aliasOf(text: string): string | undefined {
  return /^npm:((?:@[^/]+\/)?[^@]+)/.exec(text)?.[1]
}

function looks(path: string, name: string, direct: ReadonlySet<string>): Warning[] {
  if (wellKnown.has(name)) return []
  return misleadingName(path, name, () =>
    [...direct, ...wellKnown].find((known) => known !== name && isNearly(known, name)),
  )
}

/** Keys that put one version in the place of another. */
export const pins = ['overrides', 'resolutions', 'pnpm']

export function pinned(manifest: Buffer | undefined, key: string): string | undefined {
  const document = manifest === undefined ? undefined : tryJson(manifest)
  return JSON.stringify(Object.entries(document ?? {}).find(([name]) => name === key))
}
