import { type Command, Option } from 'commander'
import { groupings } from '../../contract/statistics/choices.ts'
import type { CommandContext } from './context.ts'
import { json, number, type Runner } from './options.ts'

export function addStatistics(root: Command, context: CommandContext, run: Runner): void {
  root
    .command('stats')
    .description('figures over all sessions: outcomes, repairs, vetoes, merges, cost, time')
    .option('--since <date>', 'only sessions begun since then: 2026-11-01, or a span such as 30d or 8w')
    .addOption(new Option('--by <what>', 'a table by this as well').choices(groupings))
    .addOption(json())
    .option('--prometheus', "print Prometheus' text format")
    .action(run(async (flags) => (await import('./stats.ts')).stats(context, flags)))
}

const taskFileHelp = `
The task file is a session's task.json, or a small one of its own:
  {"kind": "dependency-update", "package": "chalk", "from": "4.1.2", "to": "5.3.0"}
  {"kind": "refactor", "title": "Rename Basket to Cart", "prompt": "Rename the class and its file."}
Optional in both: "matrix" and "warnings", as \`drydock show --json\` prints them. Without a matrix the checks
count as passed. The patch is git's unified format, as \`drydock diff\` prints it.`

export function addJudging(root: Command, context: CommandContext, run: Runner): void {
  const options = (command: Command): Command =>
    command
      .option('--model <name>', 'model of the judge')
      .option('--second-opinion-model <name>', 'another model that must approve as well')
      .option('--budget-usd <x>', 'money for the model (5)', number)
      .addOption(json())
  options(
    root
      .command('judge')
      .description('ask the judge alone about a patch; exit code 3 is a veto')
      .requiredOption('--patch <file>', 'the patch, or - for standard input')
      .requiredOption('--task <file>', 'what was asked'),
  )
    .addHelpText('after', taskFileHelp)
    .action(run(async (flags) => (await import('./judge.ts')).judgeCommand(context, flags)))
  const evaluate = root.command('eval').description('measure a part of Drydock on labelled cases')
  options(
    evaluate
      .command('judge')
      .description(
        'score the judge on a folder of labelled patches: precision, recall, false vetoes, by class',
      )
      .argument('<dir>', 'one folder a case, with task.json, patch.diff and label.json')
      .option('--concurrency <n>', 'cases asked about at once (4)', number)
      .option('--class <names...>', 'only cases of these classes'),
  ).action(run(async (dir, flags) => (await import('./evalJudge.ts')).evalJudge(context, dir, flags)))
  evaluate
    .command('context')
    .description(
      "measure the agent's first message on recorded updates: the share of the lines of a known repair that it names; asks no model",
    )
    .argument('<dir>', 'one folder a case, as in evals/context')
    .addOption(json())
    .action(run(async (dir, flags) => (await import('./evalContext.ts')).evalContext(context, dir, flags)))
  addRepairs(evaluate, context, run)
}

const repairHelp = `
A set is a JSON file, or a folder with set.json; its README says what stands in it. A result is kept as soon as it is
there: given again, the command goes on where it was ended. Repositories are fetched with your git.`

function addRepairs(evaluate: Command, context: CommandContext, run: Runner): void {
  evaluate
    .command('repair')
    .description('run a set of breaking updates and say how many are repaired, by class of break')
    .argument('<set>', 'a manifest, or a folder with one')
    .option('--out <dir>', 'results, sessions and report', 'drydock-eval')
    .option('--model <name>', 'model of the agent')
    .option('--judge-model <name>', 'model of the judge')
    .option('--prompts <dir>', 'templates instead of those of prompts/')
    .option('--repositories <dir>', 'copies of the repositories, instead of the forge')
    .option('--only <ids...>', 'these cases alone')
    .option('--class <names...>', 'only cases of these classes')
    .option('--concurrency <n>', 'cases at once (2)', number)
    .option(
      '--budget-usd <x>',
      'money for all cases, those of earlier runs into the same folder included (20)',
      number,
    )
    .option('--case-budget-usd <x>', 'money for one case (5)', number)
    .option('--max-attempts <n>', 'attempts of the agent (3)', number)
    .option('--verify-timeout <seconds>', 'time for one build, test and lint (600)', number)
    .option('--again', 'run cases that have a result, too')
    .option('--table', 'run nothing and write nothing: prints the report of what there is')
    .option('--played', 'the model is a script: the report says so')
    .addOption(json())
    .addHelpText('after', repairHelp)
    .action(run(async (set, flags) => (await import('./evalRepair.ts')).evalRepair(context, set, flags)))
}
