import { type Command, Option } from 'commander'
import type { CommandContext } from '../context.ts'
import { json, number, type Runner } from '../options.ts'

const fileHelp = `
A campaign file is YAML: one task, many repositories.

  name: uuid-9                      # submitted again, the same name goes on
  update: uuid@9                    # as for drydock update; or change: {kind, title, prompt}
  repositories:
    - ~/work/shop                   # a folder, or a glob of folders
    - ~/work/services/*
    - https://git.example.com/acme/app.git
    - { github: acme, match: 'app-*', priority: 5 }   # of an organisation; a GitHub token is needed
  codemod: ./codemod                # of drydock distil: tried before any agent
  settings: { budgetUsd: 2 }        # of each session
  limits: { concurrency: 2, campaignUsd: 40, dayUsd: 20, modelRequestsPerMinute: 60 }
  canary: { repositories: 3, until: approved }        # verified, approved or merged
  publish: { proven: true, perHour: 12 }              # what needs no person's word, so many an hour
  store: { keepDays: 30 }           # in DRYDOCK_FLEET_STORE; see drydock fleet prune

Without a queue it runs here, in this process: Ctrl-C lets what runs end, and \`drydock fleet resume NAME\` goes on. A repository that
cannot be reached, or whose session fails, is named in the report and keeps none of the others from it.
With DRYDOCK_REDIS_URL set, \`drydock fleet worker\` runs it, on as many machines as there are; quotas of organisations
(limits: perOrganisation) need that.
With DRYDOCK_FLEET_STORE set to a folder that the machines share or to s3://BUCKET/PREFIX, workers ship the logs of their
sessions there while they grow; \`drydock fleet fetch NAME\` brings them, and \`drydock approve ID\` sends your word back.

Examples:
  drydock fleet submit uuid.yaml --preview   what would be done where, and what it may cost; runs nothing
  drydock fleet submit uuid.yaml
  drydock fleet status uuid-9`

/** Campaigns: one task over many repositories. */
export function addFleet(root: Command, context: CommandContext, run: Runner): void {
  const fleet = root
    .command('fleet')
    .description('one update or change over many repositories, as a campaign')
    .addHelpText('after', fileHelp)
  fleet
    .command('submit')
    .description('begin the campaign of a file, or go on with it')
    .argument('<file>', 'the campaign, in YAML')
    .option('--preview', 'say what would be done where and what it may cost, and run nothing')
    .addOption(json())
    .addHelpText('after', fileHelp)
    .action(run(async (file, flags) => (await import('./submit.ts')).submit(context, file, flags)))
  fleet
    .command('status')
    .description('how a campaign stands, or all of them')
    .argument('[name]')
    .addOption(json())
    .action(run(async (name, flags) => (await import('./status.ts')).status(context, name, flags)))
  fleet
    .command('report')
    .description('one page of a campaign: outcomes, causes, costs, how far a codemod carried')
    .argument('<name>')
    .option('-o, --out <file>', 'the page; campaign-NAME.html where none is given')
    .option('--markdown', 'print it as Markdown instead')
    .option('--open', 'open it in a browser')
    .addOption(json())
    .action(run(async (name, flags) => (await import('./report.ts')).report(context, name, flags)))
  addDecisions(fleet, context, run)
  fleet
    .command('fetch')
    .description('bring sessions of a campaign here that other machines have, from DRYDOCK_FLEET_STORE')
    .argument('<name>')
    .addHelpText('after', fetchHelp)
    .action(run(async (name) => (await import('./shared.ts')).fetchSessions(context, name)))
  fleet
    .command('prune')
    .description(
      'say which sessions in the store are older than they are to be kept; --yes removes them there',
    )
    .argument('[name]')
    .option('--yes', 'remove them')
    .addOption(json())
    .addHelpText('after', pruneHelp)
    .action(run(async (name, flags) => (await import('./prune.ts')).pruneStore(context, name, flags)))
  fleet
    .command('worker')
    .description('take jobs from the queue that DRYDOCK_REDIS_URL names; on as many machines as you like')
    .option('--concurrency <n>', 'sessions at once on this machine (1)', number)
    .option(
      '--lease-seconds <n>',
      'how long a worker may be silent before its jobs are begun again (60)',
      number,
    )
    .option('--until-done', 'end when no campaign can go on by itself')
    .addHelpText('after', workerHelp)
    .action(run(async (flags) => (await import('./worker.ts')).worker(context, flags)))
  addBoard(fleet, context, run)
}

function addBoard(fleet: Command, context: CommandContext, run: Runner): void {
  fleet
    .command('board')
    .description('the queue in Bull Board, for operators: on loopback, to look at alone')
    .option('--port <n>', 'where to serve it (a free one)', number)
    .option('--host <address>', 'an address of loopback (127.0.0.1)')
    .option('--from <folder>', 'where Bull Board is installed, if not beside Drydock')
    .addHelpText('after', boardHelp)
    .action(run(async (flags) => (await import('./board.ts')).board(context, flags)))
}

const boardHelp = `
It has no authentication: whoever is on this machine can read names of campaigns and keys of jobs. Nothing can be
changed through it. Bull Board is no part of Drydock; without it this says how to install it.`

const fetchHelp = `
Sessions at work come as far as they are; again, it goes on where it stopped. They are looked at here, and \`drydock
approve\` and \`drydock reject\` send your word to the machine that has them, which publishes.`

const pruneHelp = `
How long is said by \`store: { keepDays: 30 }\` in the campaign's file, or by DRYDOCK_FLEET_KEEP_DAYS. What runs or waits for
a person stays, whatever its age. Sessions on the machines themselves stay: they are \`drydock prune\`'s.`

const workerHelp = `
Ctrl-C or SIGTERM lets what runs end and takes no more; a second one ends it at once. What a worker that died had
begun, another begins again. Keys stand in the environment of each worker, never in the queue.`

function addDecisions(fleet: Command, context: CommandContext, run: Runner): void {
  fleet
    .command('pause')
    .description('begin nothing more; what runs ends')
    .argument('<name>')
    .action(run(async (name) => (await import('./decide.ts')).pause(context, name)))
  fleet
    .command('resume')
    .description('go on where a campaign was paused, held or ended by its process')
    .argument('<name>')
    .option('--past-canary', 'let the rest begin, whatever the canaries came to')
    .addOption(json())
    .action(run(async (name, flags) => (await import('./decide.ts')).resume(context, name, flags)))
  fleet
    .command('cancel')
    .description('end a campaign: what runs is cancelled, what waits is not begun')
    .argument('<name>')
    .action(run(async (name) => (await import('./decide.ts')).cancel(context, name)))
  fleet
    .command('retry')
    .description('begin repositories again whose sessions failed: those named, or all')
    .argument('<name>')
    .argument('[repositories...]')
    .addOption(new Option('--only <outcome>', 'those that ended so, such as setup-failed'))
    .addOption(json())
    .action(
      run(async (name, repositories, flags) =>
        (await import('./decide.ts')).retry(context, name, repositories, flags),
      ),
    )
  addMany(fleet, context, run)
  addOpened(fleet, context, run)
}

/** What a person decides of many sessions at once; each by its own evidence. */
function addMany(fleet: Command, context: CommandContext, run: Runner): void {
  fleet
    .command('publish')
    .description(
      'publish what waits and needs no further word: the repositories named, or all; one after another',
    )
    .argument('<name>')
    .argument('[repositories...]')
    .option('--per-hour <n>', "pull requests an hour (the campaign's, or 12)", number)
    .addHelpText('after', publishHelp)
    .action(
      run(async (name, repositories, flags) =>
        (await import('./many.ts')).publishMany(context, name, repositories, flags),
      ),
    )
  fleet
    .command('reject')
    .description('reject what waits in the repositories named')
    .argument('<name>')
    .argument('<repositories...>')
    .option('--reason <text>', 'why')
    .action(
      run(async (name, repositories, flags) =>
        (await import('./many.ts')).rejectMany(context, name, repositories, flags),
      ),
    )
}

/** What a person decides of pull requests that are open. */
function addOpened(fleet: Command, context: CommandContext, run: Runner): void {
  fleet
    .command('close')
    .description('close open pull requests of a campaign, with a comment that says why')
    .argument('<name>')
    .argument('[repositories...]')
    .option('--reason <text>', 'why; it stands in the comment')
    .option('--yes', 'ask nobody')
    .addHelpText('after', closeHelp)
    .action(
      run(async (name, repositories, flags) =>
        (await import('./close.ts')).closeMany(context, name, repositories, flags),
      ),
    )
  fleet
    .command('rebase')
    .description('make changes again whose base has moved, on what it is by now; one after another')
    .argument('<name>')
    .argument('[repositories...]')
    .option('--per-hour <n>', "pushes an hour (the campaign's, or 12)", number)
    .addHelpText('after', rebaseHelp)
    .action(
      run(async (name, repositories, flags) =>
        (await import('./rebase.ts')).rebaseMany(context, name, repositories, flags),
      ),
    )
}

const closeHelp = `
Branches stay. What a host refuses is named, and keeps none of the others from it. Sessions that ran on another machine
are closed there.`

const rebaseHelp = `
Each is a session of its own, as \`drydock follow-up\` begins it: checked, judged, and paid for within the campaign's caps.
Where there is a pull request and nothing needs a further word, it is pushed above what is on the branch; else it waits.`

const publishHelp = `
The command is the approval, as \`drydock publish\` is. It holds for sessions whose tests prove the change, that a judge
approved, and that have no warning open; each of the others is named, and has to be looked at by itself.`
