import { malformed } from '../bounds.ts'
import type { Cursor } from '../cursor.ts'
import { isDict, isMade, isTuple, type MadeValue, type Value } from './values.ts'

/**
 * joblib puts the raw bytes of an array right behind the opcode that builds its wrapper. To read on, they must be
 * stepped over: their number follows from the wrapper's shape and dtype.
 * `bytes`: raw data, after a padding where `hasPadding`; `pickle`: objects, a whole pickle of their own;
 * `unknown`: it cannot be told, and nothing behind it can be read.
 * @see joblib, numpy_pickle.py, NumpyArrayWrapper.read_array
 */
export type JoblibArray =
  { layout: 'bytes'; lengthBytes: number; hasPadding: boolean } | { layout: 'pickle' } | { layout: 'unknown' }

const unknown: JoblibArray = { layout: 'unknown' }

/** Bytes of one item and whether it holds Python objects; null where the dtype is not understood. */
function itemOf(dtype: Value): { sizeBytes: number; hasObjects: boolean } | null {
  if (!isMade(dtype) || dtype.callee.name !== 'dtype') return null
  const code = dtype.args[0]
  const match = typeof code === 'string' ? /^[<>|=]?([a-zA-Z])(\d{1,9})$/.exec(code) : null
  if (!match) return null
  const [, letter = '', digits = ''] = match
  const state = isTuple(dtype.state) ? dtype.state.items : []
  if (letter === 'O') return { sizeBytes: 8, hasObjects: true }
  if (letter === 'V') {
    // The flags' lowest bit: items are counted references. Without the state nothing vouches for their absence.
    const flags = state[7]
    if (typeof flags !== 'number' || state[2] !== null) return null
    return { sizeBytes: Number(digits), hasObjects: (flags & 1) === 1 }
  }
  return { sizeBytes: letter === 'U' ? Number(digits) * 4 : Number(digits), hasObjects: false }
}

export function joblibArrayOf(wrapper: MadeValue): JoblibArray {
  const entries = isDict(wrapper.state) ? wrapper.state.entries : null
  const shape = entries?.get('shape') ?? null
  const item = itemOf(entries?.get('dtype') ?? null)
  if (!entries || !item || !isTuple(shape)) return unknown
  if (item.hasObjects) return { layout: 'pickle' }
  let lengthBytes = item.sizeBytes
  for (const extent of shape.items) {
    if (typeof extent !== 'number' || extent < 0) return unknown
    lengthBytes *= extent
  }
  if (!Number.isSafeInteger(lengthBytes)) return unknown
  return {
    layout: 'bytes',
    lengthBytes,
    hasPadding: typeof entries.get('numpy_array_alignment_bytes') === 'number',
  }
}

/** Moves the cursor behind raw array data. */
export async function skipArrayBytes(
  cursor: Cursor,
  lengthBytes: number,
  hasPadding: boolean,
): Promise<void> {
  if (hasPadding) {
    await cursor.need(1)
    cursor.skip(cursor.u8())
  }
  if (lengthBytes > cursor.sizeBytes - cursor.position) malformed('an array in it is longer than the file')
  cursor.skip(lengthBytes)
}
