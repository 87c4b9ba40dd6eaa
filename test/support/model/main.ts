import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Script } from './script.ts'
import { startModel } from './server.ts'

const { values } = parseArgs({ options: { script: { type: 'string' }, port: { type: 'string' } } })
if (values.script === undefined) throw new Error('usage: main.ts --script FILE [--port N]')
const script = Script.parse(JSON.parse(await readFile(values.script, 'utf8')))
const model = await startModel({ ...script, port: Number(values.port ?? 0) })
console.log(JSON.stringify({ url: model.url }))
