const { walk } = require('../walk')

/** Pages are published without their extension. */
module.exports = function links() {
  return (tree, file) => {
    file.data.links = []
    walk(tree, 'link', (node) => {
      const [target, anchor] = node.url.split('#')
      if (!target.endsWith('.md')) return
      file.data.links.push({ target, anchor, place: node.position })
      node.url = target.replace(/\.md$/, '') + (anchor ? `#${anchor}` : '')
    })
  }
}
