import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { readSet } from '../../src/runner/repairEval/set.ts'
import { startModel } from '../../test/support/model/server.ts'
import { players } from './play.ts'

/*
 * npm run eval:repair [-- SET] [OPTIONS of drydock eval repair]: the embedded set, or SET, with a model that plays
 * each case's own patch, so that the harness is measured and no model. A case without a patch is answered in words.
 */

const root = join(import.meta.dirname, '../..')
const [first = '-', ...rest] = process.argv.slice(2)
const path = first.startsWith('-') ? import.meta.dirname : resolve(first)
const options = first.startsWith('-') ? process.argv.slice(2) : rest
const set = await readSet(path)
const model = await startModel(await players(set))
const child = spawn(
  process.execPath,
  [join(root, 'dist/drydock.mjs'), 'eval', 'repair', path, '--played', ...options],
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
