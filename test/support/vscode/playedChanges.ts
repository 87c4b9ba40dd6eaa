import type { MessagesRequest } from '../model/request.ts'
import type { Turn } from '../model/script.ts'
import type { Played } from './world.ts'

/** A model that makes the changes of `two-packages`, and approves of every one. */
export interface PlayedChanges extends Played {
  /** The first message of every conversation with the agent. */
  readonly heard: readonly string[]
}

const numbers = "new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(price)"

const edits = [
  { when: 'article in its title', path: 'README.md', old: '# Shop', new: '# The shop' },
  {
    ...{ when: 'Intl.NumberFormat', path: 'packages/label/index.js' },
    ...{ old: 'price.toFixed(2)', new: numbers },
  },
]

export function playedChanges(): PlayedChanges {
  const heard: string[] = []
  return {
    heard,
    agent(request) {
      const task = firstText(request)
      heard.push(task)
      return request.messages.length === 1 ? opening(task) : { text: 'Done.' }
    },
    judge: (request) => approval(firstText(request)),
  }
}

/** One edit; none where an earlier try has made it. */
function opening(task: string): Turn {
  if (task.includes('Keep it as short')) return { text: 'It is as short as it was.' }
  const found = edits.find(({ when }) => task.includes(when))
  if (found === undefined) throw new Error(`nobody knows how to do this: ${task.slice(0, 500)}`)
  const { when: _, ...input } = found
  return { text: 'One edit does it.', toolUses: [{ name: 'Edit', input }] }
}

function approval(task: string): Turn {
  const [, line = ''] = /^\+(?!\+\+)\s*(\S.*)$/m.exec(task) ?? []
  const yes = { pass: true, reason: 'It does what was asked.', evidence: [line] }
  return { toolUses: [{ name: 'verdict', input: { in_scope: yes, safe: yes, quality: yes } }] }
}

function firstText({ messages }: MessagesRequest): string {
  const content = messages[0]?.content ?? ''
  if (typeof content === 'string') return content
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n')
}
