const { slug } = require('../slugs')
const { textOf, walk } = require('../walk')

/** Leaves the headings at the file, for the index of all pages. */
module.exports = function toc() {
  return (tree, file) => {
    file.data.headings = []
    walk(tree, 'heading', (node) => {
      const title = textOf(node)
      file.data.headings.push({ depth: node.depth, title, id: slug(title) })
    })
  }
}
