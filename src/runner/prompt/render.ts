const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g

/**
 * Fills `{{name}}` places of a prompt template. A name that `variables` lacks is an error, and so is a variable that
 * the template never uses. Values are put in once and are not themselves templates.
 */
export function renderPrompt(template: string, variables: Readonly<Record<string, string>>): string {
  const used = new Set<string>()
  const text = template.replace(placeholder, (_place, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (value === undefined) throw new Error(`prompt variable ${name} is undefined`)
    used.add(name)
    return value
  })
  const unused = Object.keys(variables).filter((name) => !used.has(name))
  if (unused.length > 0) throw new Error(`prompt template does not use ${unused.join(', ')}`)
  return text
}
