import { useState } from 'preact/hooks'
import type { PullRequestPreview, PullRequestWording } from '../../src/contract/pullRequest.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { changeOf, type LineField, lineOf, lines, sentAs, type WordingChange } from '../model/wording.ts'
import { Tick } from './tick.tsx'

interface Properties {
  readonly preview: PullRequestPreview
  readonly wording: PullRequestWording
  /** The wording that the preview was asked with. */
  readonly asked: PullRequestWording
  readonly change: (more: WordingChange) => void
}

const names: Readonly<Record<LineField, string>> = {
  title: 'Title',
  branch: 'Branch',
  labels: 'Labels',
  reviewers: 'Reviewers',
  assignees: 'Assignees',
  milestone: 'Milestone',
}

const hints: Readonly<Partial<Record<LineField, string>>> = {
  branch: 'the first free one like it',
  labels: 'with commas',
  reviewers: 'accounts, organisation/team, or codeowners, with commas',
  assignees: 'accounts, with commas',
}

/** Everything of a pull request but its text. */
export function WordingFields({ preview, wording, asked, change }: Properties) {
  const { base = 'the default branch' } = preview
  return (
    <div class="fields">
      {lines.map((field) => (
        <Line key={field} {...{ field, preview, wording, asked, change }} />
      ))}
      <p class="field-row">
        <span class="field-name">Into</span>
        <code>{shownName(base)}</code>
      </p>
      <Tick
        checked={wording.draft ?? preview.draft}
        label={`As a draft${wording.draft === undefined ? '' : ', changed by you'}`}
        onChange={(draft) => change({ draft })}
      />
    </div>
  )
}

function Line({ field, preview, wording, asked, change }: Properties & { readonly field: LineField }) {
  // A comma that was just typed is no name yet: what stands there stays as typed until it is left.
  const [typed, setTyped] = useState<string>()
  const id = `wording-${field}`
  const sent = sentAs(field, wording, preview, asked)
  const hint = hints[field]
  const isChanged = wording[field] !== undefined
  return (
    <div class="field-row">
      <label class="field-name" for={id}>
        {names[field]}
      </label>
      <input
        id={id}
        type="text"
        value={typed ?? lineOf(field, wording, preview)}
        aria-describedby={`${id}-hint`}
        autocomplete="off"
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          change(changeOf(field, event.currentTarget.value))
        }}
        onBlur={() => setTyped(undefined)}
      />
      <p class="field-hint quiet" id={`${id}-hint`}>
        {[
          hint,
          isChanged ? 'changed by you' : undefined,
          sent === undefined ? undefined : `sent as ${sent === '' ? 'none' : shownName(sent)}`,
        ]
          .filter((part) => part !== undefined)
          .join('; ')}
        {isChanged ? (
          <button
            type="button"
            class="link"
            aria-label={`${names[field]}: as it was`}
            onClick={() => {
              setTyped(undefined)
              change({ [field]: undefined })
            }}
          >
            As it was
          </button>
        ) : null}
      </p>
    </div>
  )
}
