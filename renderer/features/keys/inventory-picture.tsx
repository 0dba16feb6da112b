import { useElementSize } from '@mantine/hooks'
import { useMemo } from 'react'
import { KeyStateShape, keyStateWord } from '../../components/key-state-badge.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { describePicture, layOutPicture, type Lane, type Picture } from './inventory-picture-geometry.ts'
import classes from './inventory-picture.module.css'

const widthBeforeMeasured = 808
const countRight = 176

/** The inventory by state and by the share of its crypto-period that each key has used. */
export function InventoryPicture({ lanes }: { lanes: Lane[] }) {
  const { ref, width } = useElementSize()
  const picture = useMemo(
    () => layOutPicture(lanes, width > 0 ? Math.floor(width) : widthBeforeMeasured),
    [lanes, width],
  )
  const format = useFormat()
  return (
    <div className={classes.frame}>
      <div ref={ref}>
        <svg
          className={classes.picture}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
          height={picture.height}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing of our own
          role="img"
          aria-label={describePicture(lanes)}
        >
          <Axis picture={picture} />
          {picture.lanes.map((lane) => (
            <g key={lane.state}>
              <svg x="0" y={lane.baseline - 12} width="12" height="12" overflow="visible">
                <KeyStateShape state={lane.state} />
              </svg>
              <text x="20" y={lane.baseline - 2} className={classes.name}>
                {keyStateWord[lane.state]}
              </text>
              <text
                x={countRight}
                y={lane.baseline - 2}
                textAnchor="end"
                className={lane.count === 0 ? `${classes.count} ${classes.none}` : classes.count}
              >
                {format.count(lane.count)}
              </text>
              <line
                x1={picture.plotLeft}
                x2={picture.plotRight}
                y1={lane.baseline + 0.5}
                y2={lane.baseline + 0.5}
                className={classes.rule}
              />
              {lane.bars.map((bar) => (
                <rect
                  key={bar.x}
                  x={bar.x}
                  y={bar.y}
                  width={bar.width}
                  height={bar.height}
                  className={classes.bar}
                  data-overdue={bar.overdue}
                />
              ))}
            </g>
          ))}
          <DueRule picture={picture} />
        </svg>
      </div>
    </div>
  )
}

function Axis({ picture }: { picture: Picture }) {
  const last = picture.lanes.at(-1)?.baseline ?? picture.height
  return (
    <>
      <text x={countRight} y="11" textAnchor="end" className={classes.axis}>
        Crypto-period used
      </text>
      {picture.ticks.map(({ percent, x }) => (
        <g key={percent}>
          {percent === 100 ? null : (
            <line
              x1={x}
              x2={x}
              y1={picture.plotTop}
              y2={last}
              className={classes.rule}
              shapeRendering="crispEdges"
            />
          )}
          <text
            x={x}
            y="11"
            textAnchor={percent === 0 ? 'start' : 'middle'}
            className={percent === 100 ? `${classes.axis} ${classes.due}` : classes.axis}
          >
            {percent === 100 ? '100 % · rotation due' : `${percent} %`}
          </text>
        </g>
      ))}
    </>
  )
}

function DueRule({ picture }: { picture: Picture }) {
  const due = picture.ticks.find(({ percent }) => percent === 100)
  const last = picture.lanes.at(-1)?.baseline ?? picture.height
  return due ? (
    <line
      x1={due.x}
      x2={due.x}
      y1={picture.plotTop}
      y2={last}
      className={classes.dueRule}
      shapeRendering="crispEdges"
    />
  ) : null
}
