import { failure } from './failure.ts'

const example = 'Mend the file; `drydock help fleet submit` shows one.'

/** Campaigns over many repositories, and the queue that they may run on. */
export const fleetFailures = {
  /** `line` counts from 1; 0 where the whole file is meant. */
  badCampaign: (file: string, line: number, why: string, detail?: string) =>
    failure(
      'bad-campaign',
      `${file}${line > 0 ? `, line ${line}` : ''}: ${why}${why.endsWith('?') ? '' : '.'}`,
      example,
      detail,
    ),
  otherCampaign: (name: string, is: string) =>
    failure(
      'bad-campaign',
      `There is a campaign ${name} with another task already: ${is}.`,
      'Give this one a name of its own: what was done under a name stays under it.',
    ),
  nothingToDo: (name: string, unreachable: number) =>
    failure(
      'bad-campaign',
      `Campaign ${name} has no repository that can be reached${unreachable > 0 ? `: ${unreachable} cannot` : ''}.`,
      'Look at the reasons above, mend the places, and submit it again.',
    ),
  repositoryUnreachable: (address: string, why: string) =>
    failure(
      'repository-unreachable',
      `${address} cannot be reached: ${why}.`,
      'Check the address, and that your git may read it: `git ls-remote` with it says the same.',
    ),
  noSuchCampaign: (name: string) =>
    failure('no-such-campaign', `There is no campaign ${name}.`, 'See `drydock fleet status`.'),
  noSuchJob: (campaign: string, wanted: string) =>
    failure(
      'bad-usage',
      `Campaign ${campaign} has no repository ${wanted}.`,
      `See \`drydock fleet status ${campaign}\`.`,
    ),
  campaignBusy: (name: string) =>
    failure(
      'campaign-busy',
      `Another process is at work on campaign ${name}.`,
      `Watch it with \`drydock fleet status ${name}\`, or hold it with \`drydock fleet pause ${name}\`.`,
    ),
  sessionElsewhere: (session: string) =>
    failure(
      'session-state',
      `Session ${session} ran on another machine.`,
      'Do it there: a session is published, followed up and closed where its log is.',
    ),
  noMoneyLeft: (why: string) =>
    failure('budget-exceeded', why, "Raise the campaign's caps in its file, and submit it again."),
  nothingLeft: (name: string) =>
    failure(
      'session-state',
      `Campaign ${name} has nothing left that it would begin or publish by itself.`,
      `See \`drydock fleet status ${name}\`.`,
    ),
  campaignOver: (name: string, is: string) =>
    failure(
      'session-state',
      `Campaign ${name} is ${is}.`,
      `See \`drydock fleet report ${name}\`; to do it all the same, give the file another name and submit it.`,
    ),
  needsQueue: (what: string) =>
    failure(
      'needs-queue',
      `${what} needs a queue on Redis.`,
      'Set DRYDOCK_REDIS_URL to one, such as redis://127.0.0.1:6379, or leave it out: one machine needs none.',
    ),
  /** `packages`: names and versions; `from`: the folder that was named. */
  noBoard: (packages: Readonly<Record<string, string>>, from: string | undefined, detail?: string) => {
    const all = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
    return failure(
      'bad-usage',
      from === undefined
        ? 'Bull Board is not installed beside Drydock: it is larger than all the rest.'
        : `${from} has no Bull Board.`,
      `\`npm install --prefix ${from ?? 'FOLDER'} ${all.join(' ')}\`, and \`drydock fleet board --from ${from ?? 'FOLDER'}\`.`,
      detail,
    )
  },
  boardElsewhere: (host: string) =>
    failure(
      'bad-usage',
      `A board is served on loopback alone, not on ${host}: it has no authentication.`,
      'Leave --host out. From another machine, forward its port: `ssh -L 8080:127.0.0.1:PORT MACHINE`, and open 127.0.0.1:8080.',
    ),
  boardPort: (port: number, why: string) =>
    failure('bad-usage', `Port ${port} cannot be served: ${why}.`, 'Name another one with --port, or none.'),
  queueUnreachable: (where: string, why: string) =>
    failure(
      'queue-unreachable',
      `The queue at ${where} does not answer: ${why}.`,
      'Check that Redis runs there and takes the credentials in DRYDOCK_REDIS_URL. Nothing is lost: workers go on when it is back.',
    ),
} as const
