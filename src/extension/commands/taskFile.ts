/** A change as a repository describes it, in `.drydock/tasks/NAME.md`. */
export interface TaskFile {
  readonly title: string
  readonly prompt: string
  /** Undefined where the file does not say. */
  readonly kind?: 'refactor' | 'migration'
}

const maxTitle = 200

/**
 * Reads a task file: Markdown, whose first heading is the title. A line `kind: migration` or `kind: refactor`
 * between two lines of `---` at its start says which it is.
 */
export function parseTaskFile(name: string, text: string): TaskFile {
  const [, front = '', body = text] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text) ?? []
  const kind = /^kind:\s*(refactor|migration)\s*$/m.exec(front)?.[1]
  const heading = /^#\s+(.+?)\s*$/m.exec(body)?.[1]
  return {
    title: (heading ?? name.replace(/\.md$/i, '')).slice(0, maxTitle),
    prompt: body.trim(),
    ...(kind === 'refactor' || kind === 'migration' ? { kind } : {}),
  }
}

/** The first line of a prompt, as a title. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().split('\n')[0] ?? ''
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}
