/** The same object for a key as long as the window lives, so that the editor knows a row again and a selection stays. */
export function keptNodes<Node>(): (key: string, made: Node) => Node {
  const kept = new Map<string, Node>()
  return (key, made) => {
    const node = kept.get(key) ?? made
    kept.set(key, node)
    return node
  }
}
