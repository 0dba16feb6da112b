import { randomBytes, randomFillSync, randomInt } from 'node:crypto'
import { constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canWriteDirectly, createFileWriter, createWriteRoom } from './file-writer.ts'

const blockBytes = 8 * 65_552
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-file-writer-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Writes the bytes in blocks, in turn by two writers, in an order of chance. */
function writeInBlocks(path: string, bytes: Uint8Array, fileOffset: number, isDirect: boolean): void {
  const room = createWriteRoom(blockBytes)
  const writers = [createFileWriter(path, isDirect), createFileWriter(path, isDirect)]
  const starts = Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, n) => n * blockBytes)
  for (let turn = 0; starts.length > 0; turn++) {
    const [start = 0] = starts.splice(randomInt(starts.length), 1)
    const block = room.at(fileOffset + start).subarray(0, Math.min(blockBytes, bytes.length - start))
    block.set(bytes.subarray(start, start + block.length))
    writers[turn % 2]?.write(block, fileOffset + start)
    room.clear()
  }
  for (const writer of writers) writer.close()
}

describe('a file writer', () => {
  const sizes = [0, 1, 4095, 4096, blockBytes, 3 * blockBytes + 5000, 9 * blockBytes - 1]
  it.each([true, false])(
    'puts every byte in its place, direct %s, at offsets of any alignment',
    (isDirect) => {
      for (const sizeBytes of sizes)
        for (const fileOffset of [0, 1, 216, 4096, 4096 * 3 + 4095]) {
          const path = join(folder, `${sizeBytes}-${fileOffset}`)
          const start = randomBytes(fileOffset)
          writeFileSync(path, start)
          const bytes = randomBytes(sizeBytes)
          writeInBlocks(path, bytes, fileOffset, isDirect && canWriteDirectly(path))
          expect(
            Buffer.concat([start, bytes]).equals(readFileSync(path)),
            `${sizeBytes} at ${fileOffset}`,
          ).toBe(true)
        }
    },
  )

  it('goes through the cache where a block does not lie in memory as in the file', () => {
    const path = join(folder, 'skewed')
    writeFileSync(path, '')
    const block = randomFillSync(createWriteRoom(blockBytes).at(1))
    const writer = createFileWriter(path, canWriteDirectly(path))
    writer.write(block, 0)
    writer.close()
    expect(readFileSync(path).equals(block)).toBe(true)
  })

  it('says of a file that is gone that it is not found', () => {
    const path = join(folder, 'gone')
    expect(() => createFileWriter(path, false).write(new Uint8Array(1), 0)).toThrow(
      expect.objectContaining({ failure: { code: 'file/not-found', path } }),
    )
    expect(canWriteDirectly(path)).toBe(false)
  })

  it.runIf(process.platform === 'linux')('knows what cannot be written directly', () => {
    expect(constants.O_DIRECT).toBeTypeOf('number')
    expect(canWriteDirectly('/proc/self/status')).toBe(false)
  })
})
