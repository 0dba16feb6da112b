/**
 * Frames on the owner's socket: four bytes of length (big-endian, of what follows), one byte of type, the body.
 * JSON frames carry messages; binary frames carry a call's number and plaintext on its way to standard output.
 * Both sides bound what they accept: a frame that breaks a bound or its form ends the connection.
 */
import type { Socket } from 'node:net'

const jsonType = 0x4a
const binaryType = 0x42
const headBytes = 5
const callIdBytes = 4

/** Before the handshake a peer may send only this much at once. */
export const greetingLimitBytes = 4096
/** Ten thousand artifacts or jobs in one answer fit. */
export const messageLimitBytes = 64 * 1024 * 1024
/** How much plaintext one binary frame carries at most. */
export const outputFrameBytes = 256 * 1024

export type Frame = { json: unknown } | { callId: number; bytes: Uint8Array }

/** What came is no frame of ours: the connection cannot go on. */
export class FrameError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FrameError'
  }
}

function framed(type: number, body: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(headBytes)
  head.writeUInt32BE(
    body.reduce((sum, part) => sum + part.byteLength, 1),
    0,
  )
  head.writeUInt8(type, 4)
  return Buffer.concat([head, ...body])
}

/** @throws FrameError if the message is larger than any peer accepts */
export function jsonFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8')
  if (body.byteLength >= messageLimitBytes) throw new FrameError('a message is too large')
  return framed(jsonType, [body])
}

/** @param bytes at most `outputFrameBytes` */
export function binaryFrame(callId: number, bytes: Uint8Array): Buffer {
  if (bytes.byteLength > outputFrameBytes) throw new FrameError('a binary frame is too large')
  const id = Buffer.alloc(callIdBytes)
  id.writeUInt32BE(callId)
  return framed(binaryType, [id, bytes])
}

function parse(type: number, body: Buffer): Frame {
  if (type === binaryType) {
    if (body.byteLength < callIdBytes) throw new FrameError('a binary frame names no call')
    return { callId: body.readUInt32BE(0), bytes: body.subarray(callIdBytes) }
  }
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown }
  } catch {
    throw new FrameError('a message is not JSON')
  }
}

export type FrameReader = {
  /** Takes what arrived, in pieces of any size, and gives the frames that are whole.
   * @throws FrameError at the first byte that cannot belong to a frame */
  push: (chunk: Uint8Array) => Generator<Frame, void, undefined>
  /** From now on messages up to this size. */
  allowMessageBytes: (limitBytes: number) => void
}

/** Cuts a byte stream into frames. Starts with the greeting's limit, and holds one frame at most. */
export function frameReader(): FrameReader {
  let limitBytes = greetingLimitBytes
  let pending: Buffer[] = []
  let pendingBytes = 0
  /** Length and type of the frame that is being read, once its head is there. */
  let head: { bodyBytes: number; type: number } | null = null

  const take = (sizeBytes: number): Buffer => {
    const all = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending)
    pending = all.byteLength > sizeBytes ? [all.subarray(sizeBytes)] : []
    pendingBytes -= sizeBytes
    return all.subarray(0, sizeBytes)
  }
  const readHead = (): { bodyBytes: number; type: number } => {
    const bytes = take(headBytes)
    const type = bytes.readUInt8(4)
    const bodyBytes = bytes.readUInt32BE(0) - 1
    if (type !== jsonType && type !== binaryType) throw new FrameError('a frame of unknown type')
    const limit = type === binaryType ? Math.min(limitBytes, outputFrameBytes + callIdBytes) : limitBytes
    if (bodyBytes < 0 || bodyBytes > limit) throw new FrameError('a frame has an impossible length')
    return { bodyBytes, type }
  }

  return {
    *push(chunk) {
      pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      pendingBytes += chunk.byteLength
      for (;;) {
        if (!head && pendingBytes >= headBytes) head = readHead()
        if (!head || pendingBytes < head.bodyBytes) return
        const { type, bodyBytes } = head
        head = null
        yield parse(type, take(bodyBytes))
      }
    },
    allowMessageBytes: (bytes) => {
      limitBytes = bytes
    },
  }
}

/** How long a peer may take to introduce itself. */
const handshakeMs = 5_000

/** Hands on each frame that comes. A peer that sends anything else, or nothing for too long before it is greeted, is
 * let go: there is nothing to answer it. */
export function hearFrames(socket: Socket, reader: FrameReader, receive: (frame: Frame) => void): void {
  socket.setTimeout(handshakeMs, () => socket.destroy())
  socket.on('data', (chunk) => {
    try {
      for (const frame of reader.push(chunk)) if (!socket.destroyed) receive(frame)
    } catch {
      socket.destroy()
    }
  })
  socket.on('error', () => socket.destroy())
}
