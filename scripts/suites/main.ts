import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import pLimit from 'p-limit'
import { byDay, last, type Suite, suites } from './list.ts'
import { type Ended, total } from './total.ts'

/*
 * `main.ts [--until SECONDS]`: every suite, as many beside each other as the machine has room for. What has not begun
 * at that time (since 1970) is left to another day, and named.
 */

const root = resolve(import.meta.dirname, '../..')
/** One more than there are cores: a suite waits for the engine a third of its time. */
const beside = availableParallelism() + 1

const { values } = parseArgs({ options: { until: { type: 'string' } } })
const until = values.until === undefined ? Number.POSITIVE_INFINITY : Number(values.until) * 1000
const left: string[] = []

const say = (text: string) => process.stdout.write(`${text}\n`)

async function play({ name, command }: Suite): Promise<Ended> {
  const began = Date.now()
  const [program = '', ...args] = command
  const options = { cwd: root, preferLocal: true, all: true, reject: false, stdin: 'ignore' } as const
  const { exitCode, all } = await execa(program, args, options)
  say(`\n${all}\n  ${((Date.now() - began) / 60_000).toFixed(1)} min: ${name}`)
  return { name, exitCode, output: all }
}

async function begin(suite: Suite): Promise<readonly Ended[]> {
  if (suite.always || Date.now() < until) return [await play(suite)]
  left.push(suite.name)
  return []
}

const today = Math.floor(Date.now() / 86_400_000)
const limit = pLimit(beside)
const beforehand = await Promise.all(byDay(suites(root), today).map((suite) => limit(begin, suite)))
const { failures, line, failed } = total([...beforehand.flat(), await play(last)])
if (left.length > 0) say(`\nLeft to another day, which begins with them: ${left.join(', ')}`)
// The end of the output names what failed: a build server may keep no more than that.
for (const one of failures) say(one)
say(line)
process.exitCode = failed ? 1 : 0
