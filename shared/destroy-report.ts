/** The lines of a destruction's report that say what nobody here could prove: for who writes and for who shows them. */

const notProvedStart = 'Not proved: '

/** `Not proved: backups of this keychain and this system`. */
export const notProvedLine = (what: string): string => `${notProvedStart}${what}`

/** Whether a line of a report tells of something that was not proved. */
export const isNotProvedLine = (line: string): boolean => line.startsWith(notProvedStart)

/** `backups of this keychain and this system`: beneath a heading that says the rest. */
export const whatIsNotProved = (line: string): string => line.slice(notProvedStart.length)
