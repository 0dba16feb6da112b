/** The fields of a store's settings as flags of the command line. */
import type { SettingField } from '../../shared/domain/store.ts'
import { checkOperands, everyCommandsOptions, parseOptions } from './arguments.ts'
import type { Command, Context, Input, OptionHelp } from './command.ts'

/** A secret's flag names where it is read from: a file descriptor, or `-` for a prompt. */
export const flagOf = ({ name, kind }: SettingField): string =>
  `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${kind === 'secret' ? '-fd' : ''}`

const valueNames = {
  folder: 'DIR',
  file: 'FILE',
  secret: 'N',
  text: 'VALUE',
  address: 'URL',
  choice: 'VALUE',
} as const

const onOrOff = ['on', 'off']

/** With which choices a switch is on though it was not given: `on with --preset minio, other`. */
function beginsOn({ begins }: SettingField): string {
  const on = Object.entries(begins?.values ?? {}).flatMap(([choice, value]) =>
    value === true ? [choice] : [],
  )
  return on.length === 0 ? '' : ` On anyhow with --${begins?.field ?? ''} ${on.join(', ')}.`
}

function flagHelp(field: SettingField, canTurnOff: boolean): OptionHelp {
  if (field.kind === 'switch')
    return canTurnOff
      ? { help: field.help, value: 'on|off', choices: onOrOff }
      : { help: `${field.help}${beginsOn(field)}` }
  const choices = field.choices?.map(({ value }) => value)
  return {
    help: field.help,
    value: choices?.join('|') ?? valueNames[field.kind],
    ...(choices ? { choices } : {}),
  }
}

type FieldOptions = {
  /** Of a store that is there: a switch may stand the other way. */
  canTurnOff?: boolean
  withFixed?: boolean
  /** In a help: which must be given, and with what. */
  saysNeeded?: boolean
}

/** `Needed.`, `Needed with --credentials typed.` */
function neededWords({ required, onlyFor }: SettingField): string {
  const choice = onlyFor === undefined ? '' : ` with --${onlyFor.field} ${onlyFor.values.join('|')}`
  if (required) return ` Needed${choice}.`
  return choice === '' ? '' : ` Only${choice}.`
}

export const fieldOptions = (
  fields: readonly SettingField[],
  { canTurnOff = false, withFixed = !canTurnOff, saysNeeded = false }: FieldOptions = {},
): Record<string, OptionHelp> =>
  Object.fromEntries(
    fields
      .filter(({ fixed }) => withFixed || fixed === undefined)
      .map((field) => {
        const option = flagHelp(field, canTurnOff)
        return [flagOf(field), saysNeeded ? { ...option, help: option.help + neededWords(field) } : option]
      }),
  )

/** @throws usage/invalid, naming what is wrong and what was perhaps meant, or what there is */
export function parseFields(
  command: Command,
  ownOptions: Readonly<Record<string, OptionHelp>>,
  input: Input,
  { needs = [] }: { needs?: readonly string[] } = {},
): { values: Record<string, unknown>; operands: string[] } {
  const options = { ...ownOptions, ...everyCommandsOptions }
  const { values, operands } = parseOptions(input.raw, options, { namesAll: true })
  const text = (option: string) => {
    const value = values[option]
    return typeof value === 'string' ? value : undefined
  }
  checkOperands({ ...command, options, needs }, { ...input, operands, text })
  return { values, operands }
}

type FieldsGiven = {
  settings: Record<string, string | boolean>
  paths: Record<string, { path: string } | null>
  secrets: Record<string, string>
}

/** What was given for them, secrets read from where their flags say.
 * @throws usage/invalid */
export async function fieldsGiven(
  fields: readonly SettingField[],
  values: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<FieldsGiven> {
  const given: FieldsGiven = { settings: {}, paths: {}, secrets: {} }
  for (const field of fields) {
    const { name, kind, label } = field
    const value = values[flagOf(field)]
    if (typeof value === 'boolean') given.settings[name] = value
    if (typeof value !== 'string') continue
    if (kind === 'switch') given.settings[name] = value === 'on'
    else if (kind === 'folder' || kind === 'file')
      given.paths[name] = value === '' ? null : { path: context.path(value) }
    else if (kind === 'secret')
      given.secrets[name] = await context.readSecret(label, value === '-' ? undefined : value)
    else given.settings[name] = value
  }
  return given
}
