import { type Command, Option } from 'commander'
import type { CommandContext } from './context.ts'
import { json, number, type Runner, type SessionRunner } from './options.ts'

const evidenceHelp = `
The folder holds the patch, versions, digests of lock files and images, commands, each test of each run, hashes of the
prompts, the verdict, and an in-toto statement with the sha256 of every file. No log, no key, no path of this machine.`

const verifyHelp = `
First every byte is compared with the statement: what was changed is refused and nothing runs. Then the patch is applied
to the base commit of the repository and the same commands run in this machine's sandbox. Exit code 0 where each test and
command comes out the same, 4 where one does not. No model is asked, and nothing is published.`

/** What goes from one machine to another: evidence, and whole sessions. */
export function addPortable(
  root: Command,
  context: CommandContext,
  run: Runner,
  onSession: SessionRunner,
): void {
  root
    .command('evidence')
    .description('write what a session proves to a folder that anybody can check')
    .argument('[id]')
    .option('--out <dir>', 'the folder; one beside the sessions where none is given')
    .option('--workflow', 'print a workflow for GitHub Actions that checks evidence, instead')
    .addOption(json())
    .addHelpText('after', evidenceHelp)
    .action(run(async (id, flags) => (await import('./evidence.ts')).evidence(context, id, flags)))
  addVerify(root, context, run)
  root
    .command('export')
    .description('write a session to one file, without secrets, to be opened on another machine')
    .argument('<id>')
    .option('--out <file>', 'the file; one beside the sessions where none is given')
    .option('--otlp', 'send its trace to a collector instead: the same as `drydock trace`')
    .addOption(json())
    .action(
      onSession(async (id, flags) =>
        flags.otlp === true
          ? (await import('./trace.ts')).trace(context, id, flags)
          : (await import('./archive.ts')).exportSession(context, id, flags),
      ),
    )
  root
    .command('trace')
    .description("send a session's trace to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names")
    .argument('<id>')
    .option('--print', 'print the spans instead, as JSON')
    .option('--content', 'with the words of models and people: replies, tool calls and results, reasons')
    .addOption(json())
    .addHelpText('after', traceHelp)
    .action(onSession(async (id, flags) => (await import('./trace.ts')).trace(context, id, flags)))
  root
    .command('import')
    .description('open a session that was exported elsewhere; it cannot be published from here')
    .argument('<file>')
    .option('--repo <dir>', 'the repository on this machine, to try the session again')
    .addOption(json())
    .action(run(async (file, flags) => (await import('./archive.ts')).importSession(context, file, flags)))
}

const traceHelp = `
Sent again it is the same trace. Other variables of OpenTelemetry are honoured: OTEL_EXPORTER_OTLP_HEADERS, such as
x-mlflow-experiment-id=1 for an MLflow server, which then gets assessments as well.`

function addVerify(root: Command, context: CommandContext, run: Runner): void {
  root
    .command('verify-evidence')
    .description('check a folder of evidence: its bytes, then its runs again on this machine')
    .argument('<dir>')
    .addOption(
      new Option('--repo <place>', 'the repository: a folder, or an address to fetch it from').default(
        context.cwd,
        'this folder',
      ),
    )
    .option('--sha256 <digest>', 'of the statement, as the pull request names it')
    .option('--bytes-only', 'compare the bytes and run nothing')
    .option('--verify-timeout <seconds>', 'time for one build, test and lint (600)', number)
    .option('--memory-mb <n>', 'memory of a container (4096)', number)
    .option('--workspace-mb <n>', 'room for what a build writes (2048)', number)
    .option('--allow-missing', 'leave out what no registry has, where no check needs it')
    .option('--keep-secret-files', 'package committed files that look like secrets, too')
    .addOption(
      new Option('--git-host <host>', 'take dependencies from git there, too; may be repeated').argParser(
        (value: string, before: readonly string[] = []) => [...before, value],
      ),
    )
    .addOption(json())
    .addHelpText('after', verifyHelp)
    .action(
      run(async (dir, flags) => (await import('./verifyEvidence.ts')).verifyEvidence(context, dir, flags)),
    )
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** What a person may want otherwise of a pull request, and a look at it before it is sent. */
export function withWording(command: Command): Command {
  const several = (flags: string, text: string): Option => new Option(flags, text).argParser(collect)
  return command
    .option('--preview', 'show the pull request as it will be, and do nothing')
    .option('--title <text>', 'its title')
    .option('--body-file <file>', 'your part of its text, - for standard input; what was run stands below it')
    .option('--wording <file>', 'all of it as JSON, as --preview --json names it; - for standard input')
    .option('--branch <name>', 'its branch; the first free one like it')
    .addOption(new Option('--draft', 'as a draft').conflicts('ready'))
    .addOption(new Option('--ready', 'not as a draft').implies({ draft: false }))
    .addOption(several('--label <name>', 'a label, in the place of those set; may be repeated'))
    .addOption(several('--assignee <name>', 'whom it is assigned to; may be repeated'))
    .addOption(several('--reviewer <name>', 'an account, organisation/team, or codeowners; may be repeated'))
    .option('--milestone <title>', 'its milestone')
}
