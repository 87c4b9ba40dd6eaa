import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openRelay } from '../relay/relay.ts'
import { runEngine } from './engine.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: '/workspace' },
    'git-dir': { type: 'string', default: '/tmp/drydock/git' },
    bin: { type: 'string', default: '/usr/bin' },
    /** The tool server's program; beside this one where it is not given. */
    tools: { type: 'string', default: join(dirname(process.argv[1] ?? ''), 'tools.mjs') },
    /** Another way to the runner than this process's own stdio. */
    relay: { type: 'string' },
  },
})

const own =
  values.relay === undefined
    ? await openRelay({ port: 0, input: process.stdin, output: process.stdout })
    : undefined
await runEngine({
  relayUrl: values.relay ?? `http://127.0.0.1:${own?.port}`,
  workspace: values.workspace,
  gitDir: values['git-dir'],
  gitBinary: `${values.bin}/git`,
  bin: values.bin,
  tools: { command: process.execPath, args: [values.tools] },
})
own?.close()
