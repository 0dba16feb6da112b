import { LimitReached, Malformed, malformed } from '../bounds.ts'
import { joblibArrayOf, skipArrayBytes } from './joblib-array.ts'
import { createFrameWatch, type FrameWatch } from './frame-watch.ts'
import { createMachine, top, type Discoveries, type Machine } from './machine.ts'
import { argumentShapes } from './opcodes.ts'
import { readArgument, type ArgumentSource } from './read-argument.ts'
import { step } from './steps.ts'
import { opaque } from './values.ts'

/**
 * How the walk over one pickle ended. `stopped`: at its STOP. `malformed`: where the real unpickler would fail, too;
 * what stood before has run by then. `limit`: a bound on work was reached.
 */
export interface Walk {
  end: 'stopped' | 'malformed' | 'limit'
  reason: string | null
  protocol: number
  offset: number
  /** Where the walk stood when it ended. */
  endOffset: number
  opcodeCount: number
  /** Arrays of joblib that were stepped over. */
  joblibArrays: number
}

export interface WalkOptions {
  /** False: read as plain `pickle.load` would, which knows nothing of joblib's arrays. */
  joblib: boolean
}

const nestedPicklesLimit = 16

/**
 * Follows the opcodes of the pickle at the source's cursor, as the unpickler would, without importing or calling
 * anything, and adds what it names to `discoveries`. Leaves the cursor behind the last opcode that was read.
 * @throws what the reader throws
 */
export async function walkPickle(
  source: ArgumentSource,
  discoveries: Discoveries,
  options: WalkOptions,
): Promise<Walk> {
  const walk: Walk = {
    end: 'stopped',
    reason: null,
    protocol: 0,
    offset: source.cursor.position,
    endOffset: source.cursor.position,
    opcodeCount: 0,
    joblibArrays: 0,
  }
  const frame = createFrameWatch(discoveries)
  try {
    await run(source, discoveries, frame, options, walk)
  } catch (error) {
    if (error instanceof Malformed) {
      frame.fail()
      walk.end = 'malformed'
      walk.reason = error.reason
    } else if (error instanceof LimitReached) {
      walk.end = 'limit'
    } else {
      throw error
    }
  }
  walk.endOffset = source.cursor.position
  return walk
}

async function run(
  source: ArgumentSource,
  discoveries: Discoveries,
  frame: FrameWatch,
  options: WalkOptions,
  walk: Walk,
) {
  const { cursor, work } = source
  // joblib's object arrays are pickles inside the stream: their machines stand on this stack.
  const outer: Machine[] = []
  let machine = createMachine(discoveries)
  for (;;) {
    if (cursor.buffered < 9) await cursor.prefetch(9)
    if (cursor.buffered === 0) malformed('it ends too early')
    if (--work.left < 0) throw new LimitReached()
    const start = cursor.position
    const code = cursor.u8()
    const shape = argumentShapes[code]
    if (!shape) malformed(`it holds the byte ${code}, which is no opcode`)
    walk.opcodeCount++
    if (code === 0x2e) {
      top(machine)
      const below = outer.pop()
      if (!below) return
      machine = below
      continue
    }
    frame.begin(start)
    const read = readArgument(source, shape)
    const argument = read instanceof Promise ? await read : read
    frame.finish(cursor.position, code, argument)
    step(machine, code, argument)
    if (code === 0x80 && typeof argument === 'number') walk.protocol = Math.max(walk.protocol, argument)
    if (!machine.pendingArray) continue
    const array = joblibArrayOf(machine.pendingArray)
    machine.pendingArray = null
    if (!options.joblib) continue
    walk.joblibArrays++
    if (array.layout === 'unknown') throw new LimitReached()
    machine.stack[machine.stack.length - 1] = opaque
    if (array.layout === 'bytes') {
      await skipArrayBytes(cursor, array.lengthBytes, array.hasPadding)
    } else {
      if (outer.length >= nestedPicklesLimit) throw new LimitReached()
      outer.push(machine)
      machine = createMachine(discoveries)
    }
  }
}
