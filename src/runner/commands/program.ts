import { Command, Option } from 'commander'
import { ecosystemIds } from '../../contract/ecosystems/index.ts'
import { filled, widthOf } from '../terminal/wrap.ts'
import type { CommandContext } from './context.ts'
import { addFleet } from './fleet/program.ts'
import { addHelp } from './help.ts'
import { acknowledge, json, number, type Runner, type SessionRunner, withoutJudge } from './options.ts'
import { addPortable, withWording } from './portableProgram.ts'
import { addJudging, addStatistics } from './programMeasure.ts'
import { addSpread } from './programSpread.ts'

const repo = (context: CommandContext): Option =>
  new Option('--repo <dir>', 'the repository, or a folder in it').default(context.cwd, 'this folder')
const examples = `
Examples:
  drydock update uuid@9              update one package of this repository
  drydock update org.yaml:snakeyaml  its name tells whose package it is
  drydock sessions                   what waits for you
  drydock show 860qz9                one session, by the end of its id
  drydock publish 860qz9             its pull request

\`drydock help COMMAND\` tells the options of one.`

/** The command line: arguments in, each command's own parts loaded when it is called, exit code out through `finish`. */
export function program(context: CommandContext, finish: (code: number) => void): Command {
  const root = new Command('drydock')
    .description(
      'Updates dependencies whose new version breaks the code, and proves it before a pull request exists.',
    )
    .version(context.version)
    .configureOutput({
      outputError: () => {},
      writeOut: (text) => void context.stdout.write(filled(text, helpColumns(context))),
      // Nothing but help is written there, and who asks for nothing is shown it: no error.
      writeErr: (text) => void context.stdout.write(filled(text, helpColumns(context))),
    })
    .exitOverride()
  const run =
    <A extends unknown[]>(action: (...given: A) => Promise<number>) =>
    async (...given: A): Promise<void> =>
      finish(await action(...given))
  root.commandsGroup('Updates:')
  addUpdate(root, context, run)
  root
    .command('outdated')
    .description('list dependencies that have newer versions; asks the registry, starts no container')
    .addOption(repo(context))
    .option('--manifest <path>', 'only what this manifest declares, which may be in a folder')
    .option('--dates', 'with --json, when each version was published; a larger answer of the registry')
    .addOption(json())
    .action(run(async (flags) => (await import('./outdated.ts')).outdated(context, flags)))
  root.commandsGroup('Sessions (an id may be shortened to what only one has):')
  addLooking(root, context, run)
  addAgain(root, context, run)
  addDeciding(root, context, run)
  addStatistics(root, context, run)
  root.commandsGroup('From repository to repository:')
  addSpread(root, context, run, sessionRunner(context, run))
  root.commandsGroup('From machine to machine:')
  addPortable(root, context, run, sessionRunner(context, run))
  root.commandsGroup('Many repositories:')
  addFleet(root, context, run)
  root.commandsGroup('This machine:')
  addMachine(root, context, run)
  root.commandsGroup('Parts of it by themselves:')
  root
    .command('summarise')
    .description('abstract a build, test, lint or install log: what failed, where, and why')
    .argument('<log>', 'a file, .gz too, or - for standard input')
    .addOption(
      new Option('--tool <name>', 'whose log it is').choices([...ecosystemIds, 'auto']).default('auto'),
    )
    .addOption(json())
    .action(
      run(async (file, { tool, json: asJson = false }) => {
        const { runSummarise } = await import('./summarise.ts')
        await runSummarise({ file, tool, json: asJson, stdin: context.stdin, stdout: context.stdout })
        return 0
      }),
    )
  addJudging(root, context, run)
  addRequested(root, context, run)
  addHelp(root)
  root.addHelpText('after', examples)
  return root
}

/** As the parser of arguments has it for the lines of options. */
function helpColumns({ stdout }: CommandContext): number {
  const width = widthOf(stdout)
  return Number.isFinite(width) ? width : 80
}

function addMachine(root: Command, context: CommandContext, run: Runner): void {
  root
    .command('doctor')
    .description('show engine, key and each protection: on, weaker (why) or off')
    .option('--quick', 'ask only whether an engine answers')
    .option('--all', 'name each protection that is on, too')
    .option('--runtime <name>', 'look at this container runtime too, such as runsc')
    .addOption(json())
    .action(run(async (flags) => (await import('./doctor.ts')).doctor(context, flags)))
  root
    .command('prune')
    .description('say what dead processes and sessions left on disk and engine; --yes removes it')
    .option(
      '--older-than <span>',
      'ended sessions, prepared workspaces and images older than 90d, 8w or a date',
    )
    .option('--max-mb <n>', 'the oldest ended sessions beyond this size of all of them', number)
    .option('--caches', 'what is kept between sessions: packages, results of bases')
    .option('--yes', 'remove it')
    .addHelpText(
      'after',
      '\nA session that waits for you or is at work stays, whatever its age. Nothing is removed without --yes.',
    )
    .addOption(json())
    .action(run(async (flags) => (await import('./prune.ts')).prune(context, flags)))
  root
    .command('setup')
    .description('build the images that a run needs, ahead of the first one')
    .option('--node <majors...>', 'majors of Node to have ready', ['22', '24'])
    .option('--jdk <majors...>', 'majors of the JDK to have ready: 8, 11, 17, 21, 25', [])
    .action(run(async (flags) => (await import('./setup.ts')).setup(context, flags)))
}

/** The same for commands whose first argument names a session. */
function sessionRunner({ sessions }: CommandContext, run: Runner): SessionRunner {
  return (action) =>
    run(async (text, ...given) => {
      const { sessionNamed } = await import('../../store/named.ts')
      return await action(await sessionNamed(sessions, text), ...given)
    })
}

function addUpdate(root: Command, context: CommandContext, run: Runner): void {
  root
    .command('update')
    .description('update one dependency, repair what breaks, verify, judge; at the end it asks')
    .argument(
      '<package[@version]>',
      'the package, with a version, range or tag; the latest where none is given',
    )
    .addOption(repo(context))
    .option('--manifest <path>', 'the manifest that declares it: where several do, or in a folder')
    .option('--include-uncommitted', 'package the work tree instead of the last commit')
    .option('--keep-secret-files', 'package committed files that look like secrets, too')
    .option('--allow-missing', 'leave out what no registry has, where no check needs it')
    .option('--no-review', 'do not ask at the end; leave the session waiting')
    .option(
      '--yes',
      'publish at the end if tests that ran again prove it, it is judged, and no warning is open',
    )
    .addOption(acknowledge())
    .addOption(withoutJudge())
    .option('--max-turns <n>', 'turns of the agent in one attempt (10)', number)
    .option('--max-attempts <n>', 'attempts of the agent (3)', number)
    .option('--budget-usd <x>', 'money for the model (5)', number)
    .option('--model <name>', 'model of the agent')
    .option('--last-attempt-model <name>', 'model of the last attempt')
    .option('--judge-model <name>', 'model of the judge')
    .option('--second-opinion-model <name>', 'another model that must approve as well')
    .option('--verify-timeout <seconds>', 'time for one build, test and lint (600)', number)
    .option('--workspace-mb <n>', 'room for what a build writes (2048)', number)
    .option('--codemod <dir>', 'try a repair from elsewhere before any agent: a folder of `drydock distil`')
    .option('--fresh', 'run the base again instead of using what an earlier session kept of it')
    .option('--memory-mb <n>', 'memory of a container (4096)', number)
    .option('--max-sessions <n>', 'sessions that run at once (2)', number)
    .option('--runtime <name>', 'container runtime, such as runsc')
    .addOption(
      new Option('--git-host <host>', 'take dependencies from git there, too; may be repeated').argParser(
        (value: string, before: readonly string[] = []) => [...before, value],
      ),
    )
    .option('--github-api-url <url>', 'base of the GitHub API, for an enterprise server')
    .option('--gitlab-url <url>', 'address of a GitLab server')
    .addOption(json())
    .action(run(async (spec, flags) => (await import('./update.ts')).update(context, spec, flags)))
}

/** What works on a session that ended, and what a program asks instead of a person. */
function addAgain(root: Command, context: CommandContext, run: Runner): void {
  const onSession = sessionRunner(context, run)
  root
    .command('retry')
    .description('try an ended session again, from its last patch')
    .argument('<id>')
    .option('--note <text>', 'what the agent should do differently')
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./again.ts')).retry(context, id, flags)))
  root
    .command('rerun')
    .description('run an ended session once more from its base, and compare the two; for measuring')
    .argument('<id>')
    .option('--model <name>', 'model of the agent; with --judge-only of the judge')
    .option('--judge-model <name>', 'model of the judge')
    .option('--prompts <dir>', 'templates instead of those of prompts/')
    .option('--judge-only', 'only ask the judge again, about what the session kept')
    .option('--budget-usd <x>', 'money for the model (5)', number)
    .addOption(json())
    .addHelpText('after', '\nThe new run is a session of its own; it counts in no figure of `drydock stats`.')
    .action(onSession(async (id, flags) => (await import('./rerun.ts')).rerun(context, id, flags)))
  root
    .command('drop')
    .description("leave parts of a waiting session's patch out, and verify what remains")
    .argument('<id>')
    .argument('<path[:hunk]...>', 'files, or single hunks of them counted from 1')
    .addOption(json())
    .action(
      onSession(async (id, parts, flags) => (await import('./again.ts')).drop(context, id, parts, flags)),
    )
  root
    .command('restore')
    .description('take the dropped parts back: the patch from before the last drop, with the checks it had')
    .argument('<id>')
    .addOption(json())
    .addHelpText('after', '\nNothing runs. Given again, it goes back one drop further.')
    .action(onSession(async (id, flags) => (await import('./restore.ts')).restore(context, id, flags)))
}

function addRequested(root: Command, context: CommandContext, run: Runner): void {
  root
    .command('run')
    .description('do what the JSON document on standard input asks; for editors and scripts')
    .requiredOption('--task <file>', 'only - is known: standard input, since it carries secrets')
    .action(run(async ({ task }) => (await import('./run.ts')).runRequested(context, task)))
}

function addLooking(root: Command, context: CommandContext, run: Runner): void {
  const onSession = sessionRunner(context, run)
  root
    .command('sessions')
    .description('list sessions, the newest first')
    .addOption(json())
    .action(run(async (flags) => (await import('./sessions.ts')).sessions(context, flags)))
  root
    .command('show')
    .description('show a session: why it broke, change, test matrix, judge, warnings, cost')
    .argument('<id>')
    .option('--turns', 'what the agent said and did, turn by turn; replay --json has it in full')
    .option('--changelog', "the changelog's entries between the two versions, what speaks of the break first")
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./sessions.ts')).show(context, id, flags)))
  root
    .command('diff')
    .description("print a session's patch")
    .argument('<id>')
    .action(onSession(async (id) => (await import('./sessions.ts')).diff(context, id)))
  root
    .command('replay')
    .description("print a session's log once more; --json prints its events")
    .argument('<id>')
    .option('--speed <n>', 'with the pauses it had, so many times as fast', number)
    .option('--turn <attempt.turn>', 'the exact request and reply of one turn alone, such as 1.3')
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./replay.ts')).replay(context, id, flags)))
}

const publishHelp = `
The command is the approval; each warning needs its own --acknowledge, a change that no judge saw --without-judge.
A session whose checks could prove nothing ("not verified"), or for which no test stands, is published only by a
person who says so. At a terminal the command asks for whatever of this is not said; without one or with --yes it
refuses. Checks that failed are never published. --preview shows the pull request, and what stands in its way.`

function addPublish(root: Command, context: CommandContext, run: Runner): void {
  const onSession = sessionRunner(context, run)
  withWording(root.command('publish'))
    .description('push the branch of a waiting session and open its pull request')
    .argument('<id>')
    .addHelpText('after', publishHelp)
    .addOption(new Option('--yes', 'ask nothing: what needs a word of yours that no flag says is refused'))
    .option('--anyway', 'open another one although one of ours, or its branch, is there for the same update')
    .option('--fork', 'push to a fork of your own, where you may not push to the repository')
    .addOption(
      new Option(
        '--auto-merge <level>',
        'let the host merge an update no larger than this by itself, where the repository allows it',
      ).choices(['patch', 'minor']),
    )
    .option('--auto-merge-days <n>', 'days that the version has to be out for that (7)', number)
    .option('--tell', "say so in other tools' open pull requests for the same update")
    .addOption(acknowledge())
    .addOption(withoutJudge())
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./publish.ts')).publishCommand(context, id, flags)))
}

const approveHelp = `
Each warning needs its own --acknowledge, a change that no judge saw --without-judge, as with publish, which needs no
further word then. The word about a session that \`drydock fleet fetch\` brought goes to the machine that has it.`

function addDeciding(root: Command, context: CommandContext, run: Runner): void {
  const onSession = sessionRunner(context, run)
  addPublish(root, context, run)
  root
    .command('follow-up')
    .description(
      'a new session on what base branch and pull request are by now, from the change as it is there',
    )
    .argument('<id>')
    .option('--checks', 'mend what fails in checks at the host on the branch alone, test by test')
    .option(
      '--comments',
      'take up each thread of people who may write to the repository, and answer it when published',
    )
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./followUp.ts')).followUp(context, id, flags)))
  root
    .command('checkout')
    .description('the change in a new work tree of the repository, to look at and to run')
    .argument('<id>')
    .option('--to <dir>', "a folder that is not there yet; one of Drydock's own where it is left out")
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./checkout.ts')).checkout(context, id, flags)))
  root
    .command('sync')
    .description('ask the host what became of a pull request, or of every open one: checks, reviews, merge')
    .argument('[id]')
    .addOption(json())
    .action(
      run(async (text: string | undefined, flags) => {
        const { sessionNamed } = await import('../../store/named.ts')
        const id = text === undefined ? undefined : await sessionNamed(context.sessions, text)
        return (await import('./sync.ts')).sync(context, id, flags)
      }),
    )
  root
    .command('approve')
    .description('say yes to a waiting session; one that another machine has is published there')
    .argument('<id>')
    .addHelpText('after', approveHelp)
    .addOption(new Option('--yes', 'ask nothing: what needs a word of yours that no flag says is refused'))
    .addOption(acknowledge())
    .addOption(withoutJudge())
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./approve.ts')).approveCommand(context, id, flags)))
  root
    .command('reject')
    .description('end a waiting session without a pull request')
    .argument('<id>')
    .option('--reason <text>', 'why')
    .addOption(json())
    .action(onSession(async (id, flags) => (await import('./reject.ts')).rejectCommand(context, id, flags)))
  root
    .command('cancel')
    .description('end a running session cleanly')
    .argument('<id>')
    .action(onSession(async (id) => (await import('./sessions.ts')).cancel(context, id)))
}
