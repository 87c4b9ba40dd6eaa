interface Props {
  query: { status: 'loading' | 'error' | 'success'; error: unknown };
  what: string;
}

export function Status({ query, what }: Props) {
  if (query.status === 'loading') return <p role="status">Loading {what}…</p>;
  if (query.status === 'error') return <p role="alert">{String(query.error)}</p>;
  return null;
}
