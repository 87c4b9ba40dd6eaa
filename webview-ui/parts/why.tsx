import { useState } from 'preact/hooks'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import type { BrokenBy, InterfaceChange, UseSite, WhyItBroke } from '../../src/contract/why.ts'
import {
  causeText,
  interfaceRows,
  moreText,
  placeText,
  releasedLine,
  saysNothing,
  siteText,
} from '../../src/contract/whyRows.ts'
import { useHost } from './host.ts'
import { Changelog, Packages } from './whyMore.tsx'

/** Causes, and places of one, that are shown before somebody asks for more. */
const first = { causes: 3, places: 3, changes: 5 } as const

/** What the update changed, and why that broke something: before the patch that answers it. */
export function Why({ session }: { readonly session: SessionView }) {
  const { why, from, to } = session
  if (why === undefined || saysNothing(why)) return null
  const broke = (why.failures?.list.length ?? 0) > 0
  const released = from === null || to === null ? undefined : releasedLine(why, from, to)
  return (
    <section class="why" aria-labelledby="why-title">
      <h2 id="why-title">{broke ? 'Why it broke' : 'What the update brings'}</h2>
      {released === undefined ? null : <p class="small">Published: {shownName(released)}</p>}
      <Causes why={why} />
      <Whole lines={why.interface?.whole ?? []} />
      <Met why={why} />
      <Changelog why={why} />
      <Packages why={why} />
    </section>
  )
}

function Causes({ why: { failures } }: { readonly why: WhyItBroke }) {
  const [all, setAll] = useState(false)
  if (failures === undefined || failures.list.length === 0) return null
  const { list, more } = failures
  const shown = all ? list : list.slice(0, first.causes)
  const hidden = moreText(list.length - shown.length, 'cause')
  return (
    <>
      <ul class="causes">
        {shown.map((cause, at) => (
          <Cause key={at} cause={cause} />
        ))}
      </ul>
      {hidden === undefined ? null : (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {hidden}
        </button>
      )}
      {more === 0 ? null : <p class="small">{moreText(more, 'cause')} not kept; the log has all of them.</p>}
    </>
  )
}

function Cause({ cause }: { readonly cause: BrokenBy }) {
  const [head = '', ...rest] = causeText(cause).split('\n')
  const { code, step, command, places, more } = cause
  const shown = places.slice(0, first.places)
  const hidden = moreText(places.length - shown.length + more, 'place')
  const message = code === undefined ? head : head.slice(code.length).replace(/^: /, '')
  return (
    <li>
      <p>
        {code === undefined ? null : <code class="code">{shownName(code)}</code>}{' '}
        <strong>{shownName(message)}</strong>
      </p>
      {rest.length === 0 ? null : <pre class="rest">{shownText(rest.join('\n'))}</pre>}
      <p class="small">
        {step}
        {command === '' ? (
          ''
        ) : (
          <>
            {' '}
            <code>{shownName(command)}</code>
          </>
        )}
        {shown.map((place, at) => (
          <span key={at}>
            {at === 0 ? ' at ' : ', '}
            <code>{shownName(placeText(place))}</code>
          </span>
        ))}
        {hidden === undefined ? '' : ` and ${hidden}`}
      </p>
    </li>
  )
}

/** What its users meet whatever they call. */
function Whole({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <>
      <h3>What changed of the package as a whole</h3>
      <ul class="met">
        {lines.map((line) => (
          <li key={line}>
            <p>
              <Marked text={line} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function Met({ why }: { readonly why: WhyItBroke }) {
  const [all, setAll] = useState(false)
  const rows = interfaceRows(why)
  const sites = why.interface?.sites ?? []
  if (rows.length === 0 && sites.length === 0) return null
  const shown = all ? rows : rows.slice(0, first.changes)
  const hidden = moreText(rows.length - shown.length, 'difference')
  const { more = 0, unmet = 0 } = why.interface ?? {}
  return (
    <>
      <h3>
        {rows.length === 0
          ? 'Where the repository uses it'
          : 'What changed, and where the repository meets it'}
      </h3>
      <ul class="met">
        {shown.map((change) => (
          <Change key={`${change.kind} ${change.name}`} change={change} />
        ))}
        {rows.length > 0 ? null : (
          <li>
            <Sites sites={sites} />
          </li>
        )}
      </ul>
      {hidden === undefined ? null : (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {hidden}
        </button>
      )}
      {more + unmet === 0 ? null : <p class="small">{beyond(more, unmet)}</p>}
    </>
  )
}

function beyond(more: number, unmet: number): string {
  const other = moreText(unmet, 'difference')
  return [
    ...(more === 0 ? [] : [`${moreText(more, 'difference')} that it meets not kept.`]),
    ...(other === undefined ? [] : [`${other} of its interface that no line is known to meet.`]),
  ].join(' ')
}

function Change({ change: { text, sites, more } }: { readonly change: InterfaceChange }) {
  return (
    <li>
      <p>
        <Marked text={text} />
      </p>
      <Sites sites={sites} more={more} />
    </li>
  )
}

/** One line of Markdown, of which code spans are shown as such. */
function Marked({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split('`')
        .map((part, at) => (at % 2 === 0 ? shownName(part) : <code key={at}>{shownName(part)}</code>))}
    </>
  )
}

/** Lines of the base, which open there. */
function Sites({ sites, more = 0 }: { readonly sites: readonly UseSite[]; readonly more?: number }) {
  const send = useHost()
  return (
    <ul class="sites">
      {sites.map(({ path, line, text }) => (
        <li key={`${path}:${line}`}>
          <button type="button" class="link" onClick={() => send({ type: 'openSite', path, line })}>
            {shownName(siteText({ path, line, text }))}
          </button>{' '}
          <code>{shownName(text)}</code>
        </li>
      ))}
      {more === 0 ? null : <li class="small">{moreText(more, 'line')}</li>}
    </ul>
  )
}
