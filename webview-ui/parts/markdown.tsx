import { lexer, type Token, type Tokens } from 'marked'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { shownText } from '../../src/contract/shownText.ts'
import { withFolds } from '../model/folds.ts'
import { useHost } from './host.ts'

/** Deeper than anybody writes; what lies below is left out. */
const deepest = 12

/**
 * Markdown of strangers as elements of this page: nothing of it is markup, nothing is loaded, HTML is text, pictures are
 * their descriptions, and a link asks the editor, which asks the person.
 */
export function Markdown({ text }: { readonly text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text])
  return <div class="markdown">{blocks(tokens, -1)}</div>
}

function blocks(tokens: readonly Token[] | undefined, depth: number): ComponentChildren {
  if (depth > deepest) return null
  return withFolds(tokens ?? []).map((one, at) =>
    'summary' in one ? (
      <details key={at}>
        <summary>{shownText(one.summary)}</summary>
        {blocks(one.inner, depth + 1)}
      </details>
    ) : (
      block(one, at, depth + 1)
    ),
  )
}

function inline(tokens: readonly Token[] | undefined, depth: number): ComponentChildren {
  return depth > deepest ? null : (tokens ?? []).map((token, at) => span(token, at, depth + 1))
}

function block(token: Token, key: number, depth: number): ComponentChildren {
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'heading':
      return <h4 key={key}>{inline(token.tokens, depth)}</h4>
    case 'paragraph':
      return <p key={key}>{inline(token.tokens, depth)}</p>
    case 'blockquote':
      return <blockquote key={key}>{blocks(token.tokens, depth)}</blockquote>
    case 'code':
      return (
        <pre key={key}>
          <code>{shownText((token as Tokens.Code).text)}</code>
        </pre>
      )
    case 'hr':
      return <hr key={key} />
    case 'table':
      return <Table key={key} table={token as Tokens.Table} depth={depth} />
    case 'list':
      return <List key={key} list={token as Tokens.List} depth={depth} />
    default:
      return <p key={key}>{span(token, key, depth)}</p>
  }
}

function List({ list, depth }: { readonly list: Tokens.List; readonly depth: number }) {
  const items = list.items.map((item, at) => (
    <li key={at} class={item.task ? 'task' : undefined}>
      {item.task ? (
        <span class="box" role="img" aria-label={item.checked === true ? 'ticked' : 'not ticked'}>
          {item.checked === true ? '☑' : '☐'}
        </span>
      ) : null}
      {blocks(item.tokens, depth)}
    </li>
  ))
  return list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
}

function Table({ table, depth }: { readonly table: Tokens.Table; readonly depth: number }) {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map((cell, at) => (
            <th key={at}>{inline(cell.tokens, depth)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, line) => (
          <tr key={line}>
            {row.map((cell, at) => (
              <td key={at}>{inline(cell.tokens, depth)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function span(token: Token, key: number, depth: number): ComponentChildren {
  switch (token.type) {
    case 'strong':
      return <strong key={key}>{inline(token.tokens, depth)}</strong>
    case 'em':
      return <em key={key}>{inline(token.tokens, depth)}</em>
    case 'del':
      return <s key={key}>{inline(token.tokens, depth)}</s>
    case 'codespan':
      return <code key={key}>{shownText((token as Tokens.Codespan).text)}</code>
    case 'br':
      return ' '
    case 'link':
      return (
        <Link key={key} href={(token as Tokens.Link).href}>
          {inline(token.tokens, depth)}
        </Link>
      )
    case 'image':
      return shownText((token as Tokens.Image).text)
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens !== undefined
        ? inline(token.tokens, depth)
        : shownText((token as Tokens.Text).text)
    default:
      return shownText(token.raw)
  }
}

/** What is no address of the web is read and not followed. */
function Link({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
  const send = useHost()
  if (!/^https:\/\/[^\s]{1,1900}$/.test(href) || !URL.canParse(href)) return <span>{children}</span>
  const { href: url } = new URL(href)
  return (
    <button type="button" class="link" title={url} onClick={() => send({ type: 'openLink', url })}>
      {children}
    </button>
  )
}
