/** Mantine told to look like look.md: our tokens as variables, and its own variables pointed at them. */
import { createTheme } from '@mantine/core'
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core'
import { cssVariables, dark, light } from './tokens.ts'

const petrol: MantineColorsTuple = [
  '#EDF6F8',
  '#DDEFF3',
  '#B9DEE6',
  '#8FCBD8',
  '#63C7DB',
  '#3A9AB0',
  '#1F7B90',
  '#0A5F73',
  '#084D5E',
  '#063B48',
]

const sans =
  "'IBM Plex Sans Variable', 'IBM Plex Sans', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
const mono = "'IBM Plex Mono', ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace"

/** Where menus and lists are put: in a landmark, so that screen readers know where they are. */
export const overlaysId = 'overlays'

export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 4 },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '5px', md: '5px', lg: '8px', xl: '8px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Menu: {
      defaultProps: {
        // The placeholder that would take the focus is no menu item, which screen readers stumble over.
        withInitialFocusPlaceholder: false,
        radius: 'lg',
        shadow: 'none',
        offset: 4,
        transitionProps: { duration: 80, transition: 'fade' },
        loop: true,
      },
    },
    Popover: {
      defaultProps: { radius: 'lg', shadow: 'none', offset: 4, portalProps: { target: `#${overlaysId}` } },
    },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right', size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: {
        openDelay: 500,
        offset: 6,
        withArrow: false,
        position: 'bottom',
        portalProps: { target: `#${overlaysId}` },
      },
    },
  },
})

const mantineInOurTokens: Record<string, string> = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--second)',
  '--mantine-color-placeholder': 'var(--third)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--danger)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--control)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--third)',
  '--mantine-color-disabled-border': 'var(--hairline)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
}

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...cssVariables(light), ...mantineInOurTokens },
  dark: { ...cssVariables(dark), ...mantineInOurTokens },
})
