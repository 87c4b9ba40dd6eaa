import assert from 'node:assert/strict'
import type { Command } from 'commander'
import { helpOf } from '../../../../src/runner/commands/called.ts'
import { program } from '../../../../src/runner/commands/program.ts'
import { fileTrouble } from '../../../../src/runner/fileTrouble.ts'
import { commandContext } from '../../../support/commandContext.ts'

describe('the help of the command line', () => {
  const { context, said } = commandContext('/nowhere')
  const root = program(context, () => {})
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)]

  it('is that of the command that was called', () => {
    assert.equal(helpOf(root, ['update', 'ms', '--colour']), 'drydock help update')
    assert.equal(helpOf(root, ['fleet', 'submit', 'a.yaml']), 'drydock fleet submit --help')
    assert.equal(helpOf(root, ['help', 'nosuch']), 'drydock --help')
    assert.equal(helpOf(root, ['no-such-command']), 'drydock --help')
    assert.equal(helpOf(root, []), 'drydock --help')
  })

  it('has no paragraph wider than 80 columns where it is piped', () => {
    for (const command of all(root)) command.outputHelp()
    const wide = said()
      .split('\n')
      .filter((line) => line.length > 80 && !/^\s/.test(line) && !line.startsWith('Usage:'))
    assert.deepEqual(wide, [])
    assert.match(said(), /\nFirst every byte is compared with the statement: /)
  })
})

describe('a file that cannot be read', () => {
  it('is told in words, without the call of the system', () => {
    const missing = Object.assign(new Error("ENOENT: no such file or directory, scandir '/nowhere'"), {
      code: 'ENOENT',
    })
    assert.equal(fileTrouble(missing), 'there is nothing of that name')
    assert.equal(fileTrouble(new Error('one\ntwo')), 'one two')
  })
})
