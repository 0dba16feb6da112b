import { describe, expect, it } from 'vitest'
import { cutToWidth, displayWidth, facts, table } from './table.ts'

describe('columns', () => {
  it.each([
    ['model', 5],
    ['モデル', 6],
    ['été', 3],
    ['e\u0301te', 3],
    ['👩‍👩‍👧', 2],
    ['✓', 1],
  ])('%s takes %i', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('are aligned, whatever the names are made of', () => {
    expect(
      table(
        [{ title: 'Name' }, { title: 'Size', align: 'right' }],
        [
          ['モデル', '1 B'],
          ['a', '1,000 B'],
        ],
      ),
    ).toEqual(['Name       Size', 'モデル      1 B', 'a       1,000 B'])
  })

  it('never let a name break a line or hide another', () => {
    const [, row] = table([{ title: 'Name' }], [['a\n\u202eb\u001b[2J']])
    expect(row).toBe('a\\n\\u202eb\\u001b[2J')
    expect(facts([['Name', 'a\nb']])).toEqual(['Name  a\\nb'])
  })

  it('are cut to the width of the terminal', () => {
    expect(cutToWidth('モデルモデル', 8)).toBe('モデル…')
    expect(cutToWidth('short', 8)).toBe('short')
  })
})
