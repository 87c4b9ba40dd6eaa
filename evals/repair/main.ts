import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { readSet } from '../../src/runner/repairEval/set.ts'
import { startModel } from '../../test/support/model/server.ts'
import { players } from './play.ts'

/*
 * npm run eval:repair [-- OPTIONS of drydock eval repair]: the embedded set with a model that plays each case's own
 * patch, so that the harness is measured and no model.
 */

const root = join(import.meta.dirname, '../..')
const set = await readSet(import.meta.dirname)
const model = await startModel(await players(set))
const child = spawn(
  process.execPath,
  [
    join(root, 'dist/drydock.mjs'),
    'eval',
    'repair',
    import.meta.dirname,
    '--played',
    ...process.argv.slice(2),
  ],
  {
    env: {
      ...process.env,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'played',
      ANTHROPIC_AUTH_TOKEN: undefined,
    },
    stdio: 'inherit',
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
const [code] = await once(child, 'close')
await model.close()
process.exitCode = code ?? 130
