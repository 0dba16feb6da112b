/** Settings as the catalog itself needs them. */
import { defaultSettings, Settings } from '../../shared/settings.ts'
import type { Context } from './context.ts'

const settingsName = 'settings'

/** What was set over the defaults; a value that no longer parses falls back alone. */
export function readSettings(context: Context): Settings {
  const stored = readValue(context, settingsName)
  const settings: Record<string, unknown> = { ...defaultSettings }
  if (typeof stored === 'object' && stored !== null)
    for (const [name, value] of Object.entries(stored)) {
      const parsed = Settings.partial().safeParse({ [name]: value })
      if (parsed.success) Object.assign(settings, parsed.data)
    }
  return Settings.parse(settings)
}

export const writeSettings = (context: Context, settings: Settings): void =>
  writeValue(context, settingsName, settings)

export function readValue(context: Context, name: string): unknown {
  const row = context.get<{ value: string }>('SELECT value FROM settings WHERE name = $name', { name })
  return row ? JSON.parse(row.value) : null
}

export function writeValue(context: Context, name: string, value: unknown): void {
  context.run(
    'INSERT INTO settings (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = $value',
    { name, value: JSON.stringify(value) },
  )
}

const dayMs = 86_400_000

/** How long a key may stay active, by today's policy. */
export const cryptoPeriodMs = (context: Context): number => readSettings(context).cryptoPeriodDays * dayMs
