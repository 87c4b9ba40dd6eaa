/** Serves the folder given as a git remote and prints its URL: `main.ts ROOT [--port N] [--user U --password P]`. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { gitHttpServer } from './server.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, user: { type: 'string' }, password: { type: 'string' } },
})
const [root] = positionals
if (root === undefined) throw new Error('give the folder of bare repositories')
const { user, password = '' } = values
const server = gitHttpServer({ root, ...(user === undefined ? {} : { auth: { user, password } }) })
server.listen(Number(values.port ?? 0), '127.0.0.1')
await once(server, 'listening')
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
process.on('SIGTERM', () => server.close(() => process.exit()))
