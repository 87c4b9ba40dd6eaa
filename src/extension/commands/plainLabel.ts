import { shownName } from '../../contract/shownText.ts'

/** Text of others as a quick pick may show it: `$(name)` would be drawn as an icon. */
export function plainLabel(text: string): string {
  return shownName(text).replaceAll('$(', '\\$(')
}
