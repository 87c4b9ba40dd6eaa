import Markdown from 'react-markdown'
import { Anchor } from './Anchor'
import { toOwn } from './uri'

export function Note({ text }: { text: string }) {
  return (
    <Markdown
      className="note"
      skipHtml
      linkTarget="_blank"
      transformLinkUri={toOwn}
      components={{ a: Anchor }}
    >
      {text}
    </Markdown>
  )
}
