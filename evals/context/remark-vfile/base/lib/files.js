const fs = require('node:fs/promises')
const path = require('node:path')

exports.markdownIn = async (root) => {
  const names = await fs.readdir(root)
  const wanted = names.filter((name) => name.endsWith('.md')).sort()
  return Promise.all(
    wanted.map(async (name) => ({ path: path.join(root, name), text: await fs.readFile(path.join(root, name), 'utf8') })),
  )
}
