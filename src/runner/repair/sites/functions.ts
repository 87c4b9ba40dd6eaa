const heads =
  /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)\s*(?:<[^()]*>)?\(([^()]*)\)|^\s*(?:export\s+)?const\s+([\w$]+)\s*=\s*(?:async\s*)?(?:\(([^()]*)\)|([\w$]+))[^=]*=>/

/** Functions of a file with their parameters, by name. */
export function functionsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, list, other, short, single] = heads.exec(line) ?? []
      const found = name ?? other
      return found === undefined ? [] : [[found, parametersIn(list ?? short ?? single ?? '')] as const]
    }),
  )
}

/** Names of parameters in their order; one that is taken apart has none. */
function parametersIn(list: string): readonly string[] {
  return list.split(',').map((part) => /^\s*(?:\.{3})?([A-Za-z_$][\w$]*)/.exec(part)?.[1] ?? '')
}
