import { useEffect, useRef, useState } from 'preact/hooks'
import { nextInEditor } from '../../src/contract/inEditor.ts'
import type { PullRequestPreview, PullRequestWording } from '../../src/contract/pullRequest.ts'
import { type ReviewThread, threadName, threadPlace } from '../../src/contract/reviewThread.ts'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import type { KeptState } from '../model/kept.ts'
import type { PreviewOnShow } from '../model/panel.ts'
import { changedFields, type WordingChange, withField } from '../model/wording.ts'
import { useHost } from './host.ts'
import { Icon } from './icon.tsx'
import { Markdown } from './markdown.tsx'
import { WordingFields } from './wordingFields.tsx'

interface Properties {
  /** The patch on show. */
  readonly digest: string
  /** What people said of it that the session took up. */
  readonly threads: readonly ReviewThread[]
  readonly shown: PreviewOnShow | undefined
  readonly kept: KeptState
  readonly update: (more: Partial<KeptState>) => void
}

/** Somebody who types is answered once they pause, ms. */
const pauseMs = 400

/** The pull request as it will be, before anything of it is sent; what a person may write otherwise is a form. */
export function PullRequest({ digest, threads, shown, kept, update }: Properties) {
  const { wording = {} } = kept
  usePreview(digest, wording)
  const preview = shown?.digest === digest ? shown.preview : undefined
  const failure = shown?.digest === digest ? shown.failure : undefined
  const change = (more: WordingChange) => {
    update({ wording: withField(wording, more) })
  }
  if (preview === undefined)
    return (
      <p class="quiet" aria-busy={failure === undefined}>
        {failure === undefined ? 'Writing it…' : shownName(`${failure.message} ${failure.next}`)}
      </p>
    )
  const count = changedFields(wording)
  return (
    <div class="pull-request">
      <p class="quiet">As it will be. Nothing of it is sent before you approve.</p>
      {failure === undefined ? null : (
        <p class="alarm" role="alert">
          <Icon name="bad" />
          <span>{shownName(failure.message)} The text below is the last one that can be sent.</span>
        </p>
      )}
      <Obstacles preview={preview} />
      <Threads threads={threads} />
      <WordingFields {...{ preview, wording, change }} asked={shown?.wording ?? {}} />
      <Body preview={preview} wording={wording} change={change} />
      <Notes notes={preview.notes} />
      {count === 0 ? null : (
        <div class="buttons">
          <vscode-button secondary onClick={() => update({ wording: {} })}>
            Undo all changes of the pull request
          </vscode-button>
        </div>
      )}
    </div>
  )
}

/** What no tick of this page mends; the bar above says the rest. */
function Obstacles({ preview: { obstacles = [] } }: Pick<BodyProperties, 'preview'>) {
  const hard = obstacles.filter(({ word }) => word === undefined)
  if (hard.length === 0) return null
  return (
    <section aria-labelledby="obstacles-title">
      <h2 id="obstacles-title">Before it can be published</h2>
      <ul class="notes">
        {hard.map((obstacle) => (
          <li key={obstacle.code}>
            <Icon name="bad" />
            <span>
              {shownName(obstacle.message)} {shownName(nextInEditor(obstacle))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Each of them gets an answer where it stands; what the agent says of it is in its account. */
function Threads({ threads }: Pick<Properties, 'threads'>) {
  if (threads.length === 0) return null
  return (
    <section aria-labelledby="threads-title">
      <h2 id="threads-title">Answered once you approve</h2>
      <ul class="notes">
        {threads.map((thread, index) => (
          <li key={thread.id}>
            <b>{threadName(index)}</b>
            <span>
              {shownName(thread.author)}, <code>{shownName(threadPlace(thread))}</code>:{' '}
              {shownText(thread.text)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Asks for it at once, and again where a person wants something else. */
function usePreview(digest: string, wording: PullRequestWording): void {
  const send = useHost()
  const text = JSON.stringify(wording)
  const asked = useRef<string | undefined>(undefined)
  useEffect(() => {
    const ask = () => send({ type: 'showPreview', digest, wording: JSON.parse(text) as PullRequestWording })
    const first = asked.current !== digest
    asked.current = digest
    if (first) return ask()
    const timer = setTimeout(ask, pauseMs)
    return () => clearTimeout(timer)
  }, [digest, text, send])
}

interface BodyProperties {
  readonly preview: PullRequestPreview
  readonly wording: PullRequestWording
  readonly change: (more: WordingChange) => void
}

function Body({ preview, wording, change }: BodyProperties) {
  const [writing, setWriting] = useState(false)
  const own = wording.body ?? preview.own
  return (
    <section class="body" aria-labelledby="body-title">
      <div class="body-head">
        <h2 id="body-title">Text</h2>
        <div class="buttons">
          <vscode-button secondary onClick={() => setWriting(!writing)}>
            {writing ? 'Show rendered' : 'Edit source'}
          </vscode-button>
          {wording.body === undefined ? null : (
            <vscode-button secondary onClick={() => change({ body: undefined })}>
              As it was
            </vscode-button>
          )}
        </div>
      </div>
      <h3>Your part{wording.body === undefined ? '' : ', changed by you'}</h3>
      {writing ? (
        <textarea
          aria-label="Your part of the text, in Markdown"
          rows={14}
          spellcheck={true}
          value={own}
          onInput={(event) => change({ body: event.currentTarget.value })}
        />
      ) : (
        <div class="text-part">
          {own.trim() === '' ? <p class="quiet">Empty.</p> : <Markdown text={own} />}
        </div>
      )}
      <Fixed text={preview.fixed} />
    </section>
  )
}

function Fixed({ text }: { readonly text: string }) {
  return (
    <section class="fixed" aria-labelledby="fixed-title">
      <h3 id="fixed-title">Stands below it, whatever you write</h3>
      <p class="quiet">
        What was run before and after, each test in each run, judge, warnings and how to see for oneself. It
        is written again when it is published, with the commit.
      </p>
      <div class="text-part">
        <Markdown text={text} />
      </div>
    </section>
  )
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <ul class="notes" aria-label="To know of it">
      {notes.map((note) => (
        <li key={note}>
          <Icon name="plain" />
          <span>{shownName(note)}</span>
        </li>
      ))}
    </ul>
  )
}
