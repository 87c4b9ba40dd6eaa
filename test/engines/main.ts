import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { type Column, columns, openBench, refusals } from './columns.ts'
import { engines, type Machine, notHere, startEngine, type Tried, thisMachine } from './engines.ts'

const usage = `npm run test:engines -- [NAME…]
Tries everything that touches a container engine on each of these, or on all of them:
${engines.map(({ name, what }) => `  ${name.padEnd(18)} ${what}`).join('\n')}
All but \`here\` are set up for the purpose in namespaces of their own, below DRYDOCK_ENGINES (/var/tmp/drydock-engines), as
root on Linux with debootstrap; \`bash test/engines/engine remove\` removes them. Exit code 1 where anything failed.`

const say = (text: string) => void process.stdout.write(`${text}\n`)

interface Cell {
  readonly state: 'ok' | 'refused' | 'failed' | 'not here' | '·'
  readonly said: string
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const unknown = positionals.filter((name) => !engines.some((one) => one.name === name))
  if (values.help || unknown.length > 0) {
    say(unknown.length > 0 ? `No engine ${unknown.join(', ')}.\n${usage}` : usage)
    return unknown.length > 0 ? 2 : 0
  }
  const machine = await thisMachine()
  const rows: [Tried, Readonly<Record<string, Cell>>][] = []
  for (const one of engines.filter(({ name }) => positionals.length === 0 || positionals.includes(name)))
    rows.push([one, await row(one, machine)])
  say(`\n${tableOf(rows)}\n`)
  for (const line of notHere(machine)) say(`not here: ${line}`)
  return rows.some(([, cells]) => Object.values(cells).some(({ state }) => state === 'failed')) ? 1 : 0
}

async function row(tried: Tried, machine: Machine): Promise<Readonly<Record<string, Cell>>> {
  const why = cannot(tried, machine)
  if (why !== undefined) {
    say(`${tried.name}: not here: ${why}`)
    return { images: { state: 'not here', said: why } }
  }
  say(`${tried.name}: starting`)
  try {
    await using engine = await startEngine(tried)
    await using bench = await openBench(engine.address, tried.own !== undefined)
    const reason = tried.refused?.(machine)
    const cells: Record<string, Cell> = {}
    for (const [name, column] of Object.entries(reason === undefined ? columns : refusals(reason))) {
      cells[name] = await cell(column, bench)
      say(`${tried.name}: ${name}: ${cells[name].state}: ${cells[name].said}`)
    }
    return cells
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    say(`${tried.name}: ${said}`)
    return { images: { state: 'failed', said } }
  }
}

function cannot({ own }: Tried, { root, debootstrap }: Machine): string | undefined {
  if (own === undefined) return undefined
  if (process.platform !== 'linux') return 'an engine of its own needs Linux'
  if (!root) return 'it needs root: sudo npm run test:engines'
  return debootstrap ? undefined : 'debootstrap is not installed: apt-get install debootstrap'
}

async function cell(column: Column, bench: Parameters<Column>[0]): Promise<Cell> {
  try {
    const said = await column(bench)
    return { state: said.startsWith('refused') ? 'refused' : 'ok', said }
  } catch (error) {
    return { state: 'failed', said: error instanceof Error ? error.message : String(error) }
  }
}

function tableOf(rows: readonly (readonly [Tried, Readonly<Record<string, Cell>>])[]): string {
  const names = Object.keys(columns)
  const table = new Table({ head: ['engine', ...names], style: { head: [], border: [] } })
  for (const [{ name }, cells] of rows)
    table.push([name, ...names.map((column) => cells[column]?.state ?? '·')])
  return table.toString()
}

process.exitCode = await main(process.argv.slice(2))
