import { shownText } from '../../src/contract/shownText.ts'
import type { CriterionVerdict, Verdict } from '../../src/contract/verdict.ts'
import { dollars } from '../model/headline.ts'
import { ToneIcon } from './icon.tsx'
import { Prose } from './text.tsx'

const criteria = [
  ['in_scope', 'In scope', 'It does what was asked, and nothing else.'],
  ['safe', 'Safe', 'It weakens no check and hides nothing.'],
  ['quality', 'Quality', 'It reads as a maintainer would write it.'],
] as const

/** What the model that judged found, criterion by criterion. */
export function Judge({ verdict }: { readonly verdict: Verdict | null }) {
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
              <Criterion key={key} title={title} meaning={meaning} found={found} />
            )
          })}
        </ul>
      )}
      {samples === 0 ? null : (
        <p class="small">
          {shownText(model ?? 'unknown model')}, asked {samples === 1 ? 'once' : `${samples} times`},{' '}
          {dollars(costUsd)}.
        </p>
      )}
    </div>
  )
}

interface Properties {
  readonly title: string
  readonly meaning: string
  readonly found: CriterionVerdict
}

function Criterion({ title, meaning, found: { pass, reason, evidence } }: Properties) {
  return (
    <li class={`criterion outline-${pass ? 'good' : 'bad'}`}>
      <h3>
        <ToneIcon tone={pass ? 'good' : 'bad'} /> {title}: {pass ? 'yes' : 'no'}
      </h3>
      <p class="small">{meaning}</p>
      <Prose text={reason} />
      {evidence.map((quote) => (
        <blockquote key={quote}>
          <code>{shownText(quote)}</code>
        </blockquote>
      ))}
    </li>
  )
}
