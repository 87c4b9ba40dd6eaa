import type { Command } from 'commander'

/** What shows the help of the command that was called: `drydock help update`, `drydock fleet submit --help`. */
export function helpOf(root: Command, args: readonly string[]): string {
  const names: string[] = []
  let at = root
  for (const arg of args) {
    const next = at.commands.find((command) => command.name() === arg)
    if (next === undefined || arg === 'help') break
    names.push(arg)
    at = next
  }
  const [name, ...others] = names
  if (name === undefined) return 'drydock --help'
  return others.length === 0 ? `drydock help ${name}` : `drydock ${names.join(' ')} --help`
}
