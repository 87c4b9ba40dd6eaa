import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Case, type Layer, type LayerName, Malformed } from './case.ts'
import { openBroker } from './layers/broker.ts'
import { openGateway } from './layers/gateway.ts'
import { openPackage } from './layers/package.ts'
import { openPatch } from './layers/patch.ts'
import { openTools } from './layers/tools.ts'
import { openVerify } from './layers/verify.ts'
import { openWebview } from './layers/webview.ts'

const root = resolve(import.meta.dirname, '../..')

const open: Readonly<Record<LayerName, () => Promise<Layer>>> = {
  bash: openTools,
  edit: openTools,
  git: openTools,
  read: openTools,
  broker: openBroker,
  gateway: openGateway,
  package: openPackage,
  patch: openPatch,
  verify: openVerify,
  webview: openWebview,
}

/** Layers that are open, by what opens them: four kinds of cases share the tool server's container. */
type Opened = Map<() => Promise<Layer>, Promise<Layer>>

/** Longest that a case may take, milliseconds. */
const longestMs = 600_000

/** How long the process may live after its last line, milliseconds. */
const endsWithinMs = 30_000

async function attempt(one: unknown, opened: Opened): Promise<string | undefined> {
  const parsed = Case.safeParse(one)
  if (!parsed.success) return `not a case: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`
  const opening = open[parsed.data.layer]
  try {
    const layer = opened.get(opening) ?? opening()
    opened.set(opening, layer)
    const late = delay(longestMs, `took longer than ${longestMs / 1000} s`, { ref: false })
    return await Promise.race([(await layer).run(parsed.data), late])
  } catch (error) {
    if (error instanceof Malformed) return `malformed: ${error.message}`
    return `broke: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error)}`
  }
}

function nameOf(one: unknown, index: number): string {
  const named = z.looseObject({ id: z.string() }).safeParse(one)
  return named.success ? named.data.id : `#${index + 1}`
}

function readCases(file: string): readonly unknown[] {
  try {
    const cases: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (Array.isArray(cases) && cases.length > 0) return cases
  } catch (error) {
    throw new Malformed(`${file}: ${error instanceof Error ? error.message : error}`)
  }
  throw new Malformed(`${file}: not a list of cases`)
}

async function run(files: readonly string[], only: RegExp): Promise<number> {
  const opened: Opened = new Map()
  const failed: string[] = []
  let passed = 0
  for (const { file, cases } of files.map((file) => ({ file, cases: readCases(file) }))) {
    process.stdout.write(`${file}\n`)
    for (const [index, one] of cases.entries()) {
      const id = nameOf(one, index)
      if (!only.test(id)) continue
      const started = performance.now()
      const why = await attempt(one, opened)
      const took = `${Math.round(performance.now() - started)} ms`
      process.stdout.write(why === undefined ? `  ok      ${id}  ${took}\n` : `  FAILED  ${id}  ${why}\n`)
      if (why === undefined) passed += 1
      else failed.push(id)
    }
  }
  for (const layer of opened.values()) await (await layer.catch(() => undefined))?.[Symbol.asyncDispose]()
  process.stdout.write(`${passed} passed, ${failed.length} failed\n`)
  if (failed.length > 0) process.stdout.write(`${failed.join(' ')}\n`)
  return failed.length === 0 && passed > 0 ? 0 : 1
}

const { values } = parseArgs({
  options: {
    cases: { type: 'string', multiple: true },
    /** A regular expression of ids. */
    only: { type: 'string', default: '' },
  },
})
const shared = resolve(root, '../shared/redteam/cases.json')
const own = resolve(import.meta.dirname, 'cases.json')
const given = values.cases?.map((file) => resolve(file))
const files = given ?? [shared, own].filter((file) => existsSync(file))
if (given === undefined && !existsSync(shared)) process.stdout.write(`skipped: ${shared} is not here\n`)
process.exitCode = await run(files, new RegExp(values.only)).catch((error: unknown) => {
  if (!(error instanceof Malformed)) throw error
  process.stderr.write(`${error.message}\n`)
  return 2
})
// What a layer left open that could not start would keep a build server waiting.
setTimeout(() => process.exit(), endsWithinMs).unref()
