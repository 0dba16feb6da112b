/**
 * Whether `npm ci` can work everywhere from this lockfile: every optional platform package is in it (npm leaves out
 * those that its registry lacked, and then fails on the machine that needs them), every package has an integrity
 * hash, and none names the registry that somebody happened to use.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type LockedPackage = {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
  inBundle?: boolean
  optionalDependencies?: Record<string, string>
}
export type Lockfile = { packages: Record<string, LockedPackage> }

/** Where Node would look for a package from inside another, nearest first. */
function* placesFor(name: string, from: string): Generator<string> {
  let at = from
  while (at !== '') {
    yield `${at}/node_modules/${name}`
    const cut = at.lastIndexOf('/node_modules/')
    at = cut === -1 ? '' : at.slice(0, cut)
  }
  yield `node_modules/${name}`
}

/** @returns one line for each thing that is wrong */
export function lockfileProblems({ packages }: Lockfile): string[] {
  const problems: string[] = []
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (![...placesFor(name, path)].some((place) => packages[place] !== undefined))
        problems.push(`${name} ${version}, optional for ${path || 'the project'}, is not in the lockfile`)
    }
    if (entry.resolved !== undefined) problems.push(`${path} names where it was fetched from`)
    if (path !== '' && entry.integrity === undefined && entry.link !== true && entry.inBundle !== true)
      problems.push(`${path} has no integrity hash`)
  }
  return problems
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../package-lock.json')
  const problems = lockfileProblems(JSON.parse(readFileSync(file, 'utf8')) as Lockfile)
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
