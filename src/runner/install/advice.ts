import { stripVTControlCharacters } from 'node:util'
import type { InstallWords } from '../ecosystems/installWords.ts'

/** What runs out on this machine, whoever installs. */
const ofTheMachine: InstallWords['causes'] = [
  [
    /\bENOSPC\b/,
    'Raise `drydock.workspaceMb` or `drydock.workspaceInodes`, or free disk space of the engine.',
  ],
  [/\bEMFILE\b|\bEAGAIN\b/, 'Raise `drydock.pids`, or let fewer sessions run at once.'],
]

/** One line: what to do about a failed install, by the cause that its log names; undefined where it names none. */
export function adviceFor({ causes }: InstallWords, log: string): string | undefined {
  const plain = stripVTControlCharacters(log)
  return [...causes, ...ofTheMachine].find(([cause]) => cause.test(plain))?.[1]
}
