import { TextInput } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { protectionOf, withoutScheme } from './address.ts'
import classes from './setting-input.module.css'

type AddressInputProps = {
  label: string
  help: string
  value: string
  placeholder: string | undefined
  error: ReactNode
  onChange: (value: string) => void
}

const marks = {
  https: { icon: IconLock, word: 'HTTPS', width: 78 },
  loopback: { icon: IconLockOpen, word: 'HTTP', width: 70 },
  none: { icon: IconLockOpen, word: 'HTTP', width: 70 },
}

/** A server's address: how the connection is protected stands inside the field. */
export function AddressInput({ label, help, value, placeholder, error, onChange }: AddressInputProps) {
  const protection = protectionOf(value)
  const { icon: Icon, word, width } = marks[protection]
  return (
    <TextInput
      label={label}
      description={
        error === null
          ? protection === 'loopback'
            ? 'Not encrypted: allowed because it does not leave this machine.'
            : help
          : null
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ input: classes.mono ?? '' }}
      value={withoutScheme(value)}
      placeholder={placeholder}
      error={error}
      spellCheck={false}
      autoComplete="off"
      leftSectionWidth={width}
      styles={{ input: { paddingInlineStart: width } }}
      leftSection={
        <span className={classes.protection} data-protection={protection}>
          <Icon size={12} stroke={2} aria-hidden />
          {word}
        </span>
      }
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
