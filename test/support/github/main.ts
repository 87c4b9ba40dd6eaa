/** Serves GitHub's pull-request interface and prints its URL: `main.ts ROOT --token T [--port N]`. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { githubServer } from './server.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, token: { type: 'string' } },
})
const [root] = positionals
const { token } = values
if (root === undefined || token === undefined)
  throw new Error('give the folder of bare repositories and --token')
const { server } = githubServer({ root, token })
server.listen(Number(values.port ?? 0), '127.0.0.1')
await once(server, 'listening')
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
