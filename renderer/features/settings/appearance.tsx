import { Segmented } from '../../components/options.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { useStatus } from '../../lib/use-status.ts'
import { useSaveSetting } from './use-save-setting.ts'
import classes from './settings.module.css'

/** Light or dark, and how tight lists are. */
export function Appearance() {
  const { settings } = useStatus()
  const { save } = useSaveSetting()
  return (
    <SettingsFrame section="appearance">
      <h2>Appearance</h2>
      <p className={classes.lead}>Motion follows the system’s own setting.</p>
      <div className={classes.field}>
        <p className={classes.label}>Theme</p>
        <Segmented
          label="Theme"
          value={settings.appearance}
          onChange={(appearance) => save({ appearance })}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </div>
      <div className={classes.field}>
        <p className={classes.label}>Rows of lists</p>
        <Segmented
          label="Rows of lists"
          value={settings.density}
          onChange={(density) => save({ density })}
          options={[
            { value: 'normal', label: 'Normal' },
            { value: 'compact', label: 'Compact' },
          ]}
        />
      </div>
    </SettingsFrame>
  )
}
