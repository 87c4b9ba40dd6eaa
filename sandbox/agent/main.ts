import { dirname, join } from 'node:path'
import { setImmediate as nextTask } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { workspacePath } from '../../src/contract/workspace.ts'
import { ask } from '../http/post.ts'
import { openChannel } from '../relay/channel.ts'
import { listen } from '../relay/relay.ts'
import { loadEngine, runEngine } from './engine.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: workspacePath },
    'git-dir': { type: 'string', default: '/tmp/drydock/git' },
    bin: { type: 'string', default: '/usr/bin' },
    /** The tool server's program; beside this one where it is not given. */
    tools: { type: 'string', default: join(dirname(process.argv[1] ?? ''), 'tools.mjs') },
    /** Another way to the runner than this process's own stdio. */
    relay: { type: 'string' },
    /** Loads everything and ends: what Node compiles is kept in the image. */
    warm: { type: 'boolean', default: false },
  },
})

if (values.warm) {
  await loadEngine()
  process.exit()
}
const { relay: elsewhere } = values
const channel = elsewhere === undefined ? openChannel(process.stdin, process.stdout) : undefined
// In a task of its own, after the first request is on its way.
const listening = channel && nextTask().then(() => listen(channel, 0))
const compiled = process.env.NODE_COMPILE_CACHE
await runEngine({
  ask: channel?.ask ?? ((method, target, ...rest) => ask(method, `${elsewhere}${target}`, ...rest)),
  relayUrl: listening?.then(({ port }) => `http://127.0.0.1:${port}`) ?? Promise.resolve(elsewhere ?? ''),
  workspace: values.workspace,
  gitDir: values['git-dir'],
  gitBinary: `${values.bin}/git`,
  bin: values.bin,
  tools: {
    command: process.execPath,
    args: [values.tools],
    ...(compiled === undefined ? {} : { env: { NODE_COMPILE_CACHE: compiled } }),
  },
})
await listening?.then(({ close }) => close())
process.stdin.destroy()
