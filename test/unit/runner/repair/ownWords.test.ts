import assert from 'node:assert/strict'
import { change, lines } from '../../../support/callSites.ts'

const java = { package: 'org.lib:lib', namespaces: ['org.lib'] }
const file = (...text: readonly string[]) => `${text.join('\n')}\n`
const gone = (...names: readonly string[]) => ({ changes: names.map((name) => change('removed', name)) })

/* A package may have members that are called as statements and lists are: `Observable.if`, `Observable.forEach`. */
describe('words that a language has of its own', () => {
  it('are met behind a dot alone, where they begin statements', async () => {
    const files = {
      'src/bus.ts': file(
        "import { Observable, Subject } from 'lib'",
        'export class Bus extends Subject<string> {',
        '  choose(ok: boolean) {',
        "    if (!ok) throw new Error('no')",
        '    for (const one of [1]) {',
        '      if (one > 1) {',
        '        return',
        '      }',
        '    }',
        '    return Observable.if(() => ok)',
        '  }',
        '}',
      ),
    }
    const found = await lines(files, gone('Observable.if', 'Observable.throw', 'Observable.for'))
    assert.deepEqual(found, ['src/bus.ts:10'])
  })

  it('are no members of lists, whatever these hold', async () => {
    const files = {
      'src/bus.ts': file(
        "import { Subject, Subscription } from 'lib'",
        'export class Bus {',
        '  readonly #all: Subscription[] = []',
        '  readonly #by = new Map<string, Subject<string[]>>()',
        '  readonly stream = new Subject<string[]>()',
        '  run(sagas: Array<Subject<string>>, events: string[]) {',
        '    this.#all.forEach((one) => one)',
        '    sagas.forEach((saga) => saga)',
        '    this.stream.subscribe((some) => some.forEach((one) => one))',
        '    Object.keys(events)',
        '      .filter((one) => one)',
        '      .forEach((one) => this.#by.get(one))',
        '    this.stream.forEach((one) => one)',
        '    const late = this.stream.pipe()',
        '    late',
        '      .forEach((one) => one)',
        '    new Subject()',
        '      .forEach((one) => one)',
        '  }',
        '}',
      ),
    }
    const found = await lines(files, gone('Subject.forEach', 'Subject.get'))
    assert.deepEqual(found, ['src/bus.ts:13', 'src/bus.ts:16', 'src/bus.ts:18'])
  })

  it('are members of what a module of the repository has from the package', async () => {
    const files = {
      'src/db.js': file("const connect = require('lib')", 'module.exports = connect()'),
      'src/users.js': file("const db = require('./db')", "db.users('all').join('names')", "['a'].join(',')"),
    }
    assert.deepEqual(await lines(files, gone('Query.join')), ['src/users.js:2'])
  })

  it('are met on tables that the package makes, and not on others', async () => {
    const files = {
      'src/cache.js': file(
        "const Cache = require('lib')",
        'const kept = new Cache()',
        'const own = new Map()',
        'kept.get(1)',
        'own.get(1)',
        'module.exports = (cache) => cache.get(kept)',
      ),
    }
    const found = await lines(files, gone('Cache.get'))
    assert.ok(found.includes('src/cache.js:4') && !found.includes('src/cache.js:5'), found.join())
  })

  it('are members of a list that the package itself makes', async () => {
    const files = {
      'src/a.ts': file("import { List } from 'lib'", 'const all = List([1])', 'all.filter((one) => one)'),
    }
    assert.ok((await lines(files, gone('List.filter'))).includes('src/a.ts:3'))
  })

  it('are told apart in Java by the type that a file names', async () => {
    const files = {
      'src/Shop.java': file(
        'import org.lib.Cart;',
        'import java.util.List;',
        'class Shop {',
        '  private final List<Cart> carts;',
        '  private final Cart cart = new Cart();',
        '  int count(List<Cart> some, Cart one) {',
        '    if (carts.isEmpty()) throw new IllegalStateException();',
        '    some.forEach(each -> {});',
        '    one.forEach(each -> {});',
        '    return carts.size() + cart.size();',
        '  }',
        '  boolean empty() {',
        '    return cart.isEmpty();',
        '  }',
        '}',
      ),
    }
    const found = await lines(files, {
      ...java,
      ...gone('org.lib.Cart.forEach', 'org.lib.Cart.isEmpty', 'org.lib.Cart.size'),
    })
    assert.deepEqual(found, ['src/Shop.java:9', 'src/Shop.java:10', 'src/Shop.java:13'])
  })
})
