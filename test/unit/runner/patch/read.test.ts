import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { Patch } from '../../../../src/contract/patch.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { readPatch } from '../../../../src/runner/patch/read.ts'
import { patchWarnings } from '../../../../src/runner/patch/warnings.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

const base = 'a'.repeat(40)
const refused = (error: unknown) => error instanceof DrydockError && error.failure.code === 'patch-refused'

/** A patch that adds one file of one line; the name quoted as git does. */
function adding(path: string, line = 'x', mode = '100644'): string {
  const quoted = (name: string) => JSON.stringify(name)
  return `diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}\nnew file mode ${mode}\n--- /dev/null\n+++ ${quoted(`b/${path}`)}\n@@ -0,0 +1 @@\n+${line}\n`
}

const changing = 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-x\n+y\n'

describe('readPatch', function () {
  this.timeout(60_000)

  it('reads additions, deletions, modes and names with blanks', () => {
    const patch = readPatch(
      [
        changing,
        'diff --git a/with blank.md b/with blank.md\nold mode 100644\nnew mode 100755\n',
        'diff --git a/gone b/gone\ndeleted file mode 100644\nindex 1234567..0000000\n--- a/gone\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n\\ No newline at end of file\n',
        'diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n',
        'diff --git a/b c.ts b/b c.ts\nindex 1234567..89abcde 100755\n--- a/b c.ts\t\n+++ b/b c.ts\t\n@@ -3,3 +3,4 @@ function () {\n a\n-b\n+c\n+d\n e\n@@ -20 +21 @@\n-x\n+y\n',
        'diff --git "a/tab\\tname" "b/tab\\tname"\n'
          .replace('\\t', '\\303\\274')
          .replace('\\t', '\\303\\274') +
          'new file mode 100644\n--- /dev/null\n+++ "b/tab\\303\\274name"\n@@ -0,0 +1 @@\n+x\n',
      ].join(''),
      base,
    )
    assert.deepEqual(Patch.parse(patch), patch)
    assert.deepEqual(
      patch.files.map(({ path, status, mode, additions, deletions, role }) => [
        path,
        status,
        mode,
        additions,
        deletions,
        role,
      ]),
      [
        ['a.ts', 'modified', '100644', 1, 1, 'source'],
        ['with blank.md', 'modified', '100755', 0, 0, 'docs'],
        ['gone', 'deleted', undefined, 0, 2, 'source'],
        ['empty', 'added', '100644', 0, 0, 'source'],
        ['b c.ts', 'modified', '100755', 3, 2, 'source'],
        ['tabünam'.replace('nam', 'name'), 'added', '100644', 1, 0, 'source'],
      ],
    )
  })

  const paths = [
    ...['../x', '/etc/x', 'a/../../x', 'a//b', './x', 'a/.', '', 'a/'],
    ...[
      '.git/config',
      '.GIT/config',
      'a/.Git/hooks/x',
      '.git',
      '.git /x',
      '.git./x',
      '.git::$INDEX_ALLOCATION/x',
    ],
    ...[
      '.g\u200cit/config',
      '.gi\u200dt/x',
      '\ufeff.git/x',
      '.git\u2028/x',
      'GIT~1/config',
      'git~2/x',
      '.ｇｉｔ/x',
    ],
    ...['C:\\x', 'a\\b', 'a:stream', 'CON', 'con.txt', 'a/aux.c', 'LPT1', 'com¹.txt', 'nul .x', 'CONOUT$'],
    ...['trailing.', 'trailing ', 'a./b', 'a?b', 'a*b', 'a|b', 'a<b', 'a"b', 'PACKAG~1.JSO', 'CLAUDE~1.MD'],
    ...[
      'a\u0000b',
      'a\nb',
      'a\u001bb',
      'a\u0085b',
      'a\u202eb',
      'x'.repeat(256),
      'é'.repeat(200),
      'a/'.repeat(2500),
    ],
  ]
  for (const path of paths) {
    it(`refuses the path ${JSON.stringify(path.slice(0, 40))}`, () => {
      assert.throws(() => readPatch(adding(path), base), refused)
    })
  }

  for (const path of [
    '.gitkeep',
    'docs/.github-like.md',
    'src/[id].tsx',
    'a/…/ü',
    'console.ts',
    'aux-files/x',
    'git~/x',
    'a+b@c.js',
  ]) {
    it(`takes the path ${path}`, () => assert.equal(readPatch(adding(path), base).files[0]?.path, path))
  }

  const texts: Record<string, string> = {
    'a link': adding('a', 'x', '120000'),
    'a submodule': adding('a', 'x', '160000'),
    'an odd mode': adding('a', 'x', '100666'),
    'a link behind the index line':
      'diff --git a/a b/a\nindex 1234567..89abcde 120000\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n',
    'a copy': 'diff --git a/a b/b\nsimilarity index 100%\ncopy from a\ncopy to b\n',
    'a copy from outside': 'diff --git a/b b/b\ncopy from /etc/hostname\ncopy to b\n',
    'a rename': 'diff --git a/b b/b\nrename from a\nrename to b\n',
    'names that differ': 'diff --git a/a b/b\n--- a/a\n+++ b/b\n@@ -1 +1 @@\n-x\n+y\n',
    'a side that differs':
      'diff --git a/a b/a\n--- a/a\n+++ b/.github/workflows/ci.yml\n@@ -1 +1 @@\n-x\n+y\n',
    'another prefix': 'diff --git x/a y/a\n--- x/a\n+++ y/a\n@@ -1 +1 @@\n-x\n+y\n',
    'a second file without header': `${changing}--- a/b\n+++ b/b\n@@ -1 +1 @@\n-x\n+y\n`,
    'text before': `hello\n${changing}`,
    'text after': `${changing}hello\n`,
    'a hunk that is too short': changing.replace('+1 @@', '+1,2 @@'),
    'a hunk that is too long': changing.replace('+y\n', '+y\n+z\n'),
    'the same file twice': changing + changing,
    'two names that are one': adding('A') + adding('a'),
    'two names that are one after folding': adding('ſ') + adding('s'),
    'an added file with context': adding('a').replace('@@ -0,0 +1 @@\n', '@@ -1 +1,2 @@\n y\n'),
    'two modes': adding('a').replace('new file mode 100644', 'new file mode 100644\nnew file mode 100755'),
    'added and deleted': adding('a').replace(
      'new file mode 100644',
      'new file mode 100644\ndeleted file mode 100644',
    ),
    'a file without a change': 'diff --git a/a b/a\n',
    'an undescribed binary': 'diff --git a/a b/a\nBinary files a/a and b/a differ\n',
    'an unknown header': adding('a').replace('--- ', 'x-drydock: yes\n--- '),
    'no last line end': changing.slice(0, -1),
    'a carriage return in a header': changing.replace('--- a/a.ts', '--- a/a.ts\r'),
    'a name that is not UTF-8': adding('a').replaceAll('a"', '\\377"'),
  }
  for (const [what, text] of Object.entries(texts)) {
    it(`refuses ${what}`, () => assert.throws(() => readPatch(text, base), refused))
  }

  it('refuses more than it may hold', () => {
    const many = Array.from({ length: 301 }, (_, at) => adding(`f${at}`)).join('')
    assert.throws(() => readPatch(many, base), refused)
    assert.throws(() => readPatch(adding('a', 'x'.repeat(5 * 1024 * 1024)), base), refused)
  })

  it('refuses a binary change that unpacks to more than it may', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const commit = await makeRepository(root, { a: Buffer.alloc(100_000, 0) })
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    const zeros = await bare.withFiles(tree, new Map([['a', Buffer.alloc(4_000_000, 0)]]))
    assert.equal((await bare.diff(commit, tree, zeros)).files[0]?.binary, true)
    const huge = await bare.withFiles(tree, new Map([['a', Buffer.alloc(40_000_000, 0)]]))
    await assert.rejects(bare.diff(commit, tree, huge), refused)
    const lie = `diff --git a/a b/a\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\nGIT binary patch\nliteral 10\n${base85(deflateSync(Buffer.alloc(100)))}\n\n`
    assert.throws(() => readPatch(lie, base), refused)
  })

  it('never throws anything but a refusal, whatever it is given', () => {
    const line = fc.constantFrom(
      ...[
        'diff --git a/a b/a',
        'diff --git "a/a" "b/a"',
        '--- a/a',
        '+++ b/a',
        '--- /dev/null',
        '@@ -1 +1 @@',
        '@@ -0,0 +1,2 @@',
      ],
      ...[
        '+x',
        '-x',
        ' x',
        '',
        '\\ No newline at end of file',
        'new file mode 100644',
        'old mode 100644',
        'new mode 100755',
      ],
      ...[
        'index 1234567..89abcde 100644',
        'GIT binary patch',
        'literal 5',
        'delta 3',
        'zcmV',
        'HcmZQz00',
        '"',
        'diff --git "a/\\',
      ],
    )
    const text = fc.oneof(
      fc.array(line, { maxLength: 14 }).map((lines) => `${lines.join('\n')}\n`),
      fc.string().map((noise) => `diff --git ${noise}\n`),
      fc.string(),
    )
    fc.assert(
      fc.property(text, (input) => {
        try {
          patchWarnings(readPatch(input, base), [])
        } catch (error) {
          assert.ok(refused(error), String(error))
        }
      }),
      { numRuns: 3000 },
    )
  })
})

function base85(bytes: Buffer): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  let text = String.fromCharCode(bytes.length <= 26 ? 64 + bytes.length : 70 + bytes.length)
  for (let at = 0; at < padded.length; at += 4) {
    let word = padded.readUInt32BE(at)
    let group = ''
    for (let digit = 0; digit < 5; digit += 1) {
      group = alphabet[word % 85] + group
      word = Math.floor(word / 85)
    }
    text += group
  }
  return text
}

interface RedTeamCase {
  readonly id: string
  readonly layer: string
  readonly expect: 'allow' | 'deny' | 'flag'
  readonly why: string
  readonly input: {
    readonly patch: string
    readonly base: Record<string, string>
    readonly generator?: { readonly count: number }
  }
}

const casesFile = join(import.meta.dirname, '../../../../../shared/redteam/cases.json')

describe('red team cases of the patch layer', function () {
  this.timeout(60_000)

  if (!existsSync(casesFile)) {
    it('are not here', function () {
      console.log(`      (not run: ${casesFile} is missing)`)
      this.skip()
    })
    return
  }
  it('are all answered as they must be', async () => {
    const cases = (JSON.parse(await readFile(casesFile, 'utf8')) as readonly RedTeamCase[]).filter(
      ({ layer }) => layer === 'patch',
    )
    assert.ok(cases.length > 0)
    for (const { id, input, expect, why } of cases) {
      await using folder = await temporaryFolder()
      const root = join(folder.path, 'user')
      await makeRepository(root, input.base)
      const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
      const text = generated(input)
      assert.equal(
        await answer(bare, await git(root, 'rev-parse', 'HEAD^{tree}'), text),
        expect,
        `${id}: ${why}`,
      )
    }
  })
})

function generated({ patch, generator }: RedTeamCase['input']): string {
  const count = generator?.count ?? 1
  return Array.from({ length: count }, (_, at) =>
    at === 0 ? patch : patch.replaceAll('big.txt', `big-${at}.txt`),
  ).join('')
}

async function answer(
  bare: Awaited<ReturnType<typeof openBareRepository>>,
  tree: string,
  text: string,
): Promise<RedTeamCase['expect']> {
  try {
    const patch = readPatch(text, base)
    await bare.apply(tree, text)
    return patchWarnings(patch, []).length > 0 ? 'flag' : 'allow'
  } catch (error) {
    assert.ok(refused(error), String(error))
    return 'deny'
  }
}
