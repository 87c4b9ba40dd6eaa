/* The agent's tools: one static list, offered to the model by the gateway and served in the container. */

interface Property {
  readonly type: 'string' | 'integer' | 'boolean' | 'array'
  readonly description: string
  readonly items?: { readonly type: 'string' }
}

export interface ToolManifest {
  readonly name: string
  readonly description: string
  readonly input_schema: {
    readonly type: 'object'
    readonly properties: Readonly<Record<string, Property>>
    readonly required: readonly string[]
    readonly additionalProperties: false
  }
}

function tool(
  name: string,
  description: string,
  properties: Readonly<Record<string, Property>>,
  required: readonly string[],
): ToolManifest {
  return {
    name,
    description,
    input_schema: { type: 'object', properties, required, additionalProperties: false },
  }
}

const path: Property = { type: 'string', description: 'Path of a file, relative to the repository root.' }

/** The tool by which the agent says that the task cannot be done. */
export const giveUp = 'GiveUp'

export const toolManifest: readonly ToolManifest[] = [
  tool(
    'Read',
    'Reads a text file with line numbers, at most 2,000 lines at once. Works on installed dependencies too; what is in a jar is read as NAME.jar!/package/Type.',
    {
      path,
      offset: { type: 'integer', description: 'First line, from 1.' },
      limit: { type: 'integer', description: 'Number of lines.' },
    },
    ['path'],
  ),
  tool(
    'Edit',
    'Replaces text in a file. `old` must occur exactly once, with its whitespace, unless `replaceAll` is set. With `create` and an empty `old`, makes a new file of `new`. With `delete` and nothing else, deletes the file. With `moveTo` and nothing else, moves it, over no other file.',
    {
      path,
      old: { type: 'string', description: 'Text to replace, without line numbers.' },
      new: { type: 'string', description: 'Text in its place.' },
      create: { type: 'boolean', description: 'Make a new file.' },
      replaceAll: { type: 'boolean', description: 'Replace every occurrence.' },
      delete: { type: 'boolean', description: 'Delete the file.' },
      moveTo: { type: 'string', description: 'New path of the file.' },
    },
    ['path'],
  ),
  tool(
    'Bash',
    'Runs one of rg, cat, head, tail, find, wc in the repository root. There is no shell: no pipes, redirections, variables, globs or second commands. Quote patterns.',
    { command: { type: 'string', description: 'Such as: rg -n "createClient" src' } },
    ['command'],
  ),
  tool(
    'Git',
    'Runs git status, diff, add or commit (commit needs -m) in the repository root.',
    { args: { type: 'array', items: { type: 'string' }, description: 'Such as ["diff", "--stat"].' } },
    ['args'],
  ),
  tool(
    'Verify',
    'Builds, tests and lints the repository with your changes in a fresh environment and reports what fails. May take minutes; use it when you believe the work is complete.',
    {},
    [],
  ),
  tool(
    giveUp,
    'Ends the work for good, with your reason as the result: the task cannot be done as it is asked for. Only for that, once you have looked; a person reads the reason. Take back changes that are of no use first.',
    {
      reason: {
        type: 'string',
        description: 'What stands in the way, where you saw it, and what a person could do.',
      },
    },
    ['reason'],
  ),
]

/** The reason that a tool call gives the work up for; undefined where it is no such call or gives none. */
export function reasonToGiveUp(name: string, input: unknown): string | undefined {
  if (name !== giveUp || typeof input !== 'object' || input === null || !('reason' in input)) return undefined
  const { reason } = input
  return typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : undefined
}

export const toolNames: readonly string[] = toolManifest.map((entry) => entry.name)

/** sha256 of the manifest as JSON: runner and container refuse each other where theirs differ. A test keeps it true. */
export const toolManifestDigest = 'ad6de5ac1db4121eeb3c44a080faf4ee188e90f359cceb90583d28f2d81c9cee'
