/** The colours of look.md, the only place that names them. Everything else says `var(--accent)`. */

export type Tokens = {
  canvas: string
  surface: string
  sunken: string
  hover: string
  selected: string
  hairline: string
  control: string
  text: string
  second: string
  third: string
  accent: string
  onAccent: string
  primary: string
  onPrimary: string
  ok: string
  okSoft: string
  warn: string
  warnSoft: string
  danger: string
  dangerSoft: string
  dangerFill: string
  onDangerFill: string
  violet: string
  violetSoft: string
  neutral: string
  neutralSoft: string
  scrim: string
  overlayShadow: string
}

export const light: Tokens = {
  canvas: '#F5F6F7',
  surface: '#FFFFFF',
  sunken: '#ECEFF1',
  hover: '#F0F3F4',
  selected: '#DDEFF3',
  hairline: '#DDE2E5',
  control: '#7C8790',
  text: '#12181C',
  second: '#47535B',
  third: '#58646D',
  accent: '#0A5F73',
  onAccent: '#FFFFFF',
  primary: '#172026',
  onPrimary: '#FFFFFF',
  ok: '#17653A',
  okSoft: '#E3F3E9',
  warn: '#7E4B00',
  warnSoft: '#FBEFD9',
  danger: '#A9221B',
  dangerSoft: '#FBE8E6',
  dangerFill: '#B3261E',
  onDangerFill: '#FFFFFF',
  violet: '#5B3FA6',
  violetSoft: '#EEE9FA',
  neutral: '#47535B',
  neutralSoft: '#E7EBED',
  scrim: 'rgba(18, 24, 28, 0.28)',
  overlayShadow: '0 0 0 1px rgba(18, 24, 28, 0.1), 0 16px 40px -8px rgba(18, 24, 28, 0.28)',
}

export const dark: Tokens = {
  canvas: '#0E1215',
  surface: '#151A1E',
  sunken: '#0A0D0F',
  hover: '#1B2227',
  selected: '#12333B',
  hairline: '#283138',
  control: '#6C7983',
  text: '#E7ECEF',
  second: '#B2BDC5',
  third: '#93A0A9',
  accent: '#63C7DB',
  onAccent: '#06222A',
  primary: '#E7ECEF',
  onPrimary: '#12181C',
  ok: '#74CF93',
  okSoft: '#13301F',
  warn: '#F0B95E',
  warnSoft: '#33260D',
  danger: '#FF9086',
  dangerSoft: '#3B1714',
  dangerFill: '#C8372E',
  onDangerFill: '#FFFFFF',
  violet: '#B7A3F5',
  violetSoft: '#2A2147',
  neutral: '#B2BDC5',
  neutralSoft: '#242C32',
  scrim: 'rgba(0, 0, 0, 0.56)',
  overlayShadow: '0 0 0 1px #283138, 0 16px 40px -8px rgba(0, 0, 0, 0.8)',
}

/** @returns the tokens as CSS variables, `onAccent` as `--on-accent` */
export const cssVariables = (tokens: Tokens): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tokens).map(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`,
      value,
    ]),
  )
