import { useState } from 'react'
import { useTimer } from './useTimer'

export function Clock({ seconds }: { seconds: number }): JSX.Element {
  const [now, setNow] = useState(() => new Date())
  useTimer(() => setNow(new Date()), seconds)
  return <time>{now.toISOString()}</time>
}
