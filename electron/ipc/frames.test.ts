import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Frame,
  FrameError,
  binaryFrame,
  frameReader,
  greetingLimitBytes,
  jsonFrame,
  messageLimitBytes,
  outputFrameBytes,
} from './frames.ts'

const sent = fc.oneof(
  fc.json().map((text): Frame => ({ json: JSON.parse(text) as unknown })),
  fc.record({ callId: fc.nat(0xffffffff), bytes: fc.uint8Array({ maxLength: 300 }) }),
)
const encode = (frame: Frame): Buffer =>
  'json' in frame ? jsonFrame(frame.json) : binaryFrame(frame.callId, frame.bytes)
const plain = (frame: Frame): unknown =>
  'json' in frame ? frame : { callId: frame.callId, bytes: [...frame.bytes] }

const reader = () => {
  const made = frameReader()
  made.allowMessageBytes(messageLimitBytes)
  return made
}

describe('frames', () => {
  it('come back whole however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 8 }), fc.array(fc.nat(400)), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(encode))
        const received: Frame[] = []
        const read = reader()
        let offset = 0
        for (const cut of cuts) {
          received.push(...read.push(stream.subarray(offset, offset + cut)))
          offset = Math.min(stream.length, offset + cut)
        }
        received.push(...read.push(stream.subarray(offset)))
        expect(received.map(plain)).toEqual(frames.map(plain))
      }),
    )
  })

  it('come back whole byte by byte', () => {
    const stream = Buffer.concat([
      jsonFrame({ a: 'é' }),
      binaryFrame(7, new Uint8Array([1, 2])),
      jsonFrame(null),
    ])
    const read = reader()
    const received = [...stream].flatMap((byte) => [...read.push(new Uint8Array([byte]))])
    expect(received.map(plain)).toEqual([{ json: { a: 'é' } }, { callId: 7, bytes: [1, 2] }, { json: null }])
  })

  it('carry the largest piece of output', () => {
    const [frame] = [...reader().push(binaryFrame(1, new Uint8Array(outputFrameBytes)))]
    expect(frame && 'bytes' in frame && frame.bytes.byteLength).toBe(outputFrameBytes)
    expect(() => binaryFrame(1, new Uint8Array(outputFrameBytes + 1))).toThrow(FrameError)
  })

  it.each([
    ['an unknown type', [0, 0, 0, 2, 0x58, 0x58]],
    ['a length of zero', [0, 0, 0, 0, 0x4a]],
    ['a length beyond the limit', [0xff, 0xff, 0xff, 0xff, 0x4a]],
    ['a binary frame beyond its limit', [0, 0x10, 0, 0, 0x42]],
    ['a binary frame without a call', [0, 0, 0, 3, 0x42, 1, 2]],
    ['a message that is no JSON', [0, 0, 0, 2, 0x4a, 0x7b]],
    ['a message that is no UTF-8', [0, 0, 0, 4, 0x4a, 0x22, 0xff, 0x22]],
    ['a web browser', [...Buffer.from('GET / HTTP/1.1\r\n')]],
  ])('refuse %s', (_, bytes) => {
    expect(() => [...reader().push(new Uint8Array(bytes))]).toThrow(FrameError)
  })

  it('refuse a large message before the handshake, from its head alone', () => {
    const large = jsonFrame('x'.repeat(greetingLimitBytes))
    expect(() => [...frameReader().push(large.subarray(0, 5))]).toThrow(FrameError)
  })

  it('never accept garbage silently: it is refused, or read as the frames that it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 200 }), (garbage) => {
        const read = frameReader()
        let frames: Frame[] = []
        try {
          frames = [...read.push(garbage)]
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError)
        }
        expect(frames.length * 5).toBeLessThanOrEqual(garbage.byteLength)
      }),
    )
  })
})
