import { fixtureSessions } from '../test/support/panel/sessions.ts'
import { rareSessions } from '../test/support/panel/states.ts'
import { openPanelServer } from './dev/panelServer.ts'

/** `panel.ts [PORT]`: the review panel in a browser over sessions of every kind, loaded again when it changes. */
const port = Number(process.argv[2] ?? 0)
const { url } = await openPanelServer({
  port,
  sessions: new Map([...fixtureSessions(), ...rareSessions()]),
  say: (line) => void process.stdout.write(`${line}\n`),
})
process.stdout.write(`The review panel: ${url}\n`)
