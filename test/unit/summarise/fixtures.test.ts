import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Summary } from '../../../src/contract/report.ts'
import { summariseText } from '../../../src/runner/ecosystems/summarise.ts'

/** What a log of a real tool is about, written down by the person who made the tool fail. */
const Expected = z.strictObject({
  category: z.string(),
  /** `file:line`, or a file alone. */
  locations: z.array(z.string()).default([]),
  tests: z.array(z.string()).default([]),
  artifacts: z.array(z.string()).default([]),
  contains: z.array(z.string()).default([]),
})

const folder = fileURLToPath(new URL('../../fixtures/logs/', import.meta.url))

for (const tool of ['npm', 'maven'] as const) {
  const names = readdirSync(folder + tool).filter((name) => name.endsWith('.log'))

  describe(`logs of ${tool}`, () => {
    it('are many', async () => assert.ok(names.length >= (tool === 'npm' ? 40 : 15), String(names.length)))

    for (const name of names) it(name, () => check(tool, `${folder}${tool}/${name}`))
  })
}

async function check(tool: 'npm' | 'maven', path: string): Promise<void> {
  const expected = Expected.parse(JSON.parse(readFileSync(path.replace(/\.log$/, '.json'), 'utf8')))
  const log = readFileSync(path, 'utf8')
  const summary = Summary.parse(await summariseText(tool, log))
  const { failures, text } = summary
  assert.equal(summary.category, expected.category)
  for (const location of expected.locations) {
    const [file = '', line] = location.split(/:(?=\d+$)/)
    const named = failures.some(
      (each) => each.file?.endsWith(file) && (line === undefined || each.line === Number(line)),
    )
    assert.ok(named, `no failure at ${location}: ${JSON.stringify(failures)}`)
    const base = file.split('/').at(-1) ?? ''
    // A failing Java test is shown by its class.
    assert.ok(text.includes(base) || text.includes(base.replace('.java', ': ')), `${file} is not in the text`)
  }
  for (const test of expected.tests)
    assert.ok(
      failures.some((each) => each.test === test),
      `no failure of ${test}: ${JSON.stringify(failures)}`,
    )
  for (const artifact of expected.artifacts) {
    assert.ok(
      failures.some((each) => each.artifact?.startsWith(artifact)),
      `no failure of ${artifact}: ${JSON.stringify(failures)}`,
    )
  }
  for (const part of [...expected.contains, ...expected.artifacts])
    assert.ok(text.includes(part), `${part} is not in:\n${text}`)
  assert.ok(text.length <= 2_700, `${text.length} characters`)
  assert.deepEqual((await summariseText('auto', log)).category, summary.category)
}
