/** The part of tar-stream that is used here; the package carries no types. */
declare module 'tar-stream' {
  import type { Writable } from 'node:stream'

  export type Header = {
    name: string
    size: number
    mode: number
    mtime: Date
    type: string | null
    linkname: string | null
    pax?: Record<string, string>
  }
  export type Entry = AsyncIterable<Buffer> & { resume: () => void }
  export type Extract = Omit<Writable, 'on'> & {
    on(
      event: 'entry',
      listener: (header: Header, entry: Entry, next: (error?: Error) => void) => void,
    ): Extract
    on(event: 'finish' | 'close' | 'drain', listener: () => void): Extract
    on(event: 'error', listener: (error: unknown) => void): Extract
  }
  export function extract(options?: { filenameEncoding?: 'utf-8' | 'latin1' }): Extract
}
