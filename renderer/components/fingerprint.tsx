import classes from './fingerprint.module.css'

/** A fingerprint in groups of four, eight groups a line. */
export function Fingerprint({ hex }: { hex: string }) {
  const groups = hex.match(/.{1,4}/g) ?? []
  const lines: string[] = []
  for (let at = 0; at < groups.length; at += 8) lines.push(groups.slice(at, at + 8).join(' '))
  return (
    <code className={classes.fingerprint}>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </code>
  )
}
