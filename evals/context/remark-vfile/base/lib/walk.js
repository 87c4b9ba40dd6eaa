/** Calls `visit` for each node of a type, parents first. */
function walk(node, type, visit) {
  if (node.type === type) visit(node)
  for (const child of node.children ?? []) walk(child, type, visit)
}

function textOf(node) {
  return node.value ?? (node.children ?? []).map(textOf).join('')
}

module.exports = { walk, textOf }
