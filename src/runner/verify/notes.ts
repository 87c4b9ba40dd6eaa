import type { Warning } from '../../contract/verdict.ts'
import type { ExecResult } from '../docker/sandbox.ts'
import type { Check, CheckChain } from '../ecosystems/check.ts'
import { hostDifference } from './hostDifference.ts'

/** Why a command is not in the report although the project has it. */
export function dividedNote(display: string, { notRun, beside }: CheckChain): string {
  if (beside === true)
    return `\`${display}\` ends before all was built and tested: it was run once more without the rules that the build is held to, and past failing tests.`
  const quoted = notRun.map((text) => `\`${text}\``).join(', ')
  const left = notRun.length === 0 ? '' : ` Not run here, without a network: ${quoted}.`
  return `\`${display}\` fails as a whole on the base: its parts were run one by one.${left}`
}

/** What a failure of the base has to do with where it runs, in one line; none where the log does not show it. */
export function differenceNotes(
  { display, step }: Check,
  { output }: ExecResult,
  summary: string | undefined,
  excluded: readonly string[] = [],
): { readonly notes: readonly string[]; readonly expired: boolean } {
  const found = hostDifference(summary ?? '') ?? hostDifference(output.toString('utf8'))
  const notes = found === undefined ? [] : [`\`${display}\`: ${found.what} ${found.next}`]
  const missed = excluded.find((path) => output.includes(path))
  if (missed !== undefined)
    notes.push(
      `\`${display}\`: It asks for ${missed}, which is not packaged. Where it looks like a secret and is none, --keep-secret-files keeps it.`,
    )
  return { notes, expired: step === 'test' && found?.kind === 'date' }
}

/** A failing check of the base may be one that needs what no registry has and the user would do without. */
export function leftOutNotes({ display }: Check, warnings: readonly Warning[]): readonly string[] {
  const names = warnings.flatMap(({ code }) => /^left-out:(.+)$/.exec(code)?.[1] ?? [])
  if (names.length === 0) return []
  return [
    `\`${display}\`: It ran without ${names.join(', ')}, which no registry has. If that is why it fails, --allow-missing does not help here: serve it from a registry that this machine's configuration names, or move what needs it to a version that does without.`,
  ]
}

/** What a command comes to that did not end by itself. */
export function endedNote(
  display: string,
  { timedOut, outOfMemory }: Pick<ExecResult, 'timedOut' | 'outOfMemory'>,
): string {
  const how = timedOut ? 'did not end in time' : outOfMemory ? 'ran out of memory' : 'was ended by a signal'
  return `\`${display}\` ${how}; nothing could run after it.`
}
