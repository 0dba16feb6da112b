/** Tar archives as nobody honest writes them: every field is what the test says. */

export type CraftedEntry = {
  name: string | Buffer
  /** `0` file, `5` folder, `2` link, `1` hard link, `3` and `4` devices, `6` pipe, `x` pax, `L` long name. */
  type?: string
  data?: string | Buffer
  /** What the header says, if not the truth. */
  sizeBytes?: number
  mode?: number
  linkName?: string
  /** Another checksum than the right one. */
  checksum?: number
}

const blockBytes = 512
const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`

/** One entry: header, contents, padding. */
export function tarEntry(entry: CraftedEntry): Buffer {
  const { name, type = '0', data = '', mode = 0o644, linkName = '' } = entry
  const contents = Buffer.from(data)
  const header = Buffer.alloc(blockBytes)
  Buffer.from(name).copy(header, 0, 0, 100)
  header.write(octal(mode, 8), 100, 'latin1')
  header.write(octal(0, 8), 108, 'latin1')
  header.write(octal(0, 8), 116, 'latin1')
  header.write(octal(entry.sizeBytes ?? contents.length, 12), 124, 'latin1')
  header.write(octal(0, 12), 136, 'latin1')
  header.fill(0x20, 148, 156)
  header.write(type, 156, 'latin1')
  header.write(linkName, 157, 100, 'utf8')
  header.write('ustar\x0000', 257, 'latin1')
  const sum = entry.checksum ?? header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  const padding = Buffer.alloc((blockBytes - (contents.length % blockBytes)) % blockBytes)
  return Buffer.concat([header, contents, padding])
}

/** A name of any bytes and length, as GNU tar writes it, before the entry that has it. */
export const longName = (name: string | Buffer): Buffer =>
  tarEntry({ name: '././@LongLink', type: 'L', data: Buffer.concat([Buffer.from(name), Buffer.of(0)]) })

/** A record of pax that overrides the next entry's field. */
export function paxRecord(key: string, value: string): Buffer {
  const body = ` ${key}=${value}\n`
  let length = body.length
  while (String(length).length + Buffer.byteLength(body) !== length)
    length = String(length).length + Buffer.byteLength(body)
  return tarEntry({ name: 'PaxHeader/x', type: 'x', data: `${length}${body}` })
}

export const tarEnd = Buffer.alloc(2 * blockBytes)

/** @param entries of the folder `root`, whose own entry comes first */
export const craftTar = (...entries: (CraftedEntry | Buffer)[]): Buffer =>
  Buffer.concat([
    tarEntry({ name: 'root/', type: '5', mode: 0o755 }),
    ...entries.map((entry) => (Buffer.isBuffer(entry) ? entry : tarEntry(entry))),
    tarEnd,
  ])
