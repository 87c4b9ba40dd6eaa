const heads =
  /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)\s*(?:<[^()]*>)?\(([^()]*)\)|^\s*(?:export\s+)?const\s+([\w$]+)\s*=\s*(?:async\s*)?(?:\(([^()]*)\)|([\w$]+))[^=]*=>/
/** What a module hands out and what an object or a class holds: a function without a declaration of its own. */
const handed =
  /^\s*(?:module\.)?(exports)(?:\.([\w$]+))?\s*=\s*(?:async\s+)?(?:function\s*\*?\s*([\w$]*)\s*\(([^()]*)\)|(?:\(([^()]*)\)|([\w$]+))\s*=>)/
/** A function that another one gives back. */
const givenBack =
  /^\s*return\s+(?:async\s+)?(?:function\s*\w*\s*\(([^()]*)\)|\(([^()]*)\)\s*=>|([\w$]+)\s*=>)/
const classes = /\bclass\s+([\w$]+)/
const constructors = /^\s*constructor\s*\(([^()]*)\)/

/** Functions of a file with their parameters, by name: what is constructed by that of its class, what one gives back by `name()`. */
export function functionsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  let inside: string | undefined
  let last: readonly string[] = []
  for (const line of lines) {
    const [, name, list, other, short, single] = heads.exec(line) ?? []
    const named = name ?? other
    if (named !== undefined) found.set(named, parametersIn(list ?? short ?? single ?? ''))
    const [, isHanded, key = 'default', own = '', ...lists] = handed.exec(line) ?? []
    const given = isHanded === undefined ? [] : parametersIn(lists.find((one) => one !== undefined) ?? '')
    for (const one of isHanded === undefined ? [] : [key, own]) if (one !== '') found.set(one, given)
    const opened = [named, ...(isHanded === undefined ? [] : [key, own])].filter(
      (one) => one !== undefined && one !== '',
    )
    if (opened.length > 0) last = opened as string[]
    const back = givenBack
      .exec(line)
      ?.slice(1)
      .find((one) => one !== undefined)
    if (back !== undefined) for (const one of last) found.set(`${one}()`, parametersIn(back))
    inside = classes.exec(line)?.[1] ?? inside
    const made = constructors.exec(line)?.[1]
    if (made !== undefined && inside !== undefined) found.set(inside, parametersIn(made))
  }
  return found
}

/** Names of parameters in their order; one that is taken apart has none. */
function parametersIn(list: string): readonly string[] {
  return list
    .split(',')
    .map(
      (part) =>
        /^\s*(?:(?:public|private|protected|readonly)\s+)*(?:\.{3})?([A-Za-z_$][\w$]*)/.exec(part)?.[1] ?? '',
    )
}
