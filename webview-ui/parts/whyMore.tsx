import { useState } from 'preact/hooks'
import { changelogRows } from '../../src/contract/changelogRows.ts'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import type { WhyItBroke } from '../../src/contract/why.ts'
import { moreText, type PackageRow, packageRows, packagesLine } from '../../src/contract/whyRows.ts'
import { Icon } from './icon.tsx'
import { Markdown } from './markdown.tsx'
import { TableHead } from './tableHead.tsx'

/** Rows of packages that are drawn before somebody asks for all. */
const firstRows = 50

/** Read only once somebody opens it. */
export function Changelog({ why }: { readonly why: WhyItBroke }) {
  const { changelog } = why
  const [open, setOpen] = useState(false)
  if (changelog === undefined || changelog.entries.length === 0) return null
  const { entries, more } = changelog
  const total = entries.length + more
  return (
    <details class="more" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Its changelog <span class="small">{total === 1 ? '1 entry' : `${total} entries`}</span>
      </summary>
      {open ? (
        <div class="changelog">
          {changelogRows(why).map(({ version, text, cut }) => (
            <section key={version}>
              <h3>{shownName(version)}</h3>
              <Markdown text={text} />
              {cut ? <p class="small">The rest of this entry is left out.</p> : null}
            </section>
          ))}
          {more === 0 ? null : <p class="small">{moreText(more, 'entry', 'entries')} left out.</p>}
        </div>
      ) : null}
    </details>
  )
}

/** What the lock file has in other versions than before. */
export function Packages({ why }: { readonly why: WhyItBroke }) {
  const [all, setAll] = useState(false)
  const line = packagesLine(why)
  if (line === undefined) return null
  const rows = packageRows(why)
  const shown = all ? rows : rows.slice(0, firstRows)
  const hidden = moreText(rows.length - shown.length, 'package')
  const runs = rows.some(({ runsScript }) => runsScript)
  return (
    <details class="more" open={runs}>
      <summary>
        Packages that move with it <span class="small">{line}</span>
      </summary>
      <div class="scroll">
        <table class="packages">
          <caption class="unseen">Packages that move with the update</caption>
          <TableHead columns={['Package', 'Before', 'After', 'When installed']} />
          <tbody>
            {shown.map((row) => (
              <Row key={row.name} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {hidden === undefined ? null : (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {hidden}
        </button>
      )}
    </details>
  )
}

function Row({ row: { name, change, from, to, runsScript, unread, scripts } }: { readonly row: PackageRow }) {
  const [open, setOpen] = useState(false)
  return (
    <tr>
      <th scope="row">{shownName(name)}</th>
      <td>{from === '' ? <span class="small">not there</span> : shownName(from)}</td>
      <td>{to === '' ? <span class="small">{change}</span> : shownName(to)}</td>
      <td>
        {!runsScript ? (
          <span class="small">{unread ? 'not known' : 'nothing'}</span>
        ) : (
          <>
            <Icon name="warn" tone="warn" /> runs a script{' '}
            {scripts.length === 0 ? (
              <span class="small">that could not be read</span>
            ) : (
              <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? 'Hide' : 'Show'}
              </button>
            )}
          </>
        )}
        {open ? (
          <pre class="script">
            {shownText(scripts.map((one) => `${one.name}: ${one.command}`).join('\n'))}
          </pre>
        ) : null}
      </td>
    </tr>
  )
}
