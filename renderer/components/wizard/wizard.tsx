import { IconCheck } from '@tabler/icons-react'
import { useEffect, useId, useRef } from 'react'
import type { ReactNode } from 'react'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { Button } from '../button.tsx'
import { Crumbs, type Crumb } from '../crumbs.tsx'
import classes from './wizard.module.css'

export type WizardStep = {
  name: string
  /** What was chosen or found there, beneath its name. */
  choice?: string
  /** Passed, with something left to do in it: it gets no tick. */
  isUnfinished?: boolean
}

type WizardProps = {
  crumbs: Crumb[]
  steps: WizardStep[]
  /** Index of the step that is open; all steps stand behind it once everything is done. */
  current: number
  /** A sentence, with counts where there are any. */
  heading: string
  lead?: ReactNode
  children: ReactNode
  /** *What this affects*: stands at the right through every step. */
  affects: ReactNode
  /** Absent on the first step and once there is no way back. */
  onBack?: (() => void) | undefined
  /** One line beside the verb that says what keeps this safe. */
  reassurance?: ReactNode
  /** The verb with its count; at most one button. */
  action?: ReactNode
  /** What Close is called: *Close* leaves a running job to itself. */
  onClose: () => void
}

/**
 * A guided page in place of the rail: steps at the left, content, *What this affects* at the right, the footer
 * beneath. It draws, and moves the focus to the heading of each step or to what it marks `data-autofocus`; where it stands is its feature's union (examples.md, 5).
 * @see look.md, "Wizard"
 */
export function Wizard({
  crumbs,
  steps,
  current,
  heading,
  lead,
  children,
  affects,
  onBack,
  reassurance,
  action,
  onClose,
}: WizardProps) {
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  const scroller = useRef<HTMLElement>(null)
  useEffect(() => {
    scroller.current?.scrollTo?.(0, 0)
    const wanted = scroller.current?.querySelector<HTMLElement>('[data-autofocus]') ?? title.current
    wanted?.focus({ preventScroll: true })
  }, [current])
  const closeUnlessCovered = (): void => {
    if (document.querySelector('[role="dialog"],[role="menu"]') === null) onClose()
  }
  useShortcuts([{ keys: 'Escape', does: 'Close this page', run: closeUnlessCovered, whileTyping: true }])
  return (
    <div className={classes.wizard}>
      <header className={classes.header}>
        <Crumbs crumbs={crumbs} isHeading={false} />
        <Button kind="ghost" className={classes.close} onClick={onClose}>
          Close <kbd aria-hidden>Esc</kbd>
        </Button>
      </header>
      <nav aria-label="Steps" className={classes.steps}>
        <ol>
          {steps.map((step, index) => (
            <Step key={step.name} step={step} state={stateOf(index, current, step)} />
          ))}
        </ol>
      </nav>
      <section className={classes.content} ref={scroller} aria-labelledby={titleId}>
        <div className={classes.body}>
          <h1 ref={title} id={titleId} tabIndex={-1}>
            {heading}
          </h1>
          {lead === undefined ? null : <p className={classes.lead}>{lead}</p>}
          {children}
        </div>
      </section>
      <aside className={classes.affects} aria-label="What this affects">
        <h2>What this affects</h2>
        {affects}
      </aside>
      <footer className={classes.footer}>
        {onBack ? <Button onClick={onBack}>Back</Button> : null}
        <span className={classes.reassurance}>{reassurance}</span>
        {action}
      </footer>
    </div>
  )
}

type StepState = 'done' | 'current' | 'ahead'
const stateOf = (index: number, current: number, { isUnfinished }: WizardStep): StepState => {
  if (index === current) return 'current'
  return index < current && isUnfinished !== true ? 'done' : 'ahead'
}

function Step({ step, state }: { step: WizardStep; state: StepState }) {
  return (
    <li className={classes.step} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
      {state === 'done' ? (
        <IconCheck size={12} stroke={2.4} aria-hidden />
      ) : (
        <span className={classes.dot} aria-hidden />
      )}
      <span className={classes.name}>
        {step.name}
        {state === 'done' ? <span className="visually-hidden">, done</span> : null}
      </span>
      {step.choice === undefined ? null : (
        <span className={classes.choice} title={step.choice}>
          {step.choice}
        </span>
      )}
    </li>
  )
}
