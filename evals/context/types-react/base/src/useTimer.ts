import { useEffect, useRef } from 'react'

export function useTimer(tick: () => void, seconds: number): void {
  const timer = useRef<number>()
  const last = useRef<() => void>()
  last.current = tick
  useEffect(() => {
    timer.current = Number(globalThis.setInterval(() => last.current?.(), seconds * 1000))
    return () => globalThis.clearInterval(timer.current)
  }, [seconds])
}
