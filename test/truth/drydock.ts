import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { readSessionJson } from '../support/drydock.ts'

const program = join(import.meta.dirname, '../../dist/drydock.mjs')

/** What a session said, as a person reads it. */
export interface Said {
  /**
   * `green`: nothing broke, and tests ran again. `exit codes`: nothing broke, said to rest on exit codes alone.
   * `red`: something broke, or a repair is needed. `not verified`, `up to date`, `refused`: by those words.
   */
  readonly kind: 'green' | 'exit codes' | 'red' | 'not verified' | 'up to date' | 'refused' | 'crashed'
  /** Failure code and message, or the reasons of the matrix. */
  readonly words: string
  /** Tests that passed on the base, by name; undefined where the base was not run. */
  readonly named?: number
  readonly patch?: string
  /** Codes of warnings that a person must acknowledge. */
  readonly warnings?: readonly string[]
}

/** Runs an update as a user without a key: what would need a repair ends there. */
export async function runDrydock(
  folder: string,
  request: string,
  env: NodeJS.ProcessEnv,
  home: string,
): Promise<Said> {
  const args = [program, 'update', request, '--repo', folder, '--no-review', '--json']
  const ended = await execa(process.execPath, args, {
    env: { ...env, DRYDOCK_HOME: home },
    extendEnv: false,
    reject: false,
    timeout: 300_000,
  })
  const parsed = readSessionJson(tryParse(ended.stdout))
  if (!parsed.success) {
    const words = `${ended.stderr}\n${ended.stdout}`.trim()
    return { kind: /^[a-z]+(-[a-z]+)*: /.test(words) ? 'refused' : 'crashed', words: words.slice(0, 2000) }
  }
  return said(parsed.data, home)
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function said(view: SessionView, home: string): Promise<Said> {
  const { base } = view.reports
  const named = base === undefined ? {} : { named: base.testsNamed ? base.tests.passed : 0 }
  const failure = view.failure
  const words =
    failure === null
      ? [view.reason ?? '', ...(view.matrix?.reasons ?? [])].join(' ')
      : `${failure.code}: ${failure.message} ${failure.next}`
  const common = { words: words.slice(0, 2000), ...named }
  if (view.outcome === 'up-to-date') return { kind: 'up to date', ...common }
  if (view.outcome === 'verification-failed') return { kind: 'red', ...common, words: wordsOfRed(view) }
  if (failure !== null || view.outcome !== 'awaiting-review') return { kind: 'refused', ...common }
  const digest = view.patch?.digest
  const patch =
    digest === undefined
      ? {}
      : { patch: await readFile(join(home, 'sessions', view.id, 'artifacts', digest), 'utf8') }
  const warnings = view.warnings.filter(({ severity }) => severity === 'acknowledge').map(({ code }) => code)
  return { kind: kindOf(view), ...common, ...patch, warnings }
}

function kindOf({ matrix, reports }: SessionView): Said['kind'] {
  if (matrix?.verified !== true) return 'not verified'
  if (!matrix.green) return 'red'
  return testsRan(matrix, reports.base?.testsNamed === true) ? 'green' : 'exit codes'
}

/** By the matrix's own word for what was proven, where it has one. */
function testsRan(matrix: object, named: boolean): boolean {
  return 'proof' in matrix ? matrix.proof === 'tests' : named
}

function wordsOfRed({ matrix, reason, failure }: SessionView): string {
  const reasons = matrix?.reasons ?? []
  return (reasons.length > 0 ? reasons.join(' ') : (reason ?? failure?.message ?? '')).slice(0, 2000)
}
