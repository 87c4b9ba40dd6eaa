import { useEffect, useRef, useState } from 'preact/hooks'

/** An element and its height as it changes, px. */
export function useHeight() {
  const element = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const { current } = element
    if (current === null) return
    const observer = new ResizeObserver(() => setHeight(current.offsetHeight))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return { element, height }
}
