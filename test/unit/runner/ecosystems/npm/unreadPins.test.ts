import assert from 'node:assert/strict'
import { unreadPins } from '../../../../../src/runner/ecosystems/npm/unreadPins.ts'
import { treeOf } from '../../../../support/tree.ts'

const said = async (path: string, text: string, name = 'ms') =>
  (await unreadPins(treeOf({ [path]: text }), name)).map(({ code, severity }) => `${severity} ${code}`)

describe('programs that decide versions and are not run', () => {
  for (const [text, name] of [
    ["module.exports = { hooks: { readPackage: (p) => { p.dependencies.ms = '2.1.2'; return p } } }", 'ms'],
    ["if (p.dependencies['ms']) p.dependencies['ms'] = '2.1.2'", 'ms'],
    ["const pins = ['@org/lib@1.2.3']", '@org/lib'],
  ] as const)
    it(`are told of where they name the package: ${text}`, async () => {
      assert.deepEqual(await said('.pnpmfile.cjs', text, name), ['acknowledge unread-pin:.pnpmfile.cjs'])
    })

  it('are those of yarn as well', async () => {
    const rule = "for (const d of Yarn.dependencies({ ident: 'ms' })) d.update('^2.1.2')"
    assert.deepEqual(await said('yarn.config.cjs', rule), ['acknowledge unread-pin:yarn.config.cjs'])
    const fact = "gen_enforced_dependency(W, 'ms', '2.1.2', T)."
    assert.deepEqual(await said('constraints.pro', fact), ['acknowledge unread-pin:constraints.pro'])
  })

  it('are no matter where they name others, or are something else', async () => {
    assert.deepEqual(await said('.pnpmfile.cjs', "p.dependencies['ms-lite'] = p.items; f('@types/ms')"), [])
    assert.deepEqual(await said('lib/ms.cjs', "require('ms')"), [])
  })
})
