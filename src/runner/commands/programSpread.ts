import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { acknowledge, json, number, type Runner, type SessionRunner, withoutJudge } from './options.ts'

const distilHelp = `
The codemod is tried on the base of the session itself, and written only where every check passes there. The trial is a
session of its own; it counts in no figure of \`drydock stats\`. Give the folder to \`drydock update --codemod\`.`

const alikeHelp = `
Names of variables, quotation marks, paths, the versions that go and lock files do not count for a shape; the task, and all
that is added or removed, do. Each session is approved by its own checks: one that is not green, not judged or has an open warning is refused.`

/** What goes from one repository to others: a repair, and a look at it. */
export function addSpread(
  root: Command,
  context: CommandContext,
  run: Runner,
  onSession: SessionRunner,
): void {
  root
    .command('distil')
    .description('make a codemod of an accepted repair, for other repositories with the same break')
    .argument('<id>')
    .option('-o, --out <dir>', 'the folder; codemod-ID where none is given')
    .option('--model <name>', 'model that writes it; the one of the agent where none is given')
    .option('--budget-usd <x>', 'money for the model (5)', number)
    .addOption(json())
    .addHelpText('after', distilHelp)
    .action(onSession(async (id, flags) => (await import('./distil.ts')).distil(context, id, flags)))
  root
    .command('alike')
    .description('what waits for review, grouped by what it changes: one look for patches of the same shape')
    .option('--campaign <name>', 'only what belongs to this campaign')
    .option('--approve <shape>', 'publish every session of this shape that proves itself')
    .option('--reject <shape>', 'end every session of this shape without a pull request')
    .option('--reason <text>', 'with --reject, why')
    .addOption(acknowledge())
    .addOption(withoutJudge())
    .addOption(json())
    .addHelpText('after', alikeHelp)
    .action(run(async (flags) => (await import('./alike.ts')).alikeCommand(context, flags)))
}
