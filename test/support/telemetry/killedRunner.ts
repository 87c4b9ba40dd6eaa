import { once } from 'node:events'
import type { EventBody } from '../../../src/contract/events.ts'
import { traced } from '../../../src/runner/tracing.ts'
import { createSession } from '../../../src/store/session.ts'
import { logOf } from './logs.ts'

/** Holds a session whose log is the beginning of a fixture's, exports it, and waits to be killed: HOME NAME COUNT */
const [home = '', name = '', count = ''] = process.argv.slice(2)
const [created, ...rest] = (await logOf(name)).slice(0, Number(count))
if (created?.type !== 'session.created') throw new Error('no session')
const context = { env: process.env, stderr: process.stderr, version: '0.1.0' }
const control = { cancel: () => undefined, isCancelling: () => false }
const held = await traced(
  context,
  { control },
  (options) => createSession(home, created.task, created.runner, options),
  created.task,
)
for (const { v: _v, seq: _seq, time: _time, ...body } of rest) held.log.emit(body as EventBody)
process.stdout.write('held\n')
await once(process, 'never')
