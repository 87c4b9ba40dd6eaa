import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { answer, userPorcelain } from '../git/porcelain.ts'
import { definedOnly } from '../git/program.ts'
import { secretVariables } from '../secretVariables.ts'
import type { CommandContext } from './context.ts'

/** As git chooses: `GIT_PAGER`, the user's own `core.pager`, `PAGER`, `less`; a repository's configuration has no say. */
export async function pagerOf({ env, cwd }: Pick<CommandContext, 'env' | 'cwd'>): Promise<string> {
  if (env.GIT_PAGER !== undefined) return env.GIT_PAGER
  const git = userPorcelain(cwd, env)
  const configured = await answer(git.raw('config', '--global', '--get', 'core.pager'), [1]).catch(() => '')
  return configured === '' ? (env.PAGER ?? 'less') : configured
}

/** Shows a long text to a person at a terminal, in the pager that they have; without one, or for nobody, it is printed. */
export async function paged(context: CommandContext, text: string): Promise<void> {
  const pager = context.interactive && process.platform !== 'win32' ? await pagerOf(context) : ''
  const shown = pager.trim() === '' || pager.trim() === 'cat' ? false : await shownIn(context, pager, text)
  if (!shown) context.stdout.write(text)
}

/** Whether it could be started: a shell ends with 126 or 127 where it could not. */
async function shownIn({ env }: CommandContext, pager: string, text: string): Promise<boolean> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !secretVariables.includes(name)))
  const child = spawn('/bin/sh', ['-c', pager], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: 'FRX', LV: '-c', ...definedOnly(own) },
  })
  // Who has seen enough closes it.
  child.stdin.on('error', () => undefined)
  child.stdin.end(text)
  const ended = await once(child, 'close').catch(() => [127])
  return ended[0] !== 126 && ended[0] !== 127
}
