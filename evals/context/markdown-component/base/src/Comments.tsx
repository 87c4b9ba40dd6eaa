import ReactMarkdown, { uriTransformer } from 'react-markdown'

interface Comment {
  readonly id: number
  readonly text: string
}

export function Comments({ all }: { all: readonly Comment[] }) {
  return (
    <ul>
      {all.map(({ id, text }) => (
        <li key={id}>
          <ReactMarkdown transformImageUri={(uri: string) => uriTransformer(uri)}>{text}</ReactMarkdown>
        </li>
      ))}
    </ul>
  )
}
