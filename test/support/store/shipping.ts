import { openStore } from '../../../src/runner/fleet/store/open.ts'
import { openShipper } from '../../../src/runner/fleet/store/ship.ts'
import type { SharedStore } from '../../../src/runner/fleet/store/store.ts'

/*
 * `shipping.ts SESSIONS SESSION PUTS`: a process that ships a session, says each object that it has put, and after so many
 * of them does nothing more, as one that is killed there.
 */
const [sessions = '', session = '', puts = ''] = process.argv.slice(2)
const store = await openStore({ env: process.env, cwd: sessions, signal: new AbortController().signal })
if (store === undefined) throw new Error('no store')
let left = Number(puts)
const slow: SharedStore = {
  ...store,
  async put(name, bytes) {
    await store.put(name, bytes)
    process.stdout.write(`${name}\n`)
    left -= 1
    if (left <= 0) await new Promise(() => setInterval(() => {}, 1000))
  },
}
await openShipper({ sessions, store: slow, secrets: [], userHome: '/nowhere' }).ship(session)
