import type { ReactNode } from 'react'
import type { Failure } from '../../shared/failure.ts'
import { failureText } from '../../shared/failure-text.ts'
import { WithCode } from './with-code.tsx'
import classes from './failure-alert.module.css'

type FailureAlertProps = {
  failure: Failure
  /** What is safe in this case, where the caller knows better than the code alone. */
  safe?: string | null
  /** Buttons that do what the remedy says. */
  actions?: ReactNode
  /** Side by side on a page, one below the other in a panel or dialog. */
  layout?: 'columns' | 'stack'
  /** Without its own ground and padding, inside something that has both. */
  bare?: boolean
}

/** It may come below what is in view, where a page is long and the window low. */
const bringIntoView = (alert: HTMLElement | null): void => alert?.scrollIntoView({ block: 'nearest' })

/** A failure with its three parts: what happened, what is safe, what to do. */
export function FailureAlert({
  failure,
  safe = null,
  actions,
  layout = 'stack',
  bare = false,
}: FailureAlertProps) {
  const text = failureText(failure)
  return (
    <section
      ref={bringIntoView}
      className={classes.alert}
      data-layout={layout}
      data-bare={bare || undefined}
      role="alert"
      aria-label={text.title}
    >
      <div>
        <h2>What happened</h2>
        <p>
          <b>{text.title}.</b> <WithCode text={text.message} />
        </p>
      </div>
      <div>
        <h2>What is safe</h2>
        <p>
          <WithCode text={safe ?? text.safe} />
        </p>
      </div>
      <div>
        <h2>What to do</h2>
        <p>
          <WithCode text={text.remedy} />
        </p>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </div>
    </section>
  )
}
