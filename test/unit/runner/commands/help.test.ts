import assert from 'node:assert/strict'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { program } from '../../../../src/runner/commands/program.ts'
import { commandContext } from '../../../support/commandContext.ts'

/** What is printed, and what it ends with. */
async function asked(...words: readonly string[]): Promise<{ readonly text: string; readonly end: unknown }> {
  const { context, said } = commandContext('/nowhere')
  const root = program(context, () => {})
  for (const one of [root, ...root.commands, ...root.commands.flatMap(({ commands }) => commands)])
    one.configureOutput({ writeOut: (text) => void context.stdout.write(text) }).exitOverride()
  const end = await root.parseAsync(['node', 'drydock', ...words]).catch((error: unknown) => error)
  return { text: said(), end }
}

describe('help', () => {
  it('is that of the command that is named, however deep', async () => {
    assert.match((await asked('help')).text, /^Usage: drydock \[options\]/)
    assert.match((await asked('help', 'publish')).text, /^Usage: drydock publish /)
    assert.match((await asked('help', 'fleet', 'submit')).text, /^Usage: drydock fleet submit /)
    assert.match((await asked('fleet', 'help', 'submit')).text, /^Usage: drydock fleet submit /)
  })

  it('is refused for a name that is no command', async () => {
    for (const [words, why] of [
      [['help', 'nope'], /^drydock has no command nope\.$/],
      [['help', 'fleet', 'nope'], /^drydock fleet has no command nope\.$/],
      [['fleet', 'help', 'nope'], /^drydock fleet has no command nope\.$/],
    ] as const) {
      const { text, end } = await asked(...words)
      assert.ok(end instanceof DrydockError)
      assert.deepEqual([end.failure.code, text], ['bad-usage', ''])
      assert.match(end.failure.message, why)
    }
  })
})
