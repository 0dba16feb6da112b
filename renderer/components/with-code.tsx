/** What stands between backticks is something to type: `weightlock rebuild`. */
export function WithCode({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, n) => (n % 2 === 1 ? <code key={part}>{part}</code> : part))
}
