import { Appearance } from './appearance.tsx'
import { Diagnostics } from './diagnostics.tsx'
import { KeyPolicy } from './key-policy.tsx'

/** What can be set, one section at a time; the stores are a feature of their own.
 * @param section from the address */
export function SettingsPage({ section }: { section: string }) {
  if (section === 'appearance') return <Appearance />
  if (section === 'diagnostics') return <Diagnostics />
  return <KeyPolicy />
}
