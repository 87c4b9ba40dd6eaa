import { failure } from './failure.ts'
import { states } from './states/words.ts'

/** A session's folder and log. */
export const sessionFailures = {
  severalSessions: (text: string, ids: readonly string[]) =>
    failure(
      'bad-usage',
      `"${text}" could be ${ids.length} sessions: ${ids.slice(0, 4).join(', ')}${ids.length > 4 ? ', …' : ''}.`,
      'Give more of the id; six letters at its end are its own.',
    ),
  noSuchSession: (id: string) =>
    failure('no-such-session', `There is no session ${id}.`, 'See `drydock sessions`.'),
  noSuchTurn: (id: string, attempt: number, turn: number) =>
    failure(
      'bad-usage',
      `Session ${id} has no turn ${turn} in attempt ${attempt}.`,
      `See \`drydock show ${id} --turns\`.`,
    ),
  exchangeNotKept: (id: string, attempt: number, turn: number) =>
    failure(
      'session-state',
      `Session ${id} kept no request and reply of turn ${turn} in attempt ${attempt}.`,
      `An older Drydock made it, or it had kept too many. What was said and done: \`drydock show ${id} --turns\`.`,
    ),
  sessionBusy: (id: string) =>
    failure(
      'session-busy',
      `Another process is working on session ${id}.`,
      `Wait for it, or end it with \`drydock cancel ${id}\`.`,
    ),
  sessionState: (id: string, is: string, wanted: string) =>
    failure(
      'session-state',
      `Session ${id} is ${listed(is)}; this needs one that is ${wanted}.`,
      `See \`drydock show ${id}\`.`,
    ),
  badLog: (file: string, line: number, detail: string) =>
    failure(
      'bad-log',
      `${file} is damaged at line ${line}.`,
      'Move the session folder away; the other sessions are not touched by it.',
      detail,
    ),
  homeUnusable: (folder: string, detail: string) =>
    failure(
      'bad-config',
      `Sessions cannot be kept in ${folder}: ${detail.split('\n')[0]}`,
      'Set DRYDOCK_HOME to a folder that you may write to.',
      detail,
    ),
  unreadableSession: (folder: string, detail: string) =>
    failure(
      'bad-log',
      `${folder} cannot be read: ${detail.split('\n')[0]}`,
      'Check who owns it and what lies in it, or move it away; the other sessions are not touched by it.',
      detail,
    ),
  copiedSession: (folder: string, of: string) =>
    failure(
      'bad-log',
      `${folder} is a copy of the session ${of}, under a name that is not its own.`,
      'Remove the copy, or give it the name back; no other session is touched by it.',
    ),
  newerLog: (file: string, line: number) =>
    failure(
      'bad-log',
      `${file} was written by a newer version of Drydock (line ${line}).`,
      'Update this one to look at that session; the other sessions are not touched by it.',
    ),
  logDiskFull: (folder: string) =>
    failure('disk-full', `The disk with ${folder} is full.`, 'Free some space and start a new session.'),
} as const

/** A state's name as people read it, where it is one: `listed as “verification failed”`. */
function listed(is: string): string {
  const row = Object.entries(states).find(([name]) => name === is)?.[1].row
  return row === undefined || row === is ? is : `listed as “${row}”`
}
