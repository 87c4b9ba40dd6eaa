import { failure } from './failure.ts'

/** What is carried from one machine to another: evidence, and whole sessions. */
export const evidenceFailures = {
  badEvidence: (folder: string, why: string) =>
    failure(
      'bad-evidence',
      `The evidence in ${folder} is refused: ${why}.`,
      'Nothing was run. Get it anew from whoever made it: `drydock evidence ID` writes it.',
    ),
  notTheEvidence: (folder: string, named: string, found: string) =>
    failure(
      'bad-evidence',
      `The evidence in ${folder} is another than the one named: its statement is sha256:${found}, not sha256:${named}.`,
      'Nothing was run. Get the evidence that the pull request names.',
    ),
  notReproducible: (why: string) =>
    failure(
      'bad-evidence',
      `It cannot be checked again: ${why}.`,
      'Nothing was run; its digests are in order.',
    ),
  lacksCommit: (place: string, commit: string, url: string | undefined) =>
    failure(
      'bad-evidence',
      `${place} does not have the commit ${commit} that the evidence is about.`,
      url === undefined
        ? 'Give the repository with --repo, a folder or an address.'
        : `Give the repository with --repo, a folder or an address; the evidence names ${url}.`,
    ),
  notFetched: (url: string, why: string) =>
    failure(
      'bad-evidence',
      `The repository cannot be fetched from ${url}: ${why}.`,
      'Check the address and your access, or clone it yourself and give the folder with --repo.',
    ),
  noEvidence: (id: string, why: string) =>
    failure(
      'session-state',
      `Session ${id} has no evidence to give: ${why}.`,
      `See \`drydock show ${id}\`; a session gives evidence once its patch was checked.`,
    ),
  folderInUse: (folder: string) =>
    failure('bad-usage', `${folder} is there already and is not empty.`, 'Name another folder with --out.'),
  fileInUse: (file: string) =>
    failure('bad-usage', `${file} is there already.`, 'Name another file with --out.'),
  badArchive: (file: string, why: string) =>
    failure(
      'bad-archive',
      `${file} is refused: ${why}.`,
      'Nothing was imported. Take a file that `drydock export` wrote.',
    ),
  sessionKnown: (id: string) =>
    failure(
      'bad-archive',
      `Session ${id} is on this machine already.`,
      `See it with \`drydock show ${id}\`.`,
    ),
  stillRunning: (id: string) =>
    failure(
      'session-state',
      `Session ${id} is still at work; what it is now would be out of date at once.`,
      'Wait for its end, or cancel it.',
    ),
  otherRepository: (root: string, commit: string) =>
    failure(
      'bad-archive',
      `${root} does not have ${commit.slice(0, 12)}, the commit that the session began on.`,
      'Nothing was imported. Name the repository it was made in with --repo, fetch what that one lacks, or leave --repo out to look at the session alone.',
    ),
  importedSession: (id: string) =>
    failure(
      'session-state',
      `Session ${id} was imported: what it says was checked elsewhere, not on this machine.`,
      `Look at it with \`drydock show ${id}\`; to publish the change, run the update here.`,
    ),
  importedAlone: (id: string) =>
    failure(
      'session-state',
      `Session ${id} was imported, and nobody said which repository of this machine is its own.`,
      'Say so: `drydock import FILE --repo DIR`, with the file that it came from.',
    ),
  signingFailed: (format: string, why: string, detail?: string) =>
    failure(
      'signing-failed',
      `Your git signs commits (${format}), and the commit could not be signed: ${why}.`,
      'Nothing was pushed. Unlock the key so that `git commit -S` works without a question, then publish again; or set `git config commit.gpgsign false` in this repository.',
      detail,
    ),
} as const
