import type { ComponentChildren } from 'preact'

interface Entry<Id extends string> {
  readonly id: Id
  readonly title: string
  /** A number beside the title. */
  readonly count?: number | undefined
  /** What it counts, for whom cannot see it. */
  readonly of?: string
}

interface Properties<Id extends string> {
  readonly entries: readonly Entry<Id>[]
  readonly chosen: Id
  readonly choose: (id: Id) => void
  readonly label: string
  readonly children: ComponentChildren
}

/** Tabs by the pattern of the ARIA practices: one stop of the tab key, arrows between them; only one panel exists. */
export function Tabs<Id extends string>({ entries, chosen, choose, label, children }: Properties<Id>) {
  const move = (event: KeyboardEvent) => {
    const at = entries.findIndex(({ id }) => id === chosen)
    const to = destination(event.key, at, entries.length)
    const next = to === undefined ? undefined : entries[to]
    if (next === undefined) return
    event.preventDefault()
    choose(next.id)
    document.getElementById(`tab-${next.id}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {entries.map(({ id, title, count, of }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === chosen}
            aria-controls={id === chosen ? `panel-${id}` : undefined}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => choose(id)}
          >
            {title}
            {count === undefined ? null : (
              <>
                <vscode-badge variant="counter">{count}</vscode-badge>
                <span class="unseen"> {of}</span>
              </>
            )}
          </button>
        ))}
      </div>
      <section class="tab-panel" role="tabpanel" id={`panel-${chosen}`} aria-labelledby={`tab-${chosen}`}>
        {children}
      </section>
    </>
  )
}

function destination(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at + count - 1) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : undefined
}
