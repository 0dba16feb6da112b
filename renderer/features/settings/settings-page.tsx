export function SettingsPage(_: { section: string | undefined; item: string | undefined }) {
  return null
}
