/** A square PNG and the length of its side in pixels. */
export interface Picture {
  side: number
  png: Buffer
}

/** An ICO file whose entries are PNGs, as Windows Vista and later read them. @param pictures sides up to 256 */
export function toIco(pictures: readonly Picture[]): Buffer {
  const header = Buffer.alloc(6)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = header.length + pictures.length * 16
  const entries = pictures.map(({ side, png }) => {
    const entry = Buffer.alloc(16)
    // 256 does not fit into its byte and is written as 0.
    entry.writeUInt8(side % 256, 0)
    entry.writeUInt8(side % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(png.length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += png.length
    return entry
  })
  return Buffer.concat([header, ...entries, ...pictures.map(({ png }) => png)])
}

/** The types of ICNS entries that hold PNGs, by side; several where a side serves two densities. */
const icnsTypes: ReadonlyMap<number, readonly string[]> = new Map([
  [16, ['icp4']],
  [32, ['icp5', 'ic11']],
  [64, ['icp6', 'ic12']],
  [128, ['ic07']],
  [256, ['ic08', 'ic13']],
  [512, ['ic09', 'ic14']],
  [1024, ['ic10']],
])

/** An ICNS file of PNGs, for macOS 10.7 and later. Sides without a type are left out. */
export function toIcns(pictures: readonly Picture[]): Buffer {
  const entries = pictures.flatMap(({ side, png }) =>
    (icnsTypes.get(side) ?? []).map((type) => {
      const header = Buffer.alloc(8)
      header.write(type, 'latin1')
      header.writeUInt32BE(png.length + 8, 4)
      return Buffer.concat([header, png])
    }),
  )
  const body = Buffer.concat(entries)
  const header = Buffer.alloc(8)
  header.write('icns', 'latin1')
  header.writeUInt32BE(body.length + 8, 4)
  return Buffer.concat([header, body])
}
