/** More rows than a screen of any height draws at once. */
const slots = 512

/** The React key of a virtual row: one that scrolls out lends its elements to one that scrolls in. */
export const slotOf = (index: number): number => index % slots
