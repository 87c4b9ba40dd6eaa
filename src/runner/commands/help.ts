import type { Command } from 'commander'
import { failures } from '../../contract/failures.ts'

/** `help` for a command and every one that has commands of its own: any depth, and no page for a name that is none. */
export function addHelp(command: Command): void {
  for (const one of command.commands) if (one.commands.length > 0) addHelp(one)
  command.helpCommand(false)
  command
    .command('help')
    .description('the options of a command')
    .argument('[command...]')
    .action((names: readonly string[]) => named(command, names).help())
}

function named(command: Command, names: readonly string[]): Command {
  return names.reduce((at, name) => {
    const found = at.commands.find((one) => one.name() === name || one.aliases().includes(name))
    if (found === undefined) throw failures.noSuchCommand(pathOf(at), name)
    return found
  }, command)
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
