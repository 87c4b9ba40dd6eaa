import picomatch from 'picomatch'
import { wordsOf } from './shell.ts'

export type Scripts = ReadonlyMap<string, string>

/** Flags of `npm run` and the like that come before a script's name. */
const flag = /^-/

/** Scripts of the same manifest that one command runs, in their order; empty where it is no such command. */
export function calledScripts(words: readonly string[], scripts: Scripts): readonly string[] {
  const [tool = '', ...rest] = words
  if (/^(npm-run-all2?|run-s|run-p)$/.test(tool))
    return rest.filter((word) => !flag.test(word)).flatMap((pattern) => matching(pattern, scripts))
  if (tool === 'concurrently' || tool === 'wsrun')
    return rest.flatMap((word) => (word.startsWith('npm:') ? matching(word.slice(4), scripts) : []))
  if (!/^(npm|yarn|pnpm|bun)$/.test(tool)) return []
  if (
    rest.some((word) =>
      /^(-w|--workspace|--workspaces|-ws|-r|--recursive|--filter|-F|--prefix|--cwd)/.test(word),
    )
  )
    return []
  const named = rest.filter((word) => !flag.test(word))
  const name = /^(run|run-script)$/.test(named[0] ?? '')
    ? named[1]
    : tool === 'npm'
      ? npmShort(named[0])
      : named[0]
  return name !== undefined && scripts.has(name) ? [name] : []
}

function npmShort(word: string | undefined): string | undefined {
  if (word === 't' || word === 'tst') return 'test'
  return word === 'test' || word === 'start' ? word : undefined
}

/** `test:*` as npm-run-all has it: a colon separates as a slash does in a path. */
function matching(pattern: string, scripts: Scripts): readonly string[] {
  const [name = ''] = pattern.split(' ')
  if (!/[*{!]/.test(name)) return scripts.has(name) ? [name] : []
  const matches = picomatch(name.replaceAll(':', '/'))
  return [...scripts.keys()].filter((key) => matches(key.replaceAll(':', '/')))
}

/** Commands that run when these scripts do, those that they call and their `pre` and `post` included. */
export function commandsBehind(names: readonly string[], scripts: Scripts): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = []
  const seen = new Set<string>()
  const pending = [...names]
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    const text = scripts.get(name)
    if (text === undefined || seen.has(name)) continue
    seen.add(name)
    for (const words of wordsOf(text)) {
      commands.push(words)
      pending.push(...calledScripts(words, scripts))
    }
    pending.push(`pre${name}`, `post${name}`)
  }
  return commands
}
