/** A task runner by itself, with plain words after it: what is added goes to it and to nothing else. */
const alone = (runner: string): RegExp =>
  new RegExp(
    `^\\s*(?:npx\\s+|pnpm\\s+(?:exec\\s+)?|yarn\\s+)?${runner}(?:\\s+(?!--(?:\\s|$))[\\w:.@/^*=,-]+)*\\s*$`,
  )
const runners: readonly (readonly [script: RegExp, flag: string])[] = [
  [alone('turbo(?:\\s+run)?'), '--continue'],
  [alone('lerna\\s+run'), '--no-bail'],
]

/**
 * What a script is called with so that the packages of a task runner do not end each other: where one package's tests
 * fail, which of the others ran would be a matter of chance, and their results with it.
 */
export function keepGoing(script: string): readonly string[] {
  if (/\s--(?:continue|no-bail|bail|dry)\b/.test(script)) return []
  const found = runners.find(([pattern]) => pattern.test(script))
  return found === undefined ? [] : [found[1]]
}

/** The same where a variable says it: wireit's. */
export const keepGoingEnv = { WIREIT_FAILURES: 'continue' } as const
