import { z } from 'zod'
import type { Choice } from './choice.ts'
import type { Said } from './drydock.ts'
import type { Ran } from './host.ts'

/** How a session's word compares with what is true. */
export const Judgement = z.enum([
  'true green',
  'true red',
  'true not verified',
  'pin named',
  'false green',
  'false red',
  'not verified',
  'refused',
  'machine',
])
export type Judgement = z.infer<typeof Judgement>

/** These are wrong; the others are right, or wrong in a way that nobody is misled by. */
export const wrong: readonly Judgement[] = ['false green', 'false red', 'not verified', 'refused', 'machine']

export interface Evidence {
  readonly choice: Choice
  readonly target: string
  /** Runs outside the sandbox: as it was, and with the update. */
  readonly base: Ran
  readonly after: Ran
  readonly said: Said
  /** Outside the sandbox, with the patch of the session. */
  readonly patched?: Ran
}

export interface Truth {
  readonly broken: boolean
  /** What of the base was lost: steps, then marks of tests. */
  readonly lost: readonly string[]
  /** Tests passed before, and none of them passed again; no step says so. */
  readonly silent: boolean
}

export function truthOf(base: Ran, after: Ran): Truth {
  const steps = Object.keys(base.steps).filter(
    (step) => base.steps[step] === true && after.steps[step] !== true,
  )
  const again = new Set(after.passed)
  const tests = base.passed.filter((mark) => !again.has(mark))
  const silent = steps.length === 0 && base.passed.length > 0 && tests.length === base.passed.length
  return { broken: steps.length > 0 || tests.length > 0, lost: [...steps, ...tests], silent }
}

const harmless: readonly Choice['change'][] = ['clean', 'already failing', 'unstable names']

/** Why the machine itself is not to be trusted with this project; undefined where construction and host agree. */
export function doubtOf({ choice, target, base, after }: Evidence): string | undefined {
  if (!base.installed || !after.installed)
    return `the host could not install it: ${tail(base.installed ? after.log : base.log)}`
  if (base.resolved.some((version) => version !== '1.0.0')) return `the base has ${base.resolved.join(', ')}`
  // Where a class does not compile, nothing says which version it would have had.
  const seen =
    choice.manager === 'maven' ? after.resolved.filter((version) => version !== undefined) : after.resolved
  if (seen.some((version) => version !== target))
    return `with the update the host has ${after.resolved.join(', ')}`
  const failing = choice.change.startsWith('already')
  const steps = Object.entries(base.steps).filter(([, ok]) => !ok)
  if (!failing && steps.length > 0) return `the base fails: ${tail(base.log)}`
  if (choice.runner !== 'none' && base.passed.length === 0)
    return `no test of the base passes: ${tail(base.log)}`
  const { broken } = truthOf(base, after)
  if (broken === harmless.includes(choice.change))
    return broken
      ? `a harmless update broke it: ${tail(after.log)}`
      : 'the update broke nothing, although it should have'
  return undefined
}

const tail = (log: string): string => log.trim().split('\n').slice(-12).join('\n').slice(-1500)

export interface Decided {
  readonly judgement: Judgement
  readonly why: string
}

/** The session's word against the truth. */
export function decide(evidence: Evidence): Decided {
  const { choice, base, after, said, target, patched } = evidence
  const doubt = doubtOf(evidence)
  if (doubt !== undefined) return { judgement: 'machine', why: doubt }
  const truth = truthOf(base, after)
  const lost = `lost: ${truth.lost.slice(0, 3).join('; ')}`
  switch (said.kind) {
    case 'crashed':
      return { judgement: 'refused', why: said.words }
    case 'refused':
      return namesPin(choice, said.words)
        ? { judgement: 'pin named', why: said.words }
        : { judgement: 'refused', why: said.words }
    case 'up to date':
      return { judgement: 'false green', why: `said to be up to date: ${said.words}` }
    case 'red':
      return truth.broken ? { judgement: 'true red', why: lost } : { judgement: 'false red', why: said.words }
    case 'not verified': {
      const nothing = base.passed.length === 0 || truth.silent
      return { judgement: nothing ? 'true not verified' : 'not verified', why: said.words }
    }
    case 'green':
    case 'exit codes': {
      const missed = notArrived(target, patched)
      if (missed !== undefined) return { judgement: 'false green', why: missed }
      if (truth.broken && !unseeable(choice, said, truth))
        return { judgement: 'false green', why: `${lost}${warned(said)}` }
      if (said.kind === 'green' && base.passed.length === 0)
        return { judgement: 'false green', why: 'tests are said to have run again, and there are none' }
      return { judgement: 'true green', why: said.words }
    }
  }
}

/** Green all the same, but nobody publishes it without having ticked these. */
function warned({ warnings = [] }: Said): string {
  return warnings.length === 0 ? '' : ` (to be acknowledged: ${warnings.join(', ')})`
}

/** The patch that the session would publish, installed as it is by the project's own package manager. */
function notArrived(target: string, patched: Ran | undefined): string | undefined {
  if (patched === undefined) return 'the session has no patch that could be tried'
  if (!patched.installed) return `its patch does not install: ${tail(patched.log)}`
  const others = patched.resolved.filter((version) => version !== target)
  return others.length === 0
    ? undefined
    : `its patch leaves ${others.join(', ')} installed instead of ${target}`
}

/** Scripts that print nothing and end with 0 either way: who rests on exit codes and says so has done what can be done. */
function unseeable(choice: Choice, said: Said, truth: Truth): boolean {
  const stepsTell = truth.lost.some((one) => ['build', 'types', 'lint', 'test'].includes(one))
  return choice.runner === 'assert' && said.kind === 'exit codes' && !stepsTell
}

function namesPin(choice: Choice, words: string): boolean {
  const field: Readonly<Partial<Record<Choice['pin'], RegExp>>> = {
    override: /override|resolution/,
    'override in dots': /override/,
    'override by glob': /resolution/,
    'override elsewhere': /override/,
    catalog: /catalog/,
    'own property': /propert/,
    profile: /profile/,
    managed: /dependencyManagement|managed/,
  }
  return field[choice.pin]?.test(words) === true
}
