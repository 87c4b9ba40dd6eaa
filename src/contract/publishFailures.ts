import { failure } from './failure.ts'
import { shellWord } from './text.ts'

function acknowledging(command: string, codes: readonly string[]): string {
  return [command, ...codes.map((code) => `--acknowledge ${shellWord(code)}`)].join(' ')
}

/** What stands between a reviewed change and its branch. */
export const publishFailures = {
  halfDropped: (id: string) =>
    failure(
      'session-state',
      `Parts of session ${id} were to be dropped, and what remains was never checked.`,
      `Drop them again with \`drydock drop ${id} …\`, or keep them with \`drydock restore ${id}\`.`,
    ),
  alreadyPushed: (id: string) =>
    failure(
      'session-state',
      `The patch of session ${id} is pushed already.`,
      `Finish it with \`drydock publish ${id}\`, or begin anew with \`drydock retry ${id}\`.`,
    ),
  notVerified: (reasons: readonly string[], lead = 'The session is not verified: ') =>
    failure(
      'not-verified',
      `${lead}${(reasons[0] ?? 'no check was made').replace(/\.$/, '')}.`,
      'Mend what is named and retry. To take it on yourself, approve it in the review panel or run `drydock publish` at a terminal without --yes: it asks.',
      reasons.join('\n'),
    ),
  notGreen: (id: string, reasons: readonly string[]) =>
    failure(
      'not-verified',
      `The checks of this change are not green: ${(reasons[0] ?? 'they did not run to their end').replace(/\.$/, '')}.`,
      `Nobody can publish it as it is. Take dropped parts back with \`drydock restore ${id}\`, or try again with \`drydock retry ${id}\`.`,
      reasons.join('\n'),
    ),
  notJudged: (command: string) =>
    failure(
      'not-judged',
      'No judge has looked at this patch.',
      `It waits: take it on yourself with \`${command}\`, or set a key and start a new session.`,
    ),
  noSuchWarning: (id: string, code: string) =>
    failure(
      'bad-usage',
      `There is no warning ${code} to acknowledge.`,
      `\`drydock show ${id}\` has the codes of its warnings.`,
    ),
  warningsNotAcknowledged: (codes: readonly string[], command = acknowledging('drydock publish ID', codes)) =>
    failure(
      'warnings-not-acknowledged',
      `${codes.length} ${codes.length === 1 ? 'warning is' : 'warnings are'} not acknowledged: ${codes.slice(0, 3).join(', ')}${codes.length > 3 ? ', …' : ''}.`,
      `Look at each, then take them on with \`${command}\`.`,
      codes.join('\n'),
    ),
  approvalVoid: (why: string) =>
    failure('approval-void', `The approval does not hold: ${why}.`, 'Review the patch again and approve it.'),
  noRemote: (id: string, command = `drydock publish ${id}`) =>
    failure(
      'no-remote',
      'The repository has no remote, so there is nowhere to push to.',
      `Add a remote with \`git remote add origin URL\`, push the base branch to it, and publish with \`${command}\`; or take the change with \`drydock diff ${id} | git apply\`.`,
    ),
  remoteGone: (name: string) =>
    failure(
      'no-remote',
      `The remote ${name}, which the session began with, is not there any more.`,
      `Add it again with \`git remote add ${shellWord(name)} URL\`, or start a new session.`,
    ),
  baseNotAtRemote: (id: string, remote: string, commit: string, branch: string | undefined) =>
    failure(
      'no-remote',
      `The repository had no remote when this session began, and ${remote} does not have its base commit ${commit.slice(0, 12)}.`,
      `Nothing was pushed. Push it there first${branch === undefined ? '' : `, \`git push ${shellWord(remote)} ${shellWord(branch)}\``}, then \`drydock publish ${id}\` again.`,
    ),
}
