import type { FileContent } from '../support/madeRepository.ts'
import type { MessagesRequest } from '../support/model/request.ts'
import type { Turn } from '../support/model/script.ts'
import { libraryName } from '../truth/library.ts'
import { artifactId, groupId } from '../truth/maven/library.ts'
import type { Choice, Manager, Story } from './choice.ts'
import { application, mavenFiles } from './projects/maven.ts'
import { nodeFiles } from './projects/node.ts'

/** What each story asks for: a version that breaks nothing, or one that renames a function. */
export const versions: Readonly<Record<Story, string>> = {
  clean: '2.0.0',
  repair: '4.0.0',
  wrong: '4.0.0',
  decide: '2.0.0',
}

export interface Project {
  /** The package that is updated, as a person types it. */
  readonly library: string
  /** Words that are in every patch of its update. */
  readonly inPatch: string
  /** The file that uses it: what stands there, what repairs it, and what is of no use. */
  readonly source: string
  readonly uses: string
  readonly repaired: string
  readonly idle: string
  files(registry: string): Promise<Readonly<Record<string, FileContent>>>
}

const ofNode = (manager: Exclude<Manager, 'maven'>): Project => ({
  library: libraryName,
  inPatch: libraryName,
  source: 'hello.js',
  uses: '{ greet }',
  repaired: '{ salute: greet }',
  idle: '{ greet } /* says hello */',
  files: (registry) => nodeFiles(manager, registry),
})

export const projects: Readonly<Record<Manager, Project>> = {
  npm: ofNode('npm'),
  pnpm: ofNode('pnpm'),
  yarn: ofNode('yarn'),
  berry: ofNode('berry'),
  maven: {
    library: `${groupId}:${artifactId}`,
    inPatch: artifactId,
    source: application,
    uses: 'Greeter.greet(name)',
    repaired: 'Greeter.salute(name)',
    idle: 'Greeter.greet(name /* says hello */)',
    files: async () => mavenFiles,
  },
}

export function updateArguments(
  { manager, story, attempts }: Pick<Choice, 'manager' | 'story' | 'attempts'>,
  peers: { readonly github: { readonly url: string } },
  repository: string,
): string[] {
  const limits = ['--max-attempts', String(attempts), '--max-turns', '6']
  return [
    ...['update', `${projects[manager].library}@${versions[story]}`, '--repo', repository],
    ...['--no-review', '--json', ...limits, '--github-api-url', peers.github.url],
  ]
}

/** By what was said before, not by how often it was asked: a request that is sent again gets the same answer. */
export function agent({
  manager,
  story,
}: Pick<Choice, 'manager' | 'story'>): (request: MessagesRequest) => Turn {
  const turns = turnsOf(projects[manager], story)
  return ({ messages }) => {
    const said = messages.filter(({ role }) => role === 'assistant').length
    return turns[said] ?? { text: 'There is nothing more to do.' }
  }
}

function turnsOf({ source, uses, repaired, idle }: Project, story: Story): readonly Turn[] {
  const edit = (now: string): Turn => ({
    toolUses: [{ name: 'Edit', input: { path: source, old: uses, new: now } }],
  })
  if (story === 'wrong') return [edit(idle), { text: 'It should work now.' }]
  const verify = { toolUses: [{ name: 'Verify', input: {} }] }
  return [edit(repaired), verify, { text: 'The function has another name now.' }]
}

/** Approves, with words that are in the patch. */
export function judge({ inPatch }: Project): () => Turn {
  const says = (reason: string) => ({ pass: true, reason, evidence: [inPatch] })
  const input = { in_scope: says('One package moves.'), safe: says('Nothing else.'), quality: says('Small.') }
  return () => ({ toolUses: [{ name: 'verdict', input }] })
}
