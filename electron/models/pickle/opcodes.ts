/**
 * Every opcode of pickle protocols 0 to 5 and the shape of its argument.
 * @see CPython, Lib/pickletools.py, "opcodes"
 */
export type ArgumentShape =
  | 'none'
  | 'u8'
  | 'u16'
  | 'i32'
  | 'u32'
  | 'eight-bytes'
  | 'frame'
  | 'line-number'
  | 'line-index'
  | 'line-ignored'
  | 'line-string'
  | 'line-unicode'
  | 'line-pair'
  | 'text1'
  | 'text4'
  | 'text8'
  | 'latin1'
  | 'latin4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8'
  | 'long1'
  | 'long4'

const shapes: Record<ArgumentShape, string> = {
  none: '(.012NRabdelostu]})Q\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98',
  u8: 'Khq\x80\x82',
  u16: 'M\x83',
  i32: 'J\x84',
  u32: 'jr',
  'eight-bytes': 'G',
  frame: '\x95',
  'line-number': 'IL',
  'line-index': 'gp',
  'line-ignored': 'FP',
  'line-string': 'S',
  'line-unicode': 'V',
  'line-pair': 'ci',
  text1: '\x8c',
  text4: 'X',
  text8: '\x8d',
  latin1: 'U',
  latin4: 'T',
  bytes1: 'C',
  bytes4: 'B',
  bytes8: '\x8e\x96',
  long1: '\x8a',
  long4: '\x8b',
}

/** The shape of each opcode's argument by its byte; undefined where the byte is no opcode. */
export const argumentShapes: readonly (ArgumentShape | undefined)[] = (() => {
  const table: (ArgumentShape | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const [shape, codes] of Object.entries(shapes)) {
    for (const code of codes) table[code.charCodeAt(0)] = shape as ArgumentShape
  }
  return table
})()
