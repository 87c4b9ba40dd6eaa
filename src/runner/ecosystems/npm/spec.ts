import npa from 'npm-package-arg'

/** `name`, `name@version`, `@scope/name@range`, as npm reads them. */
export function readSpec(spec: string): { readonly package: string; readonly requested: string } | undefined {
  const parsed = parse(spec)
  if (parsed?.name == null || !['version', 'range', 'tag'].includes(parsed.type)) return undefined
  return { package: parsed.name, requested: parsed.raw === parsed.name ? 'latest' : parsed.rawSpec }
}

function parse(spec: string): npa.Result | undefined {
  try {
    return npa(spec)
  } catch {
    return undefined
  }
}
