const path = require('node:path')

exports.loadOptions = (argv) => {
  const flags = new Set(argv.filter((word) => word.startsWith('--')))
  const [root = 'docs'] = argv.filter((word) => !word.startsWith('--'))
  return { root: path.resolve(root), strict: flags.has('--strict'), footer: !flags.has('--no-footer') }
}
