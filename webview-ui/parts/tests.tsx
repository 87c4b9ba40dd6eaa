import { wasRepaired } from '../../src/contract/proof.ts'
import type { Label, Matrix, Step } from '../../src/contract/report.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import type { Tone } from '../../src/contract/states/tone.ts'
import {
  type FailedStep,
  failed,
  failedSteps,
  type LabelGroup,
  labelGroups,
  labelKinds,
  stepEnd,
  stepTable,
} from '../model/checks.ts'
import { duration } from '../model/headline.ts'
import { useHost } from './host.ts'
import { Icon, ToneIcon } from './icon.tsx'
import { TableHead } from './tableHead.tsx'
import { Output } from './text.tsx'

/** The three-run matrix, the tests that are not simply passing, and what failed. */
export function Tests({ review }: { readonly review: ReviewView }) {
  const { session, testMessages } = review
  const { matrix } = session
  const failures = failedSteps(session)
  if (matrix === null && Object.keys(session.reports).length === 0)
    return <p class="none">No check has run yet.</p>
  return (
    <div class="checks">
      {matrix === null ? null : <Counts matrix={matrix} said={session.reason} />}
      <Steps review={review} />
      {matrix === null ? null : (
        <div class="groups">
          {labelGroups(matrix, testMessages).map((group) => (
            <Group key={group.label} group={group} repaired={wasRepaired(matrix)} />
          ))}
        </div>
      )}
      {failures.length === 0 ? null : (
        <section>
          <h2>What failed</h2>
          {failures.map((one) => (
            <Failed key={`${one.run} ${one.step.name} ${one.step.command}`} one={one} />
          ))}
        </section>
      )}
    </div>
  )
}

/** `said` stands at the top of the page already. */
function Counts({ matrix, said }: { readonly matrix: Matrix; readonly said: string | null }) {
  const any = labelKinds.some(({ label }) => matrix.counts[label] > 0)
  const shown = labelKinds.filter(
    ({ label }) => matrix.counts[label] > 0 || (any && (label === 'regressed' || label === 'passing')),
  )
  return (
    <>
      {matrix.reasons
        .filter((reason) => reason !== said)
        .map((reason) => (
          <p key={reason} class="alarm">
            <Icon name="warn" tone="warn" />
            <span>{shownText(reason)}</span>
          </p>
        ))}
      <Proof matrix={matrix} />
      <ul class="counts" aria-label="Tests by label">
        {shown.map(({ label, tone, meaning }) => (
          <li key={label} title={meaning}>
            <ToneIcon tone={toneOf(matrix, label, tone)} />
            <strong>{matrix.counts[label]}</strong> {label}
          </li>
        ))}
      </ul>
    </>
  )
}

/** None of it is good where nothing is worse, and says nothing elsewhere. */
function toneOf({ counts, green }: Matrix, label: Label, tone: Tone): Tone {
  if (counts[label] > 0) return tone
  return tone === 'bad' && green ? 'good' : 'plain'
}

/** What the checks show of the change, and what they cannot. */
function Proof({ matrix: { proven = [], notProven = [] } }: { readonly matrix: Matrix }) {
  if (proven.length === 0 && notProven.length === 0) return null
  return (
    <ul class="proof" aria-label="What the checks show">
      {proven.map((one) => (
        <li key={one}>
          <ToneIcon tone="good" />
          <span>{shownText(one)}</span>
        </li>
      ))}
      {notProven.map((one) => (
        <li key={one}>
          <ToneIcon tone="warn" />
          <span>Not shown: {shownText(one)}</span>
        </li>
      ))}
    </ul>
  )
}

function Steps({ review: { session } }: { readonly review: ReviewView }) {
  const { runs, rows } = stepTable(session)
  if (rows.length === 0) return null
  return (
    <div class="scroll">
      <table class="steps">
        <caption class="unseen">Steps of each run</caption>
        <TableHead columns={['Step', ...runs]} />
        <tbody>
          {rows.map(({ name, command, derived, runs: steps }) => (
            <tr key={`${name} ${command}`}>
              <th scope="row">
                {name} <code class="small">{shownName(command)}</code>
                {derived ? <span class="small"> derived</span> : null}
              </th>
              {steps.map((step, at) => (
                <td key={runs[at]}>{step === undefined ? '–' : <StepCell step={step} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function StepCell({ step }: { readonly step: Step }) {
  const send = useHost()
  return (
    <span class="step">
      <ToneIcon tone={failed(step) ? 'bad' : 'good'} />
      {stepEnd(step)}
      <span class="small">{duration(step.durationMs)}</span>
      <button type="button" class="link" onClick={() => send({ type: 'openLog', log: step.log })}>
        Log<span class="unseen"> of {step.name}</span>
      </button>
    </span>
  )
}

function Group({ group, repaired }: { readonly group: LabelGroup; readonly repaired: boolean }) {
  const { label, tone, meaning, tests, more } = group
  const open = tone === 'bad' || tone === 'warn'
  return (
    <details class="group" open={open}>
      <summary>
        <ToneIcon tone={tone} /> {tests.length + more} {label} <span class="small">{meaning}</span>
      </summary>
      <ul>
        {tests.map(({ id, base, update, repair, message }) => (
          <li key={id}>
            <span class="name">{shownName(id)}</span>
            <span class="small">
              {[base, update, ...(repaired ? [repair] : [])].map((outcome) => outcome ?? '–').join(' → ')}
            </span>
            {message === undefined ? null : <Output text={message} label="Message of the test" />}
          </li>
        ))}
      </ul>
      {more === 0 ? null : <p class="small">and {more} more</p>}
    </details>
  )
}

function Failed({ one: { run, step } }: { readonly one: FailedStep }) {
  const send = useHost()
  return (
    <article class="failed">
      <h3>
        <Icon name="bad" tone="bad" /> {run}: {step.name} {stepEnd(step)}
      </h3>
      <p>
        <code>{shownName(step.command)}</code>{' '}
        <button type="button" class="link" onClick={() => send({ type: 'openLog', log: step.log })}>
          Open the full log
          <span class="unseen">
            {' '}
            of {step.name}, {run}
          </span>
        </button>
        {step.truncated ? <span class="small"> (cut at its limit)</span> : null}
      </p>
      {step.summary === undefined ? null : (
        <Output text={step.summary.text} label={`What failed in ${step.name}`} />
      )}
    </article>
  )
}
