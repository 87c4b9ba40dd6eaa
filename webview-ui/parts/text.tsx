import { shownText } from '../../src/contract/shownText.ts'

/** Words of a model, a repository or a tool: text nodes, nothing of which steers anything. */
export function Prose({ text }: { readonly text: string }) {
  return <p class="prose">{shownText(text)}</p>
}

/** Output as it was, in the editor's font. */
export function Output({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="output" tabIndex={0} aria-label={label}>
      <pre>{shownText(text)}</pre>
    </section>
  )
}
