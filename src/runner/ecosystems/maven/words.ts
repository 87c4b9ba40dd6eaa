import type { InstallWords } from '../installWords.ts'

/** How Maven says why nothing came of an install. */
export const words: InstallWords = {
  reasons: [
    /^\[ERROR\].*?(?<text>(?:Could not (?:find|transfer) artifact|The following artifacts could not be resolved|Non-resolvable|Unresolveable|'[\w.]+' for ).+)$/,
  ],
  notFound: /404 Not Found|Not found/i,
  noVersion: [],
  causes: [
    [
      /Could not find artifact \S+/,
      'If a repository of yours has it, name that in ~/.m2/settings.xml on this machine. If it is gone, move what needs it to a version that does without; a jar that only others need is left out with --allow-missing.',
    ],
  ],
}
