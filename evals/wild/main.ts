import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readResultLines } from '../../test/support/resultLines.ts'
import { readList, type WildCase, WildResult } from './list.ts'
import { measure } from './measure.ts'
import { markdown, times } from './table.ts'

const usage = `npm run wild -- LIST [--repositories DIR] [--out DIR] [--only ID]… [--again] [--table | --times]

Runs each breaking update of a list (evals/wild/lists/LIST.json, or a file) with a model that gives up at once, and says
whether the break was found and handed to the agent. What has a result is not run again without --again.

  --repositories DIR   where the repositories are: owner+name/repo, owner/name.git or owner/name (default ./repositories)
  --out DIR            clones, sessions and results (default wild-out, outside of any commit)
  --only ID            this case alone; may be repeated
  --table              print the results as Markdown, run nothing
  --times              print what each stage took, and its rounds, as Markdown, run nothing
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repositories: { type: 'string', default: 'repositories' },
    out: { type: 'string', default: 'wild-out' },
    only: { type: 'string', multiple: true },
    again: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    times: { type: 'boolean', default: false },
  },
})

async function results(file: string): Promise<ReadonlyMap<string, WildResult>> {
  return new Map((await readResultLines(file, WildResult)).map((one) => [one.id, one]))
}

async function main(name: string): Promise<number> {
  const root = join(import.meta.dirname, '../..')
  const list = await readList(
    name.endsWith('.json') ? name : join(import.meta.dirname, 'lists', `${name}.json`),
  )
  const out = resolve(values.out)
  const file = join(out, `${list.title.replaceAll(/\W+/g, '-')}.jsonl`)
  await mkdir(out, { recursive: true })
  const known = await results(file)
  const strange = (values.only ?? []).filter((id) => !list.cases.some((one) => one.id === id))
  if (strange.length > 0) {
    process.stderr.write(`${list.title} has no ${strange.join(', ')}\n`)
    return 2
  }
  if (values.table || values.times) {
    process.stdout.write(values.table ? markdown(list, known) : times(list, known))
    return 0
  }
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const places = {
    repositories: resolve(values.repositories),
    out,
    home: join(out, 'home'),
    program: join(root, 'dist/drydock.mjs'),
  }
  const wanted = (one: WildCase) => values.only?.includes(one.id) ?? (values.again || !known.has(one.id))
  for (const one of list.cases.filter(wanted)) {
    const result = await measure(places, one, version)
    await appendFile(file, `${JSON.stringify(result)}\n`)
    const { end, outcome, reason, broken, seconds } = result
    process.stdout.write(`${one.id}: ${end} (${outcome}, ${seconds} s) ${broken.join(', ')} ${reason}\n`)
  }
  process.stdout.write(`\n${markdown(list, await results(file))}`)
  return 0
}

const [name, ...rest] = positionals
const clear = name !== undefined && rest.length === 0
if (!clear) process.stderr.write(usage)
process.exitCode = clear ? await main(name) : 2
