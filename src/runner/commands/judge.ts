import { judge } from '../judge/judge.ts'
import { verdictLines } from '../terminal/tables.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { type JudgeFlags, openJudge, readCase } from './judgeCase.ts'

/** `drydock judge`: the judge's word on one patch. Returns 0 for an approval, 3 for a veto. */
export async function judgeCommand(
  context: CommandContext,
  flags: JudgeFlags & { readonly patch: string; readonly task: string },
): Promise<number> {
  const given = await readCase(context, flags)
  const asking = await openJudge(context, flags)
  const { verdict, usage } = await judge(asking.context, given)
  if (flags.json === true) printJson(context, { ...verdict, usage, warnings: given.warnings })
  else context.stdout.write(`${verdictLines(verdict, context.colors)}\n`)
  return verdict.decision === 'veto' ? exitCodes.vetoed : exitCodes.done
}
