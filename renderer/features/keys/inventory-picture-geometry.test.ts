import { describe, expect, it } from 'vitest'
import { describePicture, laneOrder, layOutPicture, type Lane } from './inventory-picture-geometry.ts'

const lane = (state: Lane['state'], bins: number[]): Lane => ({
  state,
  count: bins.reduce((sum, bin) => sum + bin, 0),
  bins,
})

describe('layOutPicture', () => {
  it('gives every state a lane in a fixed order, also one without keys', () => {
    const picture = layOutPicture([lane('active', [3])], 808)
    expect(picture.lanes.map(({ state }) => state)).toEqual(laneOrder)
    expect(picture.lanes.at(-1)?.bars).toEqual([])
  })

  it('makes heights proportional to the root of the count, on one scale for all lanes', () => {
    const picture = layOutPicture([lane('active', [100, 25]), lane('destroyed', [0, 9])], 808)
    const [hundred, twentyFive] = picture.lanes[0]?.bars ?? []
    const nine = picture.lanes.at(-1)?.bars[0]
    expect((hundred?.height ?? 0) / (twentyFive?.height ?? 1)).toBeCloseTo(2)
    expect((hundred?.height ?? 0) / (nine?.height ?? 1)).toBeCloseTo(10 / 3)
  })

  it('keeps every bar below the lane above', () => {
    const crowded = laneOrder.map((state) =>
      lane(
        state,
        Array.from({ length: 30 }, (_, bin) => bin * bin * 50),
      ),
    )
    const { lanes } = layOutPicture(crowded, 808)
    lanes.forEach(({ baseline, bars }, index) => {
      const above = index === 0 ? baseline - 30 : (lanes[index - 1]?.baseline ?? 0)
      for (const bar of bars) expect(bar.y).toBeGreaterThanOrEqual(above)
    })
  })

  it('puts the dashed rule where the first overdue bar begins', () => {
    const bins = Array.from({ length: 22 }, (_, bin) => (bin >= 19 ? 1 : 0))
    const picture = layOutPicture([lane('active', bins)], 808)
    const rule = picture.ticks.find(({ percent }) => percent === 100)
    const [before, ...after] = picture.lanes[0]?.bars ?? []
    expect(before?.overdue).toBe(false)
    expect(after.map(({ overdue }) => overdue)).toEqual([true, true])
    expect(after[0]?.x).toBe((rule?.x ?? 0) + 1)
  })

  it('folds what is far beyond the period into the last bin, losing no key', () => {
    const bins = Array.from({ length: 60 }, () => 1)
    const bars = layOutPicture([lane('destroyed', bins)], 808).lanes.at(-1)?.bars ?? []
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(60)
    expect(bars.at(-1)?.count).toBe(35)
  })

  it('never draws beyond its width at any window size', () => {
    for (const width of [360, 808, 1224]) {
      const { lanes, plotRight } = layOutPicture(
        [
          lane(
            'active',
            Array.from({ length: 26 }, () => 7),
          ),
        ],
        width,
      )
      for (const bar of lanes[0]?.bars ?? []) expect(bar.x + bar.width).toBeLessThanOrEqual(plotRight)
    }
  })
})

describe('describePicture', () => {
  it('names counts by state and how many are past their period', () => {
    const bins = Array.from({ length: 21 }, (_, bin) => (bin === 20 ? 2 : 0))
    expect(describePicture([lane('active', bins), lane('destroyed', [1])])).toBe(
      'Keys by state and share of their crypto-period used: 2 active, 1 destroyed. 2 past the crypto-period.',
    )
  })
  it('says so when there is none', () => {
    expect(describePicture([])).toBe('No keys yet.')
  })
})
