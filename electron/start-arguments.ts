/** What a window is started with: by a person, by the desktop for a double click, by a link. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type StartArguments = {
  /** `--data DIR`, absolute; null is the usual data folder. */
  dataFolder: string | null
  /** `--headless`: no window is shown. Only the Chromium host can. */
  headless: boolean
  /** Files (absolute) and `weightlock:` links that ask to be shown. */
  opened: string[]
}

/** Reads what the program was started with. Switches that are not ours are left to whoever put them there.
 * @param args without the program itself
 * @param folder what relative paths are relative to */
export function readStartArguments(args: string[], folder: string): StartArguments {
  const { values, positionals } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: { data: { type: 'string' }, headless: { type: 'boolean' } },
  })
  return {
    dataFolder: typeof values['data'] === 'string' ? resolve(folder, values['data']) : null,
    headless: values['headless'] === true,
    opened: positionals.map((each) => (/^weightlock:/i.test(each) ? each : resolve(folder, each))),
  }
}

/** Keeps what asks to be opened until there is a window for it. */
export type OpenedInbox = {
  add: (args: string[]) => void
  /** From now on, and for what has waited. */
  deliverTo: (listener: (args: string[]) => void) => void
}

export function openedInbox(first: string[]): OpenedInbox {
  let waiting = first.length > 0 ? [first] : []
  let deliver: ((args: string[]) => void) | null = null
  return {
    add: (args) => {
      if (deliver === null) waiting.push(args)
      else deliver(args)
    },
    deliverTo: (listener) => {
      deliver = listener
      const late = waiting
      waiting = []
      for (const args of late) listener(args)
    },
  }
}
