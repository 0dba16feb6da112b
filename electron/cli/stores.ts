import type { StoreInfo, StoreTest } from '../../shared/domain/store.ts'
import { fail, type Failure } from '../../shared/failure.ts'
import { formatBytes, formatCount, formatCounted, formatMilliseconds } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import type { Command, OptionHelp, OptionSection, StoreKind } from './command.ts'
import { findStore, findStoreIfNamed } from './find.ts'
import { fieldOptions, fieldsGiven, flagOf, parseFields } from './store-fields.ts'
import { storeUploadCommands } from './store-uploads.ts'
import { table } from './table.ts'

const storeTable = (stores: readonly StoreInfo[], locale: string | undefined): string[] =>
  table(
    [
      { title: 'Store' },
      { title: 'Kind' },
      { title: 'Artifacts', align: 'right' },
      { title: 'Ciphertext', align: 'right' },
      { title: 'Location' },
      { title: 'Note' },
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

const resultOf = ({ passed, isOptional }: StoreTest['checks'][number]): string =>
  passed ? 'passed' : isOptional ? 'not there' : 'FAILED'

/** What to hand to whoever grants permissions. */
function missingLines({ checks, grantee, policy }: StoreTest): string[] {
  const denied = checks.flatMap(({ permission }) => (permission?.isDenied ? [permission] : []))
  if (denied.length === 0) return []
  return [
    ...denied.map(({ action, resource, without }) =>
      safeText(`${action} on ${resource} is missing for ${grantee ?? 'these credentials'}. ${without}`),
    ),
    '',
    ...(policy?.missing ? ['Statement of a policy that grants exactly this:', policy.missing, ''] : []),
  ]
}

/** What kept the rest from being tried, else the first permission that is missing, else the first check. */
function failureOfTest({ checks, failure, grantee }: StoreTest, store: string): Failure | null {
  if (failure) return failure
  const broken = checks.filter(({ passed, isOptional }) => !passed && !isOptional)
  const denied = broken.find(({ permission }) => permission?.isDenied)?.permission
  if (denied) {
    const { action: permission } = denied
    return { code: 'store/permission-missing', store, permission, ...(grantee === null ? {} : { grantee }) }
  }
  const first = broken[0]
  return first ? { code: 'store/unreachable', store, detail: `${first.name}: ${first.detail}` } : null
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
    const failure = failureOfTest(test, name)
    return {
      value: test,
      lines: [
        ...table(
          [{ title: 'Check' }, { title: 'Result' }, { title: 'Detail' }],
          test.checks.map((check) => [check.name, resultOf(check), check.detail]),
        ),
        '',
        ...missingLines(test),
        `${test.checks.filter(({ passed }) => passed).length} of ${test.checks.length} passed in ${formatMilliseconds(test.tookMs, context.locale)}`,
      ],
      ...(failure ? { failure } : {}),
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

const storesMakeDefault: Command = {
  words: 'stores make-default',
  operands: 'S',
  operandCount: { min: 1, max: 1 },
  summary: 'encrypt into this store from now on, unless another is named',
  options: {},
  run: async (input, context) => {
    const { storeId, name } = await findStore(context, input.operands[0] ?? '')
    await tell(context, 'stores:make-default', { storeId })
    return { value: { storeId, name }, lines: [`${safeText(name)} is the default store.`] }
  },
}

const storesScan: Command = {
  words: 'stores scan',
  operands: '[S]',
  operandCount: { min: 0, max: 1 },
  summary: 'look again at what a store, or the default store, holds',
  options: {},
  run: async (input, context) => {
    const storeId = await findStoreIfNamed(context, input.operands[0])
    const scan = await tell(context, 'stores:scan', { storeId })
    const foreign = `${formatCount(scan.foreign, context.locale)} not known here`
    const hint = 'What another installation made is taken up by `weightlock rebuild`, once its key is here.'
    const missing = scan.missing === 0 ? [] : [`${formatCount(scan.missing, context.locale)} missing`]
    return {
      value: scan,
      lines: [
        [formatCounted(scan.objects, 'object', context.locale), foreign, ...missing].join(' · '),
        ...(scan.foreign === 0 ? [] : [hint]),
      ],
    }
  },
}

const ownOptions: Readonly<Record<string, OptionHelp>> = {
  kind: { value: 'KIND', help: 'local-folder (the default; needs --path DIR) or s3 (needs --bucket B)' },
}

/** A section of the help for each kind that has any of them. */
const sectionsOf = (
  kinds: readonly StoreKind[],
  optionsOf: (kind: StoreKind) => Record<string, OptionHelp>,
): OptionSection[] =>
  kinds
    .map((kind) => ({ title: `--kind ${kind.kind} (${kind.label})`, options: optionsOf(kind) }))
    .filter(({ options }) => Object.keys(options).length > 0)

const secretsHelp = 'Options that end in -fd take the number of an open file descriptor, or - to be asked.'

/** Its flags are those of the kind: each field of the kind's settings is one. */
const storesAdd: Command = {
  words: 'stores add',
  operands: 'S --path DIR|--bucket B',
  operandCount: { min: 1, max: 1 },
  summary: 'add a store: a folder, or a bucket with --kind s3',
  details: ['Nothing is tested: weightlock stores test S does that.', secretsHelp],
  options: ownOptions,
  furtherOptions: (kinds) => sectionsOf(kinds, ({ fields }) => fieldOptions(fields, { saysNeeded: true })),
  run: async (input, context) => {
    const { kinds } = await ask(context, 'stores:kinds', {})
    const kindName = input.text('kind') ?? 'local-folder'
    const kind = kinds.find((each) => each.kind === kindName)
    if (!kind)
      return fail({
        code: 'usage/invalid',
        detail: `--kind is one of ${kinds.map((each) => each.kind).join(', ')}, not ${JSON.stringify(kindName)}`,
      })
    const { values, operands } = parseFields(
      storesAdd,
      { ...ownOptions, ...fieldOptions(kind.fields) },
      input,
      {
        needs: kind.fields.filter(({ required, onlyFor }) => required && onlyFor === undefined).map(flagOf),
      },
    )
    const store = await tell(context, 'stores:add', {
      name: operands[0] ?? '',
      kind: kindName,
      ...(await fieldsGiven(kind.fields, values, context)),
    })
    const untested = 'Not tested yet: `weightlock stores test` with its name says what works.'
    return { value: store, lines: [...storeTable([store], context.locale), '', untested] }
  },
}

/** Its flags are those that `stores add` takes for the kind, without what never changes. */
const storesSet: Command = {
  words: 'stores set',
  operands: 'S',
  operandCount: { min: 1, max: 1 },
  summary: 'change a store’s name, its credentials, or the way to it; never what it holds',
  details: [
    'Its further options are those of its kind. An empty value takes a setting away: --region "".',
    secretsHelp,
  ],
  options: { name: { value: 'NAME', help: 'what it is called from now on' } },
  furtherOptions: (kinds) => sectionsOf(kinds, ({ fields }) => fieldOptions(fields, { canTurnOff: true })),
  run: async (input, context) => {
    const { kinds } = await ask(context, 'stores:kinds', {})
    const every = kinds.flatMap(({ fields }) => fields)
    const all = { ...storesSet.options, ...fieldOptions(every, { canTurnOff: true, withFixed: true }) }
    const { operands, values: typed } = parseFields(storesSet, all, input)
    const store = await findStore(context, operands[0] ?? '')
    const fields = kinds.find(({ kind }) => kind === store.kind)?.fields ?? []
    const fixed = fields.find((field) => field.fixed !== undefined && typed[flagOf(field)] !== undefined)
    if (fixed)
      fail({ code: 'usage/invalid', detail: `--${flagOf(fixed)} never changes. ${fixed.fixed ?? ''}`.trim() })
    const options = { ...storesSet.options, ...fieldOptions(fields, { canTurnOff: true }) }
    const { values } = parseFields(storesSet, options, input)
    const name = values['name']
    const set = await tell(context, 'stores:set', {
      storeId: store.storeId,
      ...(typeof name === 'string' ? { name } : {}),
      ...(await fieldsGiven(fields, values, context)),
    })
    return { value: set, lines: storeTable([set], context.locale) }
  },
}

export const storeCommands: readonly Command[] = [
  storesList,
  storesAdd,
  storesSet,
  storesMakeDefault,
  storesTest,
  storesScan,
  storesRemove,
  ...storeUploadCommands,
]
