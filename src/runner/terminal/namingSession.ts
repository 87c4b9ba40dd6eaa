/** What to do next, for the session that it is said of: a failure does not know whose it is, and says `ID`. */
export function namingSession(next: string, id: string): string {
  return next.replaceAll(/(`drydock [a-z]+) ID\b/g, `$1 ${id}`)
}
