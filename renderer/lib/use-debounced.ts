import { useEffect, useState } from 'react'

/** For a search of a list, which answers faster than anybody types. */
export const searchDelayMs = 20

/** The value once it has stood still for a while; at once when it becomes empty. */
export function useDebounced(value: string, delayMs: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === '' ? 0 : delayMs)
    return () => clearTimeout(timer)
  }, [value, delayMs])
  return value === '' ? '' : settled
}
