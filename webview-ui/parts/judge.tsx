import { useMemo } from 'preact/hooks'
import type { Account } from '../../src/contract/account.ts'
import { minimisedLine } from '../../src/contract/minimised.ts'
import { money } from '../../src/contract/money.ts'
import type { Minimised } from '../../src/contract/patch.ts'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import type { CriterionVerdict, Verdict } from '../../src/contract/verdict.ts'
import type { DiffFile } from '../model/patch.ts'
import { type Place, Quotes } from '../model/quotes.ts'
import { ToneIcon } from './icon.tsx'
import { Prose } from './text.tsx'

const criteria = [
  ['in_scope', 'In scope', 'It does what was asked, and nothing else.'],
  ['safe', 'Safe', 'It weakens no check and hides nothing.'],
  ['quality', 'Quality', 'It reads as a maintainer would write it.'],
] as const

interface Properties {
  readonly verdict: Verdict | null
  /** What the agent says of its work. */
  readonly accounts: readonly Account[]
  readonly minimised: Minimised | null
  /** The patch in parts, where its text is here and can be read. */
  readonly files: readonly DiffFile[] | null | undefined
  /** Brings a line of the patch on show. */
  readonly show: (place: Place) => void
}

/** What the model that judged found, criterion by criterion; what it quotes leads to its lines. */
export function Judge({ accounts, minimised, ...given }: Properties) {
  return (
    <>
      <Decision {...given} />
      <div class="judge">
        {accounts.length === 0 ? null : <h2>What the agent says: its own account, which nobody checked</h2>}
        {accounts.map(({ attempt, text }) => (
          <section key={attempt}>
            <h3>Attempt {attempt}</h3>
            <Prose text={text} />
          </section>
        ))}
        {minimised === null ? null : (
          <p class="small">Looked for what is not needed: {minimisedLine(minimised)}.</p>
        )}
      </div>
    </>
  )
}

function Decision({ verdict, files, show }: Pick<Properties, 'verdict' | 'files' | 'show'>) {
  const quotes = useMemo(() => new Quotes(files ?? []), [files])
  if (verdict === null) return <p class="none">The judge has not been asked.</p>
  const { decision, summary, model, samples, costUsd } = verdict
  const said = {
    approve: 'The judge approves',
    veto: 'The judge vetoes',
    'not-judged': 'Nobody judged this change',
  }
  const tone = { approve: 'good', veto: 'bad', 'not-judged': 'warn' } as const
  return (
    <div class="judge">
      <h2>
        <ToneIcon tone={tone[decision]} /> {said[decision]}
      </h2>
      <Prose text={summary} />
      {verdict.criteria === undefined ? null : (
        <ul class="criteria">
          {criteria.map(([key, title, meaning]) => {
            const found = verdict.criteria?.[key]
            return found === undefined ? null : (
              <Criterion
                key={key}
                title={title}
                meaning={meaning}
                found={found}
                quotes={quotes}
                show={show}
              />
            )
          })}
        </ul>
      )}
      {samples === 0 ? null : (
        <p class="small">
          {shownText(model ?? 'unknown model')}, asked {samples === 1 ? 'once' : `${samples} times`},{' '}
          {money(costUsd)}.
        </p>
      )}
    </div>
  )
}

interface CriterionProperties {
  readonly title: string
  readonly meaning: string
  readonly found: CriterionVerdict
  readonly quotes: Quotes
  readonly show: (place: Place) => void
}

function Criterion({ title, meaning, found, quotes, show }: CriterionProperties) {
  const { pass, reason, evidence } = found
  return (
    <li class={`criterion outline-${pass ? 'good' : 'bad'}`}>
      <h3>
        <ToneIcon tone={pass ? 'good' : 'bad'} /> {title}: {pass ? 'yes' : 'no'}
      </h3>
      <p class="small">{meaning}</p>
      <Prose text={reason} />
      {evidence.map((quote) => (
        <Quote key={quote} quote={quote} place={quotes.find(quote)} show={show} />
      ))}
    </li>
  )
}

interface QuoteProperties {
  readonly quote: string
  readonly place: Place | undefined
  readonly show: (place: Place) => void
}

function Quote({ quote, place, show }: QuoteProperties) {
  if (place === undefined) {
    return (
      <blockquote>
        <code>{shownText(quote)}</code>
      </blockquote>
    )
  }
  const { file, line } = place
  const where = line.now === undefined ? `${line.old} (deleted)` : `${line.now}`
  return (
    <blockquote>
      <button type="button" class="quote" onClick={() => show(place)}>
        <code>{shownText(quote)}</code>
        <span class="small quote-at">
          <span class="unseen">, show it in </span>
          {shownName(file.path)}:{where}
        </span>
      </button>
    </blockquote>
  )
}
