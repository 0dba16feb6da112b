import type { InventoryState } from '../../../shared/domain/key.ts'

/** A lane as `keys:picture` gives it: bins are twentieths of the crypto-period, the last one open-ended. */
export type Lane = { state: InventoryState; count: number; bins: number[] }

export type Bar = { x: number; y: number; width: number; height: number; count: number; overdue: boolean }
export type LaneShape = { state: InventoryState; count: number; baseline: number; bars: Bar[] }
export type AxisTick = { percent: number; x: number }
export type Picture = {
  width: number
  height: number
  plotLeft: number
  plotRight: number
  plotTop: number
  lanes: LaneShape[]
  ticks: AxisTick[]
}

/** From most to least alive; the picture keeps this order, so that a state is always found in its place. */
export const laneOrder: readonly InventoryState[] = [
  'active',
  'suspended',
  'scheduled',
  'compromised',
  'deactivated',
  'pre-activation',
  'destroyed',
]

const percentOfBin = 5
const binsShown = 26
const plotLeft = 196
const plotRightMargin = 16
const axisHeight = 20
const tallLaneHeight = 30
const laneHeight = 15
const roomAboveBar = 2
const tallestSingle = 5

const areaScale = (lanes: Lane[]): number => {
  let scale = tallestSingle
  for (const lane of lanes) {
    const room = (lane.state === 'active' ? tallLaneHeight : laneHeight) - roomAboveBar
    const most = Math.max(0, ...lane.bins)
    if (most > 0) scale = Math.min(scale, room / Math.sqrt(most))
  }
  return scale
}

/** Folds any number of bins into the 26 that the picture shows (130 %); what lies beyond joins the last one. */
function foldBins(bins: number[]): number[] {
  const shown = bins.slice(0, binsShown)
  for (const count of bins.slice(binsShown)) shown[binsShown - 1] = (shown[binsShown - 1] ?? 0) + count
  return shown
}

/**
 * Where everything of the inventory's picture lies: a lane per state, x the share of the crypto-period used, bar
 * heights by √count on one scale over all lanes.
 * @param width of the picture in px
 * @see look.md, "Picture of the inventory"
 */
export function layOutPicture(lanes: Lane[], width: number): Picture {
  const folded = laneOrder.map((state) => {
    const lane = lanes.find((candidate) => candidate.state === state)
    return { state, count: lane?.count ?? 0, bins: foldBins(lane?.bins ?? []) }
  })
  const plotRight = Math.max(plotLeft + binsShown * 4, width - plotRightMargin)
  const xOf = (percent: number) => plotLeft + ((plotRight - plotLeft) * percent) / (binsShown * percentOfBin)
  const scale = areaScale(folded)
  const shapes = folded.map(({ state, count, bins }, index): LaneShape => {
    const baseline = axisHeight + tallLaneHeight + index * laneHeight
    const bars = bins.flatMap((binCount, bin): Bar[] => {
      if (binCount === 0) return []
      const left = Math.round(xOf(bin * percentOfBin)) + 1
      const right = Math.round(xOf((bin + 1) * percentOfBin)) - 1
      const height = Math.max(2, scale * Math.sqrt(binCount))
      const overdue = state === 'active' && bin * percentOfBin >= 100
      return [{ x: left, y: baseline - height, width: right - left, height, count: binCount, overdue }]
    })
    return { state, count, baseline, bars }
  })
  return {
    width,
    height: axisHeight + tallLaneHeight + (laneOrder.length - 1) * laneHeight + 1,
    plotLeft,
    plotRight,
    plotTop: axisHeight - 3,
    lanes: shapes,
    ticks: [0, 25, 50, 75, 100, 125].map((percent) => ({ percent, x: Math.round(xOf(percent)) })),
  }
}

const words: Record<InventoryState, string> = {
  active: 'active',
  suspended: 'suspended',
  scheduled: 'scheduled for destruction',
  compromised: 'compromised',
  deactivated: 'deactivated',
  'pre-activation': 'pre-activation',
  destroyed: 'destroyed',
}

/** What the picture says to who cannot see it. */
export function describePicture(lanes: Lane[]): string {
  const parts = laneOrder.flatMap((state) => {
    const lane = lanes.find((candidate) => candidate.state === state)
    return lane && lane.count > 0 ? [`${lane.count} ${words[state]}`] : []
  })
  const active = lanes.find((lane) => lane.state === 'active')
  const overdue = active?.bins.slice(20).reduce((sum, count) => sum + count, 0) ?? 0
  if (parts.length === 0) return 'No keys yet.'
  const due = overdue === 0 ? 'None is past its crypto-period.' : `${overdue} past the crypto-period.`
  return `Keys by state and share of their crypto-period used: ${parts.join(', ')}. ${due}`
}
