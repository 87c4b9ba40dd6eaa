import { failure } from './failure.ts'

/** A store that the machines of a fleet share, and sessions that another one of them has. */
export const storeFailures = {
  noSharedStore: () =>
    failure(
      'bad-usage',
      'No store is named that the machines of the fleet share.',
      'Set DRYDOCK_FLEET_STORE to a folder or to s3://BUCKET/PREFIX, here and for each worker.',
    ),
  badStore: (address: string, why: string) =>
    failure(
      'bad-usage',
      `DRYDOCK_FLEET_STORE is ${address}: ${why}.`,
      'Set it to a folder or to s3://BUCKET/PREFIX.',
    ),
  storeUnreachable: (where: string, why: string) =>
    failure(
      'store-unreachable',
      `The store at ${where} does not answer: ${why}.`,
      'Check that it is there, and AWS_ENDPOINT_URL_S3 where it is no store of AWS. Nothing is lost: what is missing there follows.',
    ),
  storeRefused: (where: string, why: string) =>
    failure(
      'store-refused',
      `The store at ${where} refuses: ${why}.`,
      'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, and that they may list, read, write and delete there.',
    ),
  storeDamaged: (object: string, why: string) =>
    failure(
      'store-damaged',
      `${object} in the store is damaged: ${why}.`,
      'Remove it there: where the session is, the next start of a worker puts it there again.',
    ),
  sessionElsewhere: (id: string) =>
    failure(
      'session-state',
      `Session ${id} lies on another machine, and only that one goes on with it.`,
      `Look at it with \`drydock show ${id}\`; where it waits for review, \`drydock approve ${id}\` and \`drydock reject ${id}\` send your word there.`,
    ),
  otherPatch: (id: string) =>
    failure(
      'approval-void',
      `The decision is of another patch than the one that session ${id} has by now.`,
      'Fetch it again, look at what is there, and decide on that.',
    ),
  nobodyDecides: () =>
    failure(
      'bad-usage',
      'Your git does not say who you are, and a decision bears a name.',
      'Set it: `git config --global user.name` and `user.email`.',
    ),
  noKeepDays: (name: string) =>
    failure(
      'bad-usage',
      `Nothing says how long sessions of ${name} are kept in the store.`,
      'Set DRYDOCK_FLEET_KEEP_DAYS, or `store: { keepDays: 30 }` in the campaign file.',
    ),
} as const
