import assert from 'node:assert/strict'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { writeFiles } from '../../support/madeRepository.ts'
import { Script, type Turn } from '../../support/model/script.ts'
import { type PlayedModel, startModel } from '../../support/model/server.ts'
import { fixtureRepository, git } from '../../support/repository.ts'

/** What the agent asks for, and what it is told. */
const asked: readonly (readonly [tool: 'Read' | 'Bash', input: string, told: RegExp])[] = [
  ['Read', 'snakeyaml-2.2.jar!/org/yaml/snakeyaml/LoaderOptions', /class LoaderOptions[\s\S]*maxAliases/],
  ['Read', 'snakeyaml-2.2.jar!/org/yaml/snakeyaml/Yaml.class', /public <T> T loadAs\(java\.lang\.String, /],
  // The base's version is still there: what was can be compared with what is.
  ['Read', 'snakeyaml.jar!/', /may be snakeyaml-1\.33\.jar, snakeyaml-2\.2\.jar: name one/],
  ['Read', 'org.apache.commons:commons-lang3:3.12.0.jar!/org/apache/commons/lang3/', /lang3\/StringUtils$/m],
  // Not installed: nobody is asked for it.
  [
    'Read',
    'com/google/guava/guava/20.0/guava-20.0.jar!/com.google.common.base.Optional',
    /no jar guava-20\.0/,
  ],
  ['Read', 'lib/own.jar!/hello.txt', /1\tHello from a jar of the repository\./],
  ['Read', 'lib/bomb.jar!/bomb.txt', /bomb\.txt of lib\/bomb\.jar is too large to be shown/],
  ['Read', 'lib/link.jar!/x', /^Not possible: no jar link\.jar is installed/],
  ['Read', '../../etc/passwd.jar!/x', /^Denied: .* outside the repository/],
  ['Bash', 'find . -name "*.jar"', /^(?:\.\/lib\/\w+\.jar\s*)+$/],
  ['Bash', 'rg -uu --files -g "*snakeyaml*"', /\[no match\]/],
  ['Bash', 'find /drydock-store -name "*.jar"', /outside the repository/],
]

const look: Turn = {
  text: 'I look at the library.',
  toolUses: asked.map(([name, input]) => ({
    name,
    input: name === 'Read' ? { path: input } : { command: input },
  })),
}

describe('what a Maven agent reads of jars', function () {
  this.timeout(600_000)

  it('is their sources or signatures; the repository of artifacts is out of the way', async () => {
    await using drydock = await openDrydock()
    await using repository = await fixtureRepository('maven/single')
    const jar = (name: string, text: string) => Buffer.from(zipSync({ [name]: Buffer.from(text) }))
    await writeFiles(repository.root, {
      'lib/own.jar': jar('hello.txt', 'Hello from a jar of the repository.\n'),
      'lib/bomb.jar': jar('bomb.txt', 'x'.repeat(40_000_000)),
    })
    await symlink('/etc/passwd', join(repository.root, 'lib/link.jar'))
    await git(repository.root, 'add', '--all')
    await git(repository.root, 'commit', '--quiet', '--message', 'Jars')
    const script = Script.parse(JSON.parse(await readFile(scriptOf('maven/single'), 'utf8')))
    const model = await startModel({ ...script, agent: [look, ...(script.agent ?? [])] })
    try {
      const argv = ['update', 'org.yaml:snakeyaml@2.2', '--repo', repository.root, '--no-review']
      const view = await drydock.session(argv, playedBy(model))
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
      const told = toolResults(model)
      assert.equal(told.length, asked.length)
      for (const [at, [, input, wanted]] of asked.entries())
        assert.match(told[at] ?? '', wanted, `${input}: ${told[at]}`)
      const system = JSON.stringify(model.requests[0]?.body)
      assert.match(system, /ARTIFACT-VERSION\.jar!\/org\/example\/Type/)
    } finally {
      await model.close()
    }
  })
})

/** Texts of the results that the second request carries, in order. */
function toolResults({ requests }: PlayedModel): readonly string[] {
  const [, second] = requests.filter(({ purpose }) => purpose === 'agent')
  const results = second?.body.messages.at(-1)?.content ?? []
  return [...results].flatMap((part) => {
    if (typeof part === 'string' || part.type !== 'tool_result') return []
    const { content } = part as { readonly content: string | readonly { readonly text: string }[] }
    return [typeof content === 'string' ? content : content.map(({ text }) => text).join('')]
  })
}
