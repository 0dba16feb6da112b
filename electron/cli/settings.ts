/** What may be set of the program: key policy and looks. What the window remembers by itself is its own. */
import { fail } from '../../shared/failure.ts'
import { Settings } from '../../shared/settings.ts'
import { ask, tell } from './calls.ts'
import type { Command } from './command.ts'
import { facts } from './table.ts'

/** As they are typed, and as the contract calls them. */
const settingNames = {
  'crypto-period-days': 'cryptoPeriodDays',
  'default-algorithm': 'defaultAlgorithm',
  'waiting-period-days': 'waitingPeriodDays',
  'automatic-rotation': 'automaticRotation',
  appearance: 'appearance',
  density: 'density',
} as const satisfies Record<string, keyof Settings>
type Value = string | number | boolean
type SettingName = keyof typeof settingNames

const allNames = Object.keys(settingNames).join(', ')
const isName = (typed: string): typed is SettingName => Object.hasOwn(settingNames, typed)

/** @throws usage/invalid for a name that there is not */
const nameOf = (typed: string): SettingName =>
  isName(typed)
    ? typed
    : fail({ code: 'usage/invalid', detail: `the settings are ${allNames}, not ${JSON.stringify(typed)}` })

/** By name, as typed. */
const offered = (settings: Settings): Record<string, Value> =>
  Object.fromEntries(Object.entries(settingNames).map(([name, key]) => [name, settings[key]]))

const linesOf = (values: Record<string, Value>): string[] =>
  facts(Object.entries(values).map(([name, value]) => [name, String(value)] as const))

const settingsList: Command = {
  words: 'settings list',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'list the settings and their values',
  options: {},
  run: async (_, context) => {
    const { settings } = await ask(context, 'program:status', {})
    const values = offered(settings)
    return { value: { settings: values }, lines: linesOf(values) }
  },
}

const settingsGet: Command = {
  words: 'settings get',
  operands: 'NAME',
  operandCount: { min: 1, max: 1 },
  summary: 'print the value of a setting',
  options: {},
  run: async (input, context) => {
    const name = nameOf(input.operands[0] ?? '')
    const { settings } = await ask(context, 'program:status', {})
    const value = settings[settingNames[name]]
    return { value: { name, value }, lines: [String(value)] }
  },
}

/** What there is to choose from. */
const choicesOf = (key: keyof Settings): string => {
  const shape = Settings.shape[key]
  if ('options' in shape) return `one of ${shape.options.join(', ')}`
  if (shape.safeParse(true).success) return 'on or off'
  return `a whole number of days, ${'minValue' in shape ? `${shape.minValue} to ${shape.maxValue}` : ''}`
}

const switches: Record<string, boolean> = { on: true, true: true, off: false, false: false }

/** What was typed as the setting wants it: a number, a word, or on or off.
 * @throws usage/invalid, naming what there is to choose from */
function parsed(name: SettingName, typed: string): Partial<Settings> {
  const key = settingNames[name]
  const shape = Settings.shape[key]
  for (const value of [typed, Number(typed), switches[typed]])
    if (value !== undefined && shape.safeParse(value).success)
      return Settings.partial().parse({ [key]: value })
  return fail({ code: 'usage/invalid', detail: `${name} is ${choicesOf(key)}, not ${JSON.stringify(typed)}` })
}

const settingsSet: Command = {
  words: 'settings set',
  operands: 'NAME VALUE',
  operandCount: { min: 2, max: 2 },
  summary: 'change a setting; a change of key policy stands in the audit log',
  details: [`NAME is one of ${allNames}.`],
  options: {},
  run: async (input, context) => {
    const [typed = '', value = ''] = input.operands
    const name = nameOf(typed)
    const values = offered(await tell(context, 'program:set', parsed(name, value)))
    return { value: { settings: values }, lines: linesOf({ [name]: values[name] ?? '' }) }
  },
}

export const settingsCommands: readonly Command[] = [settingsList, settingsGet, settingsSet]
