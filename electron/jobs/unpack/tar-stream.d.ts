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
  export type Entry = AsyncIterable<Buffer> & { header: Header; resume: () => void }
  export type Extract = Writable & AsyncIterable<Entry>
  export function extract(options?: { filenameEncoding?: 'utf-8' | 'latin1' }): Extract
}
