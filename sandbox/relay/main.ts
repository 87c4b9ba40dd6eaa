import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { parseArgs } from 'node:util'
import { openRelay, type Relay } from './relay.ts'

/** `relay.mjs [--port N] [-- command …]`: runs the command, its output as frames, exits with its code. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string', default: '4873' } },
    allowPositionals: true,
  })
  const relay = await openRelay({ port: Number(values.port), input: process.stdin, output: process.stdout })
  const [command, ...args] = positionals
  if (command === undefined) {
    await relay.closed
    return 0
  }
  const code = await runChild(relay, command, args)
  relay.close()
  return code
}

async function runChild(relay: Relay, command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  // The runner is gone: so is the reason for the child.
  void relay.closed.catch(() => undefined).then(() => child.kill('SIGKILL'))
  const ended = new Promise<number>((resolve) => {
    child.once('error', async (error) => {
      await relay.sendOutput(Buffer.from(`${error.message}\n`))
      resolve(127)
    })
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  const forward = async (stream: AsyncIterable<Buffer>) => {
    for await (const chunk of stream) await relay.sendOutput(chunk)
  }
  await Promise.all([forward(child.stdout), forward(child.stderr)])
  return await ended
}

// Set, not called: what is still on its way to the runner must get there.
process.exitCode = await main()
process.stdin.destroy()
