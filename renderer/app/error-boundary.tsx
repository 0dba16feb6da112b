import { Component } from 'react'
import type { ReactNode } from 'react'
import classes from './error-boundary.module.css'

type State = { hasFailed: boolean }

/** What stands in place of a screen whose code broke. React offers this as a class only. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { hasFailed: false }

  static getDerivedStateFromError(): State {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <main className={classes.page} role="alert">
        <h1>This window stopped drawing</h1>
        <div className={classes.parts}>
          <div>
            <h3>What happened</h3>
            <p>A fault in the window’s own code. It is a bug in Weightlock, not in your files.</p>
          </div>
          <div>
            <h3>What is safe</h3>
            <p>
              Everything. Jobs, keys and stored files live in another process, which goes on working without
              this window.
            </p>
          </div>
          <div>
            <h3>What to do</h3>
            <p>Load the window again. If it stops at the same place, run the diagnostics in Settings.</p>
            <button type="button" className={classes.button} onClick={() => window.location.reload()}>
              Load again
            </button>
          </div>
        </div>
      </main>
    )
  }
}
