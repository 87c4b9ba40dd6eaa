import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openRelay } from '../relay/relay.ts'
import { loadEngine, runEngine } from './engine.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: '/workspace' },
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
const own =
  values.relay === undefined
    ? await openRelay({ port: 0, input: process.stdin, output: process.stdout })
    : undefined
const compiled = process.env.NODE_COMPILE_CACHE
await runEngine({
  relayUrl: values.relay ?? `http://127.0.0.1:${own?.port}`,
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
own?.close()
