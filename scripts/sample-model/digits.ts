/** The ten digits as an 8 by 8 picture each, rows from the top, `#` for ink. */
const glyphs: readonly string[] = [
  '..####.. .##..##. ##....## ##....## ##....## ##....## .##..##. ..####..',
  '...##... ..###... .####... ...##... ...##... ...##... ...##... .######.',
  '.#####.. ##...##. .....##. ....##.. ...##... ..##.... .##..... #######.',
  '.#####.. ##...##. .....##. ..####.. .....##. .....##. ##...##. .#####..',
  '....###. ...####. ..##.##. .##..##. ##...##. ######## .....##. .....##.',
  '#######. ##...... ##...... ######.. .....##. .....##. ##...##. .#####..',
  '..####.. .##..... ##...... ######.. ##...##. ##...##. ##...##. .#####..',
  '#######. .....##. ....##.. ....##.. ...##... ...##... ..##.... ..##....',
  '.#####.. ##...##. ##...##. .#####.. ##...##. ##...##. ##...##. .#####..',
  '.#####.. ##...##. ##...##. ##...##. .######. .....##. ....##.. .####...',
]

export const side = 8

/** Numbers in [0, 1), always the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Sample {
  /** 64 grey values from 0 to 1. */
  pixels: Float64Array
  digit: number
}

/** Draws a digit moved by up to a pixel, in a strength of its own, with noise over it and a few dots lost. */
export function drawDigit(random: () => number): Sample {
  const digit = Math.floor(random() * 10)
  const rows = (glyphs[digit] ?? '').split(' ')
  const right = Math.floor(random() * 3) - 1
  const down = Math.floor(random() * 3) - 1
  const strength = 0.6 + random() * 0.4
  const pixels = new Float64Array(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const ink = rows[y - down]?.[x - right] === '#' && random() > 0.06 ? strength : 0
      pixels[y * side + x] = Math.min(1, Math.max(0, ink + (random() - 0.5) * 0.5))
    }
  }
  return { pixels, digit }
}

export const drawDigits = (count: number, seed: number): Sample[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => drawDigit(random))
}
