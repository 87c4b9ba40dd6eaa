import type { SessionView } from '../../../contract/sessionView.ts'

/** What a template of a title or a branch may name, in braces. */
export const templateNames = ['package', 'from', 'to', 'kind', 'title', 'session'] as const

/** Values for a template; what a session does not have is empty. */
export function valuesOf({ task, from, to, id }: SessionView): Readonly<Record<string, string>> {
  const isUpdate = task.kind === 'dependency-update'
  return {
    package: isUpdate ? task.package : '',
    from: from ?? '',
    to: to ?? (isUpdate ? task.requested : ''),
    kind: task.kind,
    title: isUpdate ? `Update ${task.package}` : task.title,
    session: id,
  }
}

/** `Update {package} to {to}`; a name that is none of ours stays as it stands. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  )
}
