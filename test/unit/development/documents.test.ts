import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })]

describe('a document', () => {
  let scripts: Readonly<Record<string, string>>
  before(async () => {
    scripts = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).scripts
  })

  for (const name of documents) {
    it(`names what there is: ${name}`, async () => {
      // An example of JSON is somebody else's configuration.
      const text = (await readFile(join(root, name), 'utf8')).replace(/```json\n.*?```/gs, '')
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        assert.ok(existsSync(join(root, dirname(name), target)), `a link to ${target}`)
      // A path of the checkout as it stands; neither a pattern nor a part of one.
      const paths = text.matchAll(/`((?:src|sandbox|webview-ui|test|bench|scripts|docs|evals)\/[\w./-]+)`/g)
      for (const [, path = ''] of paths) assert.ok(existsSync(join(root, path)), path)
      for (const [, script = ''] of text.matchAll(/\bnpm run ([a-z][\w:-]*)/g))
        assert.ok(script in scripts, `npm run ${script}`)
      // Documents are written in capitals, at the root.
      for (const [file] of text.matchAll(/(?<![\w/])[A-Z]{3,}\.md\b/g))
        assert.ok(existsSync(join(root, file)), file)
      assert.doesNotMatch(text, /\b(DESIGN|FACTS)\b/)
    })
  }
})
