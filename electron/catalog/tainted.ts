/** Whether a payload is tainted: derived, never stored. A key that leaked opens it with the header that it once had,
 * whichever key wraps it now (cryptography.md, section 2). */
import type { Context } from './context.ts'

/** SQL: whether a key that leaked ever wrapped the payload. */
export const payloadIsTainted = (payloadNo: string): string => `EXISTS (
  SELECT 1 FROM payload_wraps t JOIN keys tk ON tk.key_no = t.key_no
  WHERE t.payload_no = ${payloadNo} AND tk.compromised_at IS NOT NULL)`

/** Numbers of the keys that did. */
export const taintedBy = (context: Context, payloadNo: number): number[] =>
  context
    .all<{ number: number }>(
      `SELECT DISTINCT k.number FROM payload_wraps w JOIN keys k ON k.key_no = w.key_no
       WHERE w.payload_no = $payloadNo AND k.compromised_at IS NOT NULL ORDER BY k.number`,
      { payloadNo },
    )
    .map(({ number }) => number)
