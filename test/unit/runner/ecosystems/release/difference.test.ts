import assert from 'node:assert/strict'
import { type Api, difference } from '../../../../../src/runner/ecosystems/release/difference.ts'
import type { ApiChange, Release } from '../../../../../src/runner/ecosystems/release/release.ts'
import type { CallSite } from '../../../../../src/runner/repair/callSites.ts'
import { apiText } from '../../../../../src/runner/repair/context/apiText.ts'

function api(names: readonly string[], more: Partial<Api> = {}): Api {
  const members = names.map(
    (name) => [name, { signatures: [{ text: name, key: name }], deprecated: false }] as const,
  )
  return {
    members: new Map(members),
    inherited: new Set(),
    modules: new Set(),
    facts: new Map(),
    partial: false,
    ...more,
  }
}

const told = (before: Api, after: Api) => difference(before, after).map(({ kind, name }) => `${kind} ${name}`)

describe('the difference of two interfaces', () => {
  it('names an owner that is gone, and not its members as well', () => {
    assert.deepEqual(told(api(['A', 'A.b', 'A.c', 'd']), api(['d'])), ['removed A'])
    assert.deepEqual(told(api(['d']), api(['A', 'A.b', 'd'])), ['added A'])
    assert.deepEqual(told(api(['A', 'A.b']), api(['A'])), ['removed A.b'])
  })

  it('calls nothing removed that may only not have been read', () => {
    assert.deepEqual(told(api(['a', 'b']), api(['a'], { partial: true })), [])
    assert.deepEqual(told(api(['a'], { partial: true }), api(['a', 'b'])), [])
  })

  it('takes a pattern of subpaths for all that it admits', () => {
    const before = api([], { modules: new Set(['lib/a', 'lib/b', 'lib/c.js']) })
    const after = api([], { modules: new Set(['lib/a*', 'lib/c']) })
    assert.deepEqual(told(before, after), ['removed lib/b'])
  })

  it('is told to the agent with what the repository uses first, within its room, always the same', () => {
    const names = Array.from({ length: 600 }, (_, at) => `Thing${at}.member${at}`)
    const release: Release = {
      notes: [],
      changes: difference(api(['Thing', ...names]), api(['Thing'])),
      source: 'declarations',
      namespaces: [],
    }
    const sites: CallSite[] = [{ path: 'src/a.ts', line: 3, text: 'x.member599()', uses: ['member599'] }]
    const text = apiText(release, sites, 6_000)
    assert.match(text, /^Used in this repository, or written like it:\n- removed Thing599\.member599: /)
    assert.match(text, /Also removed: Thing0\.member0, /)
    assert.ok(text.length <= 6_000)
    assert.equal(apiText(release, sites, 6_000), text)
    const unused = apiText(release, [], 2_000)
    assert.match(unused, /^Removed or changed:\n- removed Thing0\.member0[\s\S]*\n- and \d+ more$/)
    assert.ok(unused.length <= 2_000)
    assert.equal(apiText({ ...release, changes: [] }, sites, 6_000), '')
  })

  it('takes of several that have as many of its members the one that is called the same', () => {
    const members = ['groups', 'List', 'message', 'payload']
    const of = (space: string) =>
      ['NotNull', 'Null'].flatMap((type) => members.map((one) => `${space}.${type}.${one}`))
    const now = of('next.rules').sort().reverse()
    const found = difference(api(of('old.rules')), api(['next.rules.Null.message', ...now]))
    const hint = found.find(({ name }) => name === 'old.rules.NotNull')?.after
    assert.deepEqual(hint, ['most of its members are now those of next.rules.NotNull'])
  })

  it('tells the agent of a namespace that is called otherwise, though another package declares it', () => {
    const change = (name: string, now: string): ApiChange =>
      ({
        ...{
          name,
          word: name.split('.').at(-1) ?? '',
          kind: 'removed',
          of: 'member',
          brought: 'org.lib:api',
        },
        ...{ before: [name], after: [`most of its members are now those of ${now}`] },
      }) as const
    const changes = [
      change('javax.rules', 'jakarta.rules'),
      change('javax.rules.Unused', 'jakarta.rules.Unused'),
    ]
    const text = apiText({ notes: [], changes, source: 'classes', namespaces: [] }, [], 2_000)
    assert.match(text, /\n- removed javax\.rules; most of its members are now those of jakarta\.rules(\n|$)/)
    assert.doesNotMatch(text, /Unused/)
  })
})
