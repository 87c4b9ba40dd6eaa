import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSections, type Section } from '../../src/runner/patch/sections.ts'
import type { RepairSet } from '../../src/runner/repairEval/set.ts'
import type { MessagesRequest } from '../../test/support/model/request.ts'
import type { Turn } from '../../test/support/model/script.ts'

type Call = NonNullable<Turn['toolUses']>[number]

/** The calls of Edit by which an agent makes a patch. */
export function editsOf(patch: string): readonly Call[] {
  return readSections(patch).flatMap(sectionEdits)
}

function sectionEdits({ path, status, hunks }: Section): readonly Call[] {
  const edit = (input: object): Call => ({ name: 'Edit', input: { path, ...input } })
  if (status === 'deleted') return [edit({ delete: true })]
  return hunks.map(({ lines }) => {
    const side = (mark: string) =>
      lines
        .filter((line) => line.startsWith(' ') || line.startsWith(mark))
        .map((line) => `${line.slice(1)}\n`)
        .join('')
    return status === 'added'
      ? edit({ create: true, old: '', new: side('+') })
      : edit({ old: side('-'), new: side('+') })
  })
}

/** Of `name@version` and `group:artifact:version`. */
function nameOf(update: string): string {
  return update.slice(0, Math.max(update.lastIndexOf('@'), update.lastIndexOf(':')))
}

/**
 * Plays each case's own patch; the case is the one whose package the first message says was updated, and of several
 * the one with its version, then the one whose files it names: a range came to a version that the set does not say.
 */
export async function players({ base, cases }: RepairSet) {
  const patches: (readonly [update: string, calls: readonly Call[]])[] = []
  for (const { update, played } of cases)
    if (played !== undefined)
      patches.push([update, editsOf(await readFile(join(base, played.patch), 'utf8'))])
  const callsOf = (request: MessagesRequest): readonly Call[] => {
    const first = JSON.stringify(request.messages[0])
    const [, updated, to] = / (\S+) was updated from \S+ to (\S+?)(?:\\n|"|\s)/.exec(first) ?? []
    const named = patches.filter(([update]) => nameOf(update) === updated)
    const rank = ([update, calls]: (typeof patches)[number]) =>
      (update.endsWith(to ?? '-') ? 1000 : 0) +
      calls.filter(({ input }) => first.includes(String(Object(input).path))).length
    const [best] = named.toSorted((a, b) => rank(b) - rank(a))
    return best?.[1] ?? []
  }
  return {
    agent: (request: MessagesRequest): Turn => {
      const calls = callsOf(request)
      const asked = request.messages.some(({ role }) => role === 'assistant')
      return asked || calls.length === 0
        ? {
            text: asked ? 'Done as the new version asks.' : 'No case has this update.',
            stopReason: 'end_turn',
          }
        : { text: 'I change the call sites.', toolUses: [...calls] }
    },
    judge: (request: MessagesRequest): Turn => {
      const text = request.messages
        .map(({ content }) => (typeof content === 'string' ? content : ''))
        .join('\n')
      // Of the patch: what is quoted must stand in it.
      const patch = text.slice(text.indexOf('\n@@ '))
      const line = patch.split('\n').find((one) => /^[-+][^-+]/.test(one) && one.trim().length > 6) ?? ''
      const criterion = {
        pass: true,
        reason: 'It follows the new version.',
        evidence: [line.slice(1).trim()],
      }
      return {
        toolUses: [{ name: 'verdict', input: { in_scope: criterion, safe: criterion, quality: criterion } }],
      }
    },
  }
}
