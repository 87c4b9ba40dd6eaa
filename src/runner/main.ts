import { setMaxListeners } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommanderError } from 'commander'
import { failures } from '../contract/failures.ts'
import { SessionId } from '../contract/sessionId.ts'
import { sessionsHome } from '../store/home.ts'
import { helpOf } from './commands/called.ts'
import { type CommandContext, printJson } from './commands/context.ts'
import { exitCodeOfFailure } from './commands/exitCode.ts'
import { program } from './commands/program.ts'
import { failureOf } from './ending.ts'
import { secretVariables } from './secretVariables.ts'
import { colors } from './terminal/colors.ts'
import { failureLog } from './terminal/failureLog.ts'
import { namingSession } from './terminal/namingSession.ts'

/** The folder that the package was installed to: the bundle lies one level below it, this file two. */
function packageRoot(): string {
  const own = dirname(fileURLToPath(import.meta.url))
  for (let folder = own; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder))
      throw new Error(`There is no package.json above ${own}: this is no whole copy of Drydock.`)
  }
}

/** The environment as it was given; what children inherit is left without secrets. */
function takeEnvironment(): NodeJS.ProcessEnv {
  // Windows finds PATH in any spelling, a copy does not.
  const env = { ...process.env, ...(process.env.PATH === undefined ? {} : { PATH: process.env.PATH }) }
  for (const name of secretVariables) delete process.env[name]
  return env
}

function commandContext(): CommandContext {
  const env = takeEnvironment()
  const { stdin, stdout, stderr } = process
  const assets = packageRoot()
  const { version } = JSON.parse(readFileSync(join(assets, 'package.json'), 'utf8')) as { version: string }
  const sessions = sessionsHome(env)
  // A reader that has seen enough, such as `head`, ends the output, not the work.
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe)
  const abort = new AbortController()
  // Requests side by side listen to it, each for itself.
  setMaxListeners(0, abort.signal)
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // A second one means it: the next start sweeps what is left.
      if (abort.signal.aborted) process.exit(130)
      abort.abort(failures.cancelled())
    })
  }
  return {
    ...{ env, stdin, stdout, stderr, assets, version, sessions },
    cwd: process.cwd(),
    userHome: homedir(),
    cache: join(dirname(sessions), 'cache'),
    colors: colors(wantsColour(env, stdout)),
    interactive: stdin.isTTY === true && stdout.isTTY === true,
    signal: abort.signal,
    now: () => new Date(),
  }
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

function wantsColour(env: NodeJS.ProcessEnv, stream: NodeJS.WriteStream): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  return stream.isTTY === true || (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0')
}

function usage({ message }: CommanderError): Error {
  return failures.badUsage(message.replace(/^error: /, ''))
}

async function main(): Promise<void> {
  // What Node deprecates in a library is for who builds this, and stands in no one's way who runs it.
  process.noDeprecation = true
  const context = commandContext()
  const root = program(context, (code) => {
    process.exitCode = code
  })
  try {
    // Said, not guessed: in Electron that plays Node, a guess would take the script for an argument.
    await root.parseAsync(process.argv)
  } catch (error) {
    // Help and version end that way, too.
    if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) return
    const failure = failureOf(
      error instanceof CommanderError ? usage(error) : error,
      dirname(context.sessions),
    )
    const c = colors(wantsColour(process.env, process.stderr))
    const given = process.argv.slice(2)
    const help = failure.next.replace('`drydock --help`', `\`${helpOf(root, given)}\``)
    const next = namingSession(help, given.find((word) => SessionId.safeParse(word).success) ?? 'ID')
    process.stderr.write(`${c.red(failure.code)}: ${failure.message}\n${c.bold('Next:')} ${next}\n`)
    for (const line of failureLog(failure)) process.stderr.write(`  ${c.dim(line)}\n`)
    if (failure.code === 'internal' && failure.detail !== undefined)
      process.stderr.write(`${c.dim(failure.detail)}\n`)
    // A command prints its JSON when it is done: one that failed has printed none.
    if (given.includes('--json')) printJson(context, { failure: { ...failure, next } })
    process.exitCode = exitCodeOfFailure(failure.code)
  }
}

await main()
// What a session left open, such as a connection to an engine that is slow to answer, does not keep a program that is done.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve())
  })
process.exit()
