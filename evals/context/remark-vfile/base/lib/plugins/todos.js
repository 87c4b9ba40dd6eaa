const { textOf, walk } = require('../walk')

module.exports = function todos() {
  return (tree, file) => {
    if (!file.contents.includes('TODO')) return
    walk(tree, 'paragraph', (node) => {
      if (textOf(node).startsWith('TODO')) file.message('still to be done', node)
    })
  }
}
