const word = /[A-Za-z_$][\w$]*/g
const notBound = new Set(
  'import from const let var require type as default static await export typeof'.split(' '),
)
const binds = /^\s*(?:import|export|const|let|var)\b|^\s*\}/

/** Names that stand in an import line, before what it loads. */
export function wordsBound(line: string): readonly string[] {
  if (!binds.test(line)) return []
  const declared = line.split(/\bfrom\b|=\s*(?:await\s+)?(?:require|import)\b/)[0] ?? ''
  return (declared.match(word) ?? []).filter((name) => !notBound.has(name))
}
