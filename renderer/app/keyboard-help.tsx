import { Dialog } from '../components/dialog.tsx'
import { keyLabel } from '../lib/shortcuts.ts'
import classes from './keyboard-help.module.css'

const groups: { title: string; keys: [keys: string[], does: string][] }[] = [
  {
    title: 'Anywhere',
    keys: [
      [['mod+k'], 'Go to or do anything'],
      [['/'], 'Search this screen'],
      [['?'], 'This list'],
      [['Esc'], 'Close, clear, step back'],
      [['mod+v'], 'Encrypt pasted files'],
      [['g'], 'then a, k, t, l or s: go to a screen'],
    ],
  },
  {
    title: 'In a list',
    keys: [
      [['↑', '↓'], 'Move'],
      [['Home', 'End'], 'First and last'],
      [['PgUp', 'PgDn'], 'A page up, a page down'],
      [['Enter'], 'Open'],
      [['Space'], 'Details'],
      [['Shift ↑ ↓'], 'Select a range'],
      [['mod+Space'], 'Add to the selection'],
      [['mod+a'], 'Select all that match'],
      [['Del'], 'Destroy the key…'],
      [['Shift F10'], 'All actions'],
      [['a … z'], 'Find by name'],
    ],
  },
]

/** What `?` shows. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" widthPx={720} onClose={onClose}>
      <div className={classes.columns}>
        {groups.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([combinations, does]) => (
                <div key={does}>
                  <dt>
                    {combinations.map((combination) => (
                      <kbd key={combination}>{keyLabel(combination)}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
