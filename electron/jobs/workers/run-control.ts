/**
 * What the threads of a run share: a flag that stops them, a count of bytes done, the payload key. The key lies in
 * this one place, which the run's owner zeroes.
 */
const stopAt = 0
const doneAt = 8
const keyAt = 16
const keyBytes = 32

export type RunControl = SharedArrayBuffer

/** @param payloadKey 32 bytes, copied; null for a run without a key */
export function createRunControl(payloadKey: Uint8Array | null): RunControl {
  const control = new SharedArrayBuffer(keyAt + keyBytes)
  if (payloadKey !== null) keyOf(control).set(payloadKey)
  return control
}

export const keyOf = (control: RunControl): Uint8Array => new Uint8Array(control, keyAt, keyBytes)

/** Makes every thread stop before its next block, also one that waits for its turn. */
export function stopRun(control: RunControl): void {
  const flag = new Int32Array(control, stopAt, 1)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
}

export const isStopped = (control: RunControl): boolean =>
  Atomics.load(new Int32Array(control, stopAt, 1), 0) !== 0

export const doneBytes = (control: RunControl): number =>
  Number(Atomics.load(new BigInt64Array(control, doneAt, 1), 0))

/** Counts a block that is about to be read; under a throttle first waits for its turn.
 * @param pace when the run began, as epoch milliseconds, and its limit; null without a throttle
 * @returns false where the run was stopped */
export function takeTurn(
  control: RunControl,
  blockBytes: number,
  pace: { startedAtMs: number; bytesPerSecond: number } | null,
): boolean {
  const before = Number(Atomics.add(new BigInt64Array(control, doneAt, 1), 0, BigInt(blockBytes)))
  if (pace !== null) {
    const flag = new Int32Array(control, stopAt, 1)
    const dueMs = pace.startedAtMs + (before / pace.bytesPerSecond) * 1000
    const waitMs = dueMs - Date.now()
    if (waitMs > 0) Atomics.wait(flag, 0, 0, waitMs)
  }
  return !isStopped(control)
}
