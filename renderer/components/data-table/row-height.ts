/** Height of a row in CSS pixels, in the density that is set. */
export const rowHeightPx = (compact: boolean): number => (compact ? 28 : 36)
