const TEST = /^((?:[a-z_]\w*\.)+(?:[A-Z]\w*\.)*[A-Z]\w*|[A-Z]\w*(?:\.[A-Z]\w*)*)(?:\.(.+))?$/s
const PARAMETERS = /(?:\([^)]*\)|\{[^}]*\})?\[[^\]]*\]$|\([\w, .$<>]*\)$/

/** The class of a test and its method without parameters; undefined where a test is called otherwise. */
export function classOf(test: string): { readonly name: string; readonly method?: string } | undefined {
  const [, name, method] = TEST.exec(test) ?? []
  if (name === undefined) return undefined
  return { name, ...(method === undefined ? {} : { method: method.replace(PARAMETERS, '') }) }
}
