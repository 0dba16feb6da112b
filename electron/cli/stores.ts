import type { SettingField, StoreInfo } from '../../shared/domain/store.ts'
import { fail } from '../../shared/failure.ts'
import { formatBytes, formatCount, formatMilliseconds } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { checkOperands, everyCommandsOptions, parseOptions } from './arguments.ts'
import { ask, tell } from './calls.ts'
import type { Command, OptionHelp } from './command.ts'
import { findStore } from './find.ts'
import { table } from './table.ts'

const storeTable = (stores: readonly StoreInfo[], locale: string | undefined): string[] =>
  table(
    [
      { title: 'Store' },
      { title: 'Kind' },
      { title: 'Artifacts', align: 'right' },
      { title: 'Size', align: 'right' },
      { title: 'Location' },
      { title: '' },
    ],
    stores.map((store) => [
      store.name,
      store.kind,
      formatCount(store.artifacts, locale),
      formatBytes(store.ciphertextBytes, locale),
      store.location,
      [store.isDefault ? 'default' : '', store.exists ? '' : 'made at first use'].filter(Boolean).join(', '),
    ]),
  )

const storesList: Command = {
  words: 'stores list',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'list the stores',
  options: {},
  run: async (_, context) => {
    const { stores } = await ask(context, 'stores:list', {})
    return { value: { stores }, lines: storeTable(stores, context.locale) }
  },
}

const storesTest: Command = {
  words: 'stores test',
  operands: 'S',
  operandCount: { min: 1, max: 1 },
  summary: 'write, read, list and delete a small object',
  options: {},
  run: async (input, context) => {
    const { storeId, name } = await findStore(context, input.operands[0] ?? '')
    const test = await tell(context, 'stores:test', { storeId })
    const broken = test.checks.find(({ passed }) => !passed)
    return {
      value: test,
      lines: [
        ...table(
          [{ title: 'Check' }, { title: 'Result' }, { title: '' }],
          test.checks.map((check) => [check.name, check.passed ? 'passed' : 'FAILED', check.detail]),
        ),
        '',
        `${test.checks.filter(({ passed }) => passed).length} of ${test.checks.length} passed in ${formatMilliseconds(test.tookMs, context.locale)}`,
      ],
      ...(broken
        ? { failure: { code: 'store/unreachable', store: name, detail: `${broken.name}: ${broken.detail}` } }
        : {}),
    }
  },
}

const storesRemove: Command = {
  words: 'stores remove',
  operands: 'S',
  operandCount: { min: 1, max: 1 },
  summary: 'forget a store that holds no artifacts; its objects stay where they are',
  options: {},
  run: async (input, context) => {
    const { storeId, name } = await findStore(context, input.operands[0] ?? '')
    await tell(context, 'stores:remove', { storeId })
    return { value: { storeId, name }, lines: [`${safeText(name)} is no longer a store.`] }
  },
}

const flagOf = ({ name, kind }: SettingField): string =>
  kind === 'folder' ? 'path' : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const flagHelp = (field: SettingField): OptionHelp => ({
  help: field.help,
  ...(field.kind === 'switch' ? {} : { value: field.kind === 'folder' ? 'DIR' : 'VALUE' }),
  ...(field.choices ? { choices: field.choices.map(({ value }) => value) } : {}),
})

const ownOptions: Readonly<Record<string, OptionHelp>> = {
  kind: { value: 'KIND', help: 'local-folder' },
}

/** Its flags are those of the kind: each field of the kind's settings is one. */
const storesAdd: Command = {
  words: 'stores add',
  operands: 'S',
  operandCount: { min: 1, max: 1 },
  summary: 'add a store: --kind local-folder --path DIR',
  details: ['Further options depend on the kind; a wrong one names those that there are.'],
  options: ownOptions,
  hasFurtherOptions: true,
  run: async (input, context) => {
    const { kinds } = await ask(context, 'stores:kinds', {})
    const kindName = input.text('kind') ?? 'local-folder'
    const kind = kinds.find((each) => each.kind === kindName)
    if (!kind)
      return fail({
        code: 'usage/invalid',
        detail: `--kind is one of ${kinds.map((each) => each.kind).join(', ')}, not ${JSON.stringify(kindName)}`,
      })
    const fieldOptions = Object.fromEntries(kind.fields.map((field) => [flagOf(field), flagHelp(field)]))
    const options = { ...ownOptions, ...everyCommandsOptions, ...fieldOptions }
    const { values, operands } = parseOptions(input.raw, options)
    const text = (option: string) => {
      const value = values[option]
      return typeof value === 'string' ? value : undefined
    }
    const needs = kind.fields.filter(({ required }) => required).map(flagOf)
    checkOperands({ ...storesAdd, options, needs }, { ...input, operands, text })
    const settings: Record<string, string | boolean> = {}
    let folder: { path: string } | null = null
    for (const field of kind.fields) {
      const value = values[flagOf(field)]
      if (field.kind === 'folder') folder = typeof value === 'string' ? { path: context.path(value) } : folder
      else if (typeof value === 'string' || typeof value === 'boolean') settings[field.name] = value
    }
    const store = await tell(context, 'stores:add', {
      name: operands[0] ?? '',
      kind: kindName,
      settings,
      folder,
    })
    return { value: store, lines: storeTable([store], context.locale) }
  },
}

export const storeCommands: readonly Command[] = [storesList, storesAdd, storesTest, storesRemove]
