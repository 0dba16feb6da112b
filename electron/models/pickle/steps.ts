import { malformed } from '../bounds.ts'
import {
  build,
  call,
  emptyDict,
  importGlobal,
  mark,
  pop,
  popOrMark,
  popToMark,
  push,
  replaceTop,
  setItem,
  top,
  tupleOf,
  type Machine,
} from './machine.ts'
import { isTuple, opaque, type Value } from './values.ts'

type Step = (machine: Machine, argument: Value) => void

const pushArgument: Step = (machine, argument) => push(machine, argument)
const pushOpaque: Step = (machine) => push(machine, opaque)
const nothing: Step = () => undefined

const indexOf = (argument: Value): number =>
  typeof argument === 'number' && Number.isSafeInteger(argument) && argument >= 0
    ? argument
    : malformed('it uses an impossible memo index')

const put: Step = (machine, argument) => machine.memo.put(indexOf(argument), top(machine))

const get: Step = (machine, argument) => {
  const value = machine.memo.get(indexOf(argument))
  if (value === undefined) malformed('it reads something from its memo that it never put there')
  push(machine, value)
}

const tuple =
  (length: number): Step =>
  (machine) => {
    const items: Value[] = []
    for (let taken = 0; taken < length; taken++) items.unshift(pop(machine))
    push(machine, tupleOf(machine, items))
  }

function setItems(machine: Machine, target: Value, items: readonly Value[]) {
  if (items.length % 2 !== 0) malformed('it gives a dictionary a key without a value')
  for (let at = 0; at < items.length; at += 2) {
    setItem(machine, target, items[at] ?? null, items[at + 1] ?? null)
  }
}

const appendAll: Step = (machine) => {
  popToMark(machine)
  top(machine)
}

const extension: Step = (machine) => {
  machine.discoveries.hidden++
  push(machine, opaque)
}

function importPair(machine: Machine, argument: Value): Value {
  const [module = null, name = null] = isTuple(argument) ? argument.items : []
  return importGlobal(machine, module, name)
}

/** What each opcode does to the machine, by the name of its character. STOP is the walk's own business. */
const steps: Record<string, Step> = {
  '(': mark,
  '0': popOrMark,
  '1': (machine) => void popToMark(machine),
  '2': (machine) => push(machine, top(machine)),
  F: pushOpaque,
  I: pushArgument,
  J: pushArgument,
  K: pushArgument,
  L: pushArgument,
  M: pushArgument,
  N: (machine) => push(machine, null),
  P: pushOpaque,
  Q: (machine) => {
    pop(machine)
    push(machine, opaque)
  },
  R: (machine) => {
    const args = pop(machine)
    push(machine, call(machine, pop(machine), args))
  },
  S: pushArgument,
  T: pushArgument,
  U: pushArgument,
  V: pushArgument,
  X: pushArgument,
  a: (machine) => {
    pop(machine)
    top(machine)
  },
  b: build,
  c: (machine, argument) => push(machine, importPair(machine, argument)),
  d: (machine) => {
    const items = popToMark(machine)
    const dict = emptyDict(machine)
    setItems(machine, dict, items)
    push(machine, dict)
  },
  e: appendAll,
  g: get,
  h: get,
  i: (machine, argument) => {
    // Python's own unpickler imports before it looks for the mark.
    const callee = importPair(machine, argument)
    push(machine, call(machine, callee, tupleOf(machine, popToMark(machine))))
  },
  j: get,
  l: (machine) => {
    popToMark(machine)
    push(machine, opaque)
  },
  o: (machine) => {
    const [callee, ...args] = popToMark(machine)
    if (callee === undefined) malformed('it takes from an empty stack')
    push(machine, call(machine, callee, tupleOf(machine, args)))
  },
  p: put,
  q: put,
  r: put,
  s: (machine) => {
    const value = pop(machine)
    const key = pop(machine)
    setItem(machine, top(machine), key, value)
  },
  t: (machine) => push(machine, tupleOf(machine, popToMark(machine))),
  u: (machine) => {
    const items = popToMark(machine)
    setItems(machine, top(machine), items)
  },
  '}': (machine) => push(machine, emptyDict(machine)),
  ']': pushOpaque,
  ')': (machine) => push(machine, tupleOf(machine, [])),
  G: pushOpaque,
  B: pushOpaque,
  C: pushOpaque,
  '\x80': (_machine, argument) => {
    if (typeof argument === 'number' && argument > 5) malformed(`it is written in protocol ${argument}`)
  },
  '\x81': (machine) => {
    const args = pop(machine)
    push(machine, call(machine, pop(machine), args))
  },
  '\x82': extension,
  '\x83': extension,
  '\x84': extension,
  '\x85': tuple(1),
  '\x86': tuple(2),
  '\x87': tuple(3),
  '\x88': (machine) => push(machine, true),
  '\x89': (machine) => push(machine, false),
  '\x8a': pushOpaque,
  '\x8b': pushOpaque,
  '\x8c': pushArgument,
  '\x8d': pushArgument,
  '\x8e': pushOpaque,
  '\x8f': pushOpaque,
  '\x90': appendAll,
  '\x91': (machine) => {
    popToMark(machine)
    push(machine, opaque)
  },
  '\x92': (machine) => {
    pop(machine)
    const args = pop(machine)
    push(machine, call(machine, pop(machine), args))
  },
  '\x93': (machine) => {
    const name = pop(machine)
    push(machine, importGlobal(machine, pop(machine), name))
  },
  '\x94': (machine) => machine.memo.put(machine.memo.size, top(machine)),
  '\x95': nothing,
  '\x96': pushOpaque,
  '\x97': pushOpaque,
  '\x98': (machine) => replaceTop(machine, top(machine)),
}

const byCode: readonly (Step | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => steps[String.fromCharCode(code)],
)

/** Carries out one opcode. @throws Malformed where the real unpickler would fail, too */
export function step(machine: Machine, code: number, argument: Value): void {
  const found = byCode[code]
  if (!found) malformed(`it holds the byte ${code}, which is no opcode`)
  found(machine, argument)
}
