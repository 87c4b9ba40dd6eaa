/** What the checks run: a patch that touches it is a warning. */
export function commands(): string {
  return 'sh check.sh'
}
