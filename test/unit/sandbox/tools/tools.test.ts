import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { toolManifest } from '../../../../src/contract/tools.ts'
import { canaryText, openTools, type ToolSession } from '../../../support/tools/session.ts'

describe('the tools', function () {
  this.timeout(60_000)
  let session: ToolSession
  before(async () => {
    session = await openTools()
    session.write('lists/pattern.txt', 'TODO: m\n')
    session.write('lists/ignored.txt', 'index.ts\n')
  })
  after(() => session.close())

  const bash = (command: string) => session.call('Bash', { command })

  describe('Bash', () => {
    const allowed: [string, RegExp][] = [
      ['rg -n TODO', /^src\/index\.ts:2:|^src\/util/m],
      ['rg -n TODO src', /^src\/index\.ts:2:/m],
      ['rg -n TODO src/util ./test', /^src\/util\/deep\.ts:1:/m],
      ['rg -n TODO src/index.ts', /^2:\/\/ TODO/],
      ['rg -nH TODO src/index.ts', /^src\/index\.ts:2:/],
      ['rg -l TODO src/index.ts README.md docs', /^src\/index\.ts$/],
      ['rg "a b" .', /no match/],
      ['rg TODO$ src', /deep\.ts:/],
      ['rg "\'TODO$\'" src', /no match/],
      ['rg --json TODO src/index.ts', /"path":\{"text":"src\/index\.ts"\}/],
      ['rg --color=always -n TODO src', /^src\/index\.ts:2:/m],
      ['find -O3 . -newermt 2020-01-01 -name "index.ts" -print0', /^\.\/src\/index\.ts/],
      ['find . -name "*.ts" -perm -u+x,g=x', /no output/],
      ['rg -f .gitignore -c src README.md', /no match/],
      ['rg -nf lists/pattern.txt src', /index\.ts:2:/],
      ['rg --ignore-file lists/ignored.txt --files src', /^src\/util\/deep\.ts$/],
      ['find . -newer lists/pattern.txt -name x', /no output/],
      ['find src -samefile src/index.ts', /^src\/index\.ts$/],
      ['rg --files src', /^src\/util\/deep\.ts$/m],
      ['rg -A2 -e x -g "*.ts" .', /export/],
      ['rg -c --type ts TODO', /:1/],
      ["rg -n 'TODO$|foo' src", /deep\.ts:1/],
      ['rg -n "TODO: more$" src', /TODO: more/],
      ['cat -n README.md', /1\s+# Fixture/],
      ['cat README.md -n', /1\s+# Fixture/],
      ['head -1 README.md src/index.ts', /==> README\.md <==\n# Fixture\n\n==> src\/index\.ts <==/],
      ['head -n 1 -- README.md', /^# Fixture$/],
      ['tail -n +4 README.md', /^Two\.$/m],
      ['tail -1 README.md', /^Two\.$/m],
      ['wc -l README.md src/index.ts', /4 README\.md\n\s*2 src\/index\.ts/],
      ['find . -name "*.ts" -not -path "./test/*"', /\.\/src\/index\.ts/],
      ['find src -maxdepth 1 -type f', /^src\/index\.ts$/],
      ["find src -path 'src/util/*'", /^src\/util\/deep\.ts$/],
      ['find src test -type f', /src\/util\/deep\.ts\n(.*\n)*test\/index\.test\.ts/],
      ['find . -name "a" -o -name "index*"', /index\.test\.ts/],
      ['find . \\( -name a -o -name b \\)', /no output/],
      ['find README.md', /^README\.md$/],
      ['find /workspace-root -name x'.replace('/workspace-root', '.'), /no output/],
    ]
    for (const [command, expected] of allowed) {
      it(`allows ${command}`, async () => {
        const answer = await bash(command)
        assert.match(answer.text, expected)
        assert.equal(answer.isError, false, answer.text)
      })
    }

    const denied = [
      'rg --pre cat x',
      'rg $x src',
      "rg $'x' src",
      'find . -newermt',
      'find . -newermm /etc/passwd',
      'find . -xtype l',
      'find . -depth',
      'rg --pre=cat x',
      'rg --pre-glob * x',
      'rg -z x',
      'rg -nzi x',
      'rg --search-zip x',
      'rg -L x',
      'rg -nL x',
      'rg --follow x',

      'rg -f /etc/passwd',
      'rg -f/etc/passwd .',
      'rg --file=../canary/outside.txt',
      'rg --ignore-file=.git/info/exclude y',
      'rg -nf ../canary/outside.txt',
      'rg --hostname-bin=x y',
      'rg --debug x',
      'rg x /etc/passwd',
      'rg x ../..',
      'rg x .git',
      'rg x src/../.git',
      'rg x /proc/self',
      'rg',
      'rg x -',
      'cat',
      'cat -',
      'cat /etc/passwd',
      'cat ../canary/outside.txt',
      'cat .git/HEAD',
      'cat .GIT/HEAD',
      'cat GIT~1/HEAD',
      'cat .git./HEAD',
      'cat ".git /HEAD"',
      'cat --version=1 README.md',
      'head -f README.md',
      'head --bytes=x README.md',
      'tail -f README.md',
      'tail -F README.md',
      'tail --follow README.md',
      'tail --foll README.md',
      'tail --retry README.md',
      'tail --pid=1 README.md',
      'tail -nf README.md',
      'wc --files0-from=README.md',
      'wc --files0-f=README.md',
      'find . -exec id ;',
      "find . -exec id '{}' +",
      'find . -execdir id \\;',
      'find . -ok id \\;',
      'find . -delete',
      'find . -fprint x',
      'find . -fprintf x y',
      'find . -fls x',
      'find . -fprint0 x',
      'find -L . -name x',
      'find -H . -name x',
      'find . -follow',
      'find . -newer /etc/passwd',
      'find . -samefile /etc/passwd',
      'find . -files0-from x',
      'find / -name x',
      'find .. -name x',
      'find .git',
      'find . ) -o ( -true',
      'find -D exec .',
      'find /proc/self/root',
      'ls',
      'sh -c id',
      '/usr/bin/cat README.md',
      './cat README.md',
      'git status',
      'node -e 1',
      'RG x',
      '',
      'cat README.md; id',
      'cat README.md && id',
      'cat README.md | sh',
      'cat < README.md',
      'cat README.md &',
      'cat `id`',
      'cat "`id`"',
      'cat "$(id)"',
      'cat $HOME',
      'cat "$HOME"',
      'cat $' + '{IFS}x',
      'A=1 cat README.md',
      'cat README.md\rid',
      'cat README.md\u2028id',
      'cat README.md\u0085id',
      'cat\u00a0README.md',
      "cat 'README.md",
      'cat "README.md',
      'cat README.md #x',
      'rg x\u0000y',
      `rg ${'x'.repeat(9000)}`,
      '(cat README.md)',
      'cat\u3000README.md',
      'cat README.md\u200e',
    ]
    for (const command of denied) {
      it(`denies ${JSON.stringify(command).slice(0, 60)}`, async () => {
        const answer = await bash(command)
        assert.match(answer.text, /^Denied: /)
        assert.equal(answer.isError, true)
      })
    }

    for (const [command, why] of [
      ['cat src', /src: a folder/],
      ['cat nothere', /nothere: no such file/],
      ['rg x nothere neither', /nothere: no such file; neither: no such file/],
      ['find . -anewer x', /x: no such file/],
    ] as const) {
      it(`says that ${command} is not possible, which is not forbidden`, async () => {
        const answer = await bash(command)
        assert.match(answer.text, /^Not possible: /)
        assert.match(answer.text, why)
        assert.equal(answer.isError, true)
      })
    }

    for (const [command, found] of [
      [
        'rg -n TODO src nothere test/index.test.ts src/util/deep.ts',
        /^src\/index\.ts:2:[\s\S]*^src\/util\/deep\.ts:1:/m,
      ],
      ['rg -n TODO src/util/deep.ts nothere', /^src\/util\/deep\.ts:1:/m],
      ['cat nothere README.md', /^# Fixture/],
      ['head -n 1 README.md nothere', /^# Fixture/],
      ['find nothere docs -name "*.md"', /^docs\/guide\.md/],
    ] as const) {
      it(`answers ${command} for what is there`, async () => {
        const answer = await bash(command)
        assert.match(answer.text, found)
        assert.match(answer.text, /\[not read: nothere: no such file\]$/)
        assert.equal(answer.isError, false)
      })
    }

    it('leaves nothing out that is forbidden: then there is no answer', async () => {
      const answer = await bash('cat README.md ../canary/outside.txt')
      assert.match(answer.text, /^Denied: /)
      assert.ok(!answer.text.includes('Fixture'))
    })

    it('never searches git\u2019s folder, however asked', async () => {
      for (const options of [
        '-uuu',
        '--hidden --no-ignore',
        "-uuu -g '.git/**'",
        "--hidden --iglob '**/.git/**'",
      ]) {
        const answer = await bash(`rg -l ${options} "ref:|base"`)
        assert.ok(!answer.text.includes('.git/'), answer.text)
      }
      assert.ok(!(await bash('find . -name "*"')).text.includes('.git/'))
      assert.ok(!(await bash('find . -true -o -true')).text.includes('.git/'))
    })

    it('describes a binary file instead of showing it', async () => {
      session.write('pic.bin', Buffer.from([1, 0, 2, 3]))
      assert.match((await bash('cat pic.bin')).text, /binary file of 4 bytes/)
      assert.match((await session.call('Read', { path: 'pic.bin' })).text, /binary file of 4 bytes/)
    })

    it('cuts long output and says so', async () => {
      session.write('long.txt', 'a long line of text\n'.repeat(100_000))
      const answer = await bash('cat long.txt')
      assert.match(answer.text, /\[output cut at 30000 bytes/)
      assert.ok(answer.text.length < 31_000)
    })

    it('shows control characters as escapes', async () => {
      session.write('esc.txt', 'a\u001b[2Jb\u202ec\n')
      assert.equal((await bash('cat esc.txt')).text, 'a\\x1b[2Jb\\u202ec')
      assert.equal((await session.call('Read', { path: 'esc.txt' })).text, '     1\ta\\x1b[2Jb\\u202ec')
    })
  })

  describe('Read', () => {
    it('numbers lines and pages', async () => {
      assert.match((await session.call('Read', { path: 'README.md' })).text, /^ {5}1\t# Fixture\n {5}2\t\n/)
      const page = await session.call('Read', { path: 'README.md', offset: 3, limit: 1 })
      assert.equal(page.text, '     3\tOne.\n[more from line 4; file of 21 bytes]')
    })

    for (const path of [
      '',
      '/etc/passwd',
      '../canary/outside.txt',
      'src/../../canary/outside.txt',
      '.git',
      'sub/.git/x',
      'a\u0000b',
      'x\ny',
      '.g\u200cit/config',
      '/proc/self/environ',
      '.git\\config',
      '.GIT/config',
      'git~1/config',
    ]) {
      it(`denies ${JSON.stringify(path)}`, async () => {
        assert.match((await session.call('Read', { path })).text, /^Denied/)
      })
    }

    it('refuses unknown and wrong arguments', async () => {
      assert.match((await session.call('Read', { path: 'README.md', cwd: '/' })).text, /^Bad arguments/)
      assert.match((await session.call('Read', { path: 5 })).text, /^Bad arguments/)
      assert.match((await session.call('Deploy', {})).text, /no tool Deploy/)
    })
  })

  describe('Edit', () => {
    it('replaces one exact match, keeping mode and line ends', async () => {
      session.write('run.sh', '#!/bin/sh\r\necho a\r\necho b\r\n', 0o755)
      const answer = await session.call('Edit', {
        path: 'run.sh',
        old: 'echo a\necho b',
        new: 'echo c\necho $&',
      })
      assert.equal(answer.isError, false, answer.text)
      assert.equal(session.read('run.sh'), '#!/bin/sh\r\necho c\r\necho $&\r\n')
      assert.equal(statSync(join(session.workspace, 'run.sh')).mode & 0o777, 0o755)
    })

    it('asks for more where the text is missing or not unique', async () => {
      session.write('dup.txt', 'x\nx\n')
      assert.match(
        (await session.call('Edit', { path: 'dup.txt', old: 'x', new: 'y' })).text,
        /occurs 2 times/,
      )
      assert.match(
        (await session.call('Edit', { path: 'dup.txt', old: 'z', new: 'y' })).text,
        /does not occur/,
      )
      const all = await session.call('Edit', { path: 'dup.txt', old: 'x', new: 'y', replaceAll: true })
      assert.match(all.text, /replaced 2 times/)
      assert.equal(session.read('dup.txt'), 'y\ny\n')
    })

    it('keeps a byte order mark and refuses what is not UTF-8', async () => {
      session.write('bom.txt', '\ufeffone\n')
      await session.call('Edit', { path: 'bom.txt', old: 'one', new: 'two' })
      assert.equal(session.read('bom.txt'), '\ufefftwo\n')
      session.write('latin.txt', Buffer.from([0x61, 0xe9, 0x0a]))
      assert.match(
        (await session.call('Edit', { path: 'latin.txt', old: 'a', new: 'b' })).text,
        /not text in UTF-8/,
      )
    })

    it('creates files and the folders they need, and nothing over another file', async () => {
      const input = { path: 'lib/new/file.ts', old: '', new: 'export {}\n', create: true }
      assert.match((await session.call('Edit', input)).text, /created/)
      assert.equal(session.read('lib/new/file.ts'), 'export {}\n')
      assert.match((await session.call('Edit', input)).text, /exists already/)
    })

    it('edits through a link inside, and refuses one that leads out', async () => {
      session.symlink('alias.md', 'docs/guide.md')
      session.symlink('out.txt', join(session.outside, 'outside.txt'))
      session.symlink('dangling', join(session.outside, 'made.txt'))
      assert.equal((await session.call('Edit', { path: 'alias.md', old: 'A', new: 'The' })).isError, false)
      assert.equal(session.read('docs/guide.md'), 'The guide.\n')
      for (const path of ['out.txt', 'dangling']) {
        assert.match(
          (await session.call('Edit', { path, old: 'C', new: 'x' })).text,
          /^(Denied|Not possible)/,
        )
        const made = await session.call('Edit', { path, old: '', new: 'x', create: true })
        assert.match(made.text, /^Not possible: .*exists already/)
      }
    })

    it('deletes a file, and says of configuration that a person looks', async () => {
      session.write('old/.eslintrc.json', '{}\n')
      const answer = await session.call('Edit', { path: 'old/.eslintrc.json', delete: true })
      assert.match(answer.text, /old\/\.eslintrc\.json: deleted$/)
      assert.equal(answer.flags.length, 1)
      assert.ok(!existsSync(join(session.workspace, 'old/.eslintrc.json')))
      const again = await session.call('Edit', { path: 'old/.eslintrc.json', delete: true })
      assert.match(again.text, /^Not possible: .*no such file/)
    })

    it('moves a file with its mode, into folders that it makes, and over no other', async () => {
      session.write('from.sh', 'echo a\n', 0o755)
      session.write('taken.sh', 'taken\n')
      assert.match(
        (await session.call('Edit', { path: 'from.sh', moveTo: 'taken.sh' })).text,
        /^Not possible: taken\.sh: exists already/,
      )
      const answer = await session.call('Edit', { path: 'from.sh', moveTo: 'new/place/to.sh' })
      assert.match(answer.text, /^from\.sh: moved to new\/place\/to\.sh$/)
      assert.equal(session.read('new/place/to.sh'), 'echo a\n')
      assert.equal(statSync(join(session.workspace, 'new/place/to.sh')).mode & 0o777, 0o755)
      assert.ok(!existsSync(join(session.workspace, 'from.sh')))
      assert.equal(session.read('taken.sh'), 'taken\n')
    })

    it('touches no link, no folder and nothing outside by delete and move', async () => {
      session.write('kept/inside.txt', 'inside\n')
      session.symlink('to-file', 'kept/inside.txt')
      session.symlink('to-out', join(session.outside, 'outside.txt'))
      session.symlink('to-folder', session.outside)
      session.symlink('to-git', '.git')
      execFileSync('mkfifo', [join(session.workspace, 'fifo')])
      const outside = join(session.outside, 'outside.txt')
      const denied = [
        ...['to-file', 'to-out', 'to-folder', 'to-folder/outside.txt', 'to-git/HEAD', 'fifo'],
        ...['.git/HEAD', '.GIT/HEAD', 'kept/../.git/HEAD', '../canary/outside.txt', outside, '', '.'],
      ]
      for (const path of denied) {
        assert.match((await session.call('Edit', { path, delete: true })).text, /^Denied/, path)
        assert.match((await session.call('Edit', { path, moveTo: 'stolen' })).text, /^Denied/, path)
      }
      for (const moveTo of [
        ...['../canary/made.txt', join(session.outside, 'made.txt'), 'to-folder/made.txt', '.git/hooks/x'],
        ...['to-git/hooks/x', 'con', 'a\\b', 'x.', '.git ', ''],
      ]) {
        const answer = await session.call('Edit', { path: 'kept/inside.txt', moveTo })
        assert.match(answer.text, /^Denied/, moveTo)
      }
      for (const moveTo of ['to-out', 'to-file']) {
        const answer = await session.call('Edit', { path: 'kept/inside.txt', moveTo })
        assert.match(answer.text, /^Not possible: .*exists already/, moveTo)
      }
      assert.match((await session.call('Edit', { path: 'kept', delete: true })).text, /a folder/)
      assert.deepEqual(readdirSync(session.outside), ['outside.txt'])
      assert.match(readFileSync(outside, 'utf8'), new RegExp(canaryText))
      assert.equal(session.read('kept/inside.txt'), 'inside\n')
      assert.ok(existsSync(join(session.workspace, '.git/HEAD')))
      assert.ok(!existsSync(join(session.workspace, 'stolen')))
    })

    it('does one thing a call', async () => {
      session.write('one.txt', 'one\n')
      for (const input of [
        { delete: true, moveTo: 'two.txt' },
        { delete: true, old: 'one', new: 'two' },
        { moveTo: 'two.txt', old: '', new: 'two' },
        { new: 'two' },
        { old: 'one' },
      ]) {
        const answer = await session.call('Edit', { path: 'one.txt', ...input })
        assert.match(answer.text, /^Not possible/, JSON.stringify(input))
      }
      assert.equal(session.read('one.txt'), 'one\n')
    })

    for (const path of [
      '.git/config',
      '.GIT/hooks/x',
      'a/.git/hooks/x',
      'con',
      'a/nul.txt',
      'x.',
      'a:b',
      'a\\b',
      '../x',
      '/tmp/x',
      'a\u202eb',
      '.git ',
    ]) {
      it(`does not create ${JSON.stringify(path)}`, async () => {
        assert.match((await session.call('Edit', { path, old: '', new: 'x', create: true })).text, /^Denied/)
      })
    }

    for (const path of [
      '.github/workflows/ci.yml',
      'CLAUDE.md',
      'pkg/.npmrc',
      '.husky/pre-commit',
      'AGENTS.md',
    ]) {
      it(`flags ${path}`, async () => {
        const answer = await session.call('Edit', { path, old: '', new: 'x', create: true })
        assert.equal(answer.isError, false)
        assert.equal(answer.flags.length, 1)
        assert.match(answer.text, /^\[flagged: /)
      })
    }
  })

  describe('Git', () => {
    const git = (...args: string[]) => session.call('Git', { args })

    const denied = [
      [],
      ['push'],
      ['--git-dir=x', 'status'],
      ['-c', 'core.pager=id', 'log'],
      ['-C', '/', 'status'],
      ['log'],
      ['diff', '--no-index', 'a', 'b'],
      ['diff', '--ext-diff'],
      ['diff', '--textconv'],
      ['diff', '--output=x'],
      ['diff', '-O', 'x'],
      ['diff', '-Ox'],
      ['diff', '--', '/etc/passwd', '/etc/group'],
      ['diff', '../x'],
      ['diff', ':(exclude)x'],
      ['diff', ':/x'],
      ['diff', '--submodule=diff'],
      ['diff', '--stat', '.git/config'],
      ['add'],
      ['add', '-f', 'x'],
      ['add', '--force', 'x'],
      ['add', '-p'],
      ['add', '-i'],
      ['add', '-e'],
      ['add', '--pathspec-from-file=x'],
      ['add', '--pathspec-from-file', 'x'],
      ['add', '--chmod=+x', 'x'],
      ['add', '.git'],
      ['add', 'sub/.git/config'],
      ['diff', '--relative=x'],
      ['status', '-u', 'all\n'],
      ['commit'],
      ['commit', '-e', '-m', 'x'],
      ['commit', '-F', 'x'],
      ['commit', '--file=x', '-m', 'x'],
      ['commit', '-C', 'HEAD'],
      ['commit', '--amend', '-m', 'x'],
      ['commit', '-t', 'x', '-m', 'y'],
      ['commit', '-S', '-m', 'x'],
      ['commit', '--author=x', '-m', 'y'],
      ['commit', '-m', 'a\u001b[2J'],
      ['status', '--no-ahead-behind'],
      ['STATUS'],
      ['reset'],
      ['stash'],
      ['commit', '-am'],
    ]
    for (const args of denied) {
      it(`denies ${JSON.stringify(args)}`, async () => {
        assert.match((await git(...args)).text, /^(Denied|Bad arguments)/)
      })
    }

    it('takes no path through a link that leads out', async () => {
      session.symlink('outdir', session.outside)
      for (const command of ['add', 'diff'])
        assert.match((await git(command, 'outdir/outside.txt')).text, /^Denied: .*outside/)
    })

    it('shows, adds and commits', async () => {
      session.write('src/index.ts', 'export const x = 3;\n')
      assert.match((await git('status', '--short')).text, /M src\/index\.ts/)
      assert.match((await git('diff', '--', 'src')).text, /\+export const x = 3;/)
      assert.match((await git('diff', 'HEAD', 'src/index.ts')).text, /\+export const x = 3;/)
      assert.match((await git('diff', '-U0', '--stat=80', '-M50%', '--color=always')).text, /files changed/)
      assert.equal((await git('add', 'src/*.ts')).isError, false)
      assert.match((await git('diff', '--cached', '--stat')).text, /src\/index\.ts/)
      assert.match((await git('status', '-suno', '--porcelain=v1')).text, /^M {2}src\/index\.ts$/m)
      assert.match((await git('commit', '-qm', 'Change x\n\nWhy.')).text, /no output/)
      assert.ok(!(await git('status', '--short')).text.includes('src/index.ts'))
    })
  })

  it('shows the outside file through no link', async () => {
    for (const [name, input] of [
      ['Bash', { command: 'cat out.txt' }],
      ['Bash', { command: 'rg CANARY out.txt' }],
      ['Bash', { command: 'rg -uuu CANARY' }],
      ['Bash', { command: 'head out.txt' }],
      ['Read', { path: 'out.txt' }],
      ['Git', { args: ['diff'] }],
    ] as const) {
      assert.ok(!(await session.call(name, input)).text.includes(canaryText))
    }
  })
})

describe('the tool server', function () {
  this.timeout(60_000)
  it('offers exactly the manifest', async () => {
    const session = await openTools()
    await session.close()
    assert.deepEqual(
      toolManifest.map((tool) => tool.name),
      ['Read', 'Edit', 'Bash', 'Git', 'Verify', 'GiveUp'],
    )
  })

  it('ends a call that takes too long, with its process, and stays usable', async () => {
    const session = await openTools({ timeoutMs: 300 })
    session.write('slow.txt', `${'a'.repeat(40)}b\n`.repeat(200_000))
    const started = Date.now()
    const answer = await session.call('Bash', { command: `rg -P -c '^(a+)+$' slow.txt` })
    assert.ok(Date.now() - started < 5_000)
    assert.match(answer.text, /ended after 0\.3 s|exit code 2/)
    assert.match((await session.call('Read', { path: 'README.md' })).text, /Fixture/)
    await session.close()
  })

  it('verifies by asking the runner with the change as it is', async () => {
    const bodies: string[] = []
    const runner = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`)
        response.end(JSON.stringify({ ok: false, text: 'test: 1 of 9 fails' }))
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => runner.once('listening', resolve))
    const session = await openTools({
      relay: `http://127.0.0.1:${(runner.address() as AddressInfo).port}`,
      prepare: (workspace) => {
        // What an install left behind is no part of the change.
        writeFileSync(join(workspace, 'left.log'), 'x')
      },
    })
    await session.call('Git', { args: ['status'] })
    await session.call('Edit', { path: 'src/index.ts', old: 'x = 1', new: 'x = 2' })
    await session.call('Edit', { path: 'src/new.ts', old: '', new: 'export {}\n', create: true })
    session.write('build/out.js', 'ignored')
    const answer = await session.call('Verify', {})
    assert.equal(answer.text, 'test: 1 of 9 fails')
    const [method, path] = (bodies[0] ?? '').split(' ')
    assert.deepEqual([method, path], ['POST', '/verify'])
    const { diff } = JSON.parse((bodies[0] ?? '').slice('POST /verify '.length)) as { diff: string }
    assert.match(
      diff,
      /^diff --git a\/src\/index\.ts b\/src\/index\.ts\nindex [0-9a-f]{40}\.\.[0-9a-f]{40} 100644\n/,
    )
    assert.match(diff, /new file mode 100644/)
    assert.ok(!diff.includes('left.log') && !diff.includes('build/'))
    await session.close()
    runner.close()
  })
})
