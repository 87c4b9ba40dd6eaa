import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { CommandContext } from '../../src/runner/commands/context.ts'
import { colors } from '../../src/runner/terminal/colors.ts'

/** What a command is given that runs in this process, with its home in a folder; what it says is gathered. */
export function commandContext(
  home: string,
  env: NodeJS.ProcessEnv = {},
): { readonly context: CommandContext; readonly said: () => string } {
  let text = ''
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  }) as unknown as NodeJS.WriteStream
  const context: CommandContext = {
    env: { PATH: process.env.PATH, ...env },
    ...{ cwd: home, userHome: home, sessions: join(home, 'sessions'), cache: join(home, 'cache') },
    ...{ assets: home, version: '0.0.0', stdin: process.stdin, stdout: out, stderr: out },
    ...{ colors: colors(false), interactive: false, signal: new AbortController().signal },
    now: () => new Date(),
  }
  return { context, said: () => text }
}
