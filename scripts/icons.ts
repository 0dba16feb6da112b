/**
 * Draws the icons of the program and of `.age` files: every size from the SVGs in `assets`, drawn by an installed
 * Chromium, as PNG, ICO and ICNS. Sides up to 32, and 16, come from drawings of their own, fitted to pixels.
 *
 *   node scripts/icons.ts [CHROMIUM]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../electron/host/find-browser.ts'
import { toIcns, toIco, type Picture } from './icons/containers.ts'

const folder = join(import.meta.dirname, '..', 'assets')
const sides = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

function sourceOf(name: string, side: number): string {
  const source = side <= 16 ? `${name}-tiny.svg` : side <= 32 ? `${name}-small.svg` : `${name}.svg`
  return readFileSync(join(folder, source)).toString('base64')
}

/** A page that draws each picture on a canvas of its size and leaves its PNG in the document as base64. */
const pageFor = (name: string): string => `<!doctype html><body><script>
  for (const [side, svg] of ${JSON.stringify(sides.map((side) => [side, sourceOf(name, side)]))}) {
    const image = new Image(side, side)
    image.onload = () => {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = side
      canvas.getContext('2d').drawImage(image, 0, 0, side, side)
      const png = document.createElement('p')
      png.textContent = side + ':' + canvas.toDataURL('image/png').split(',')[1] + ';'
      document.body.append(png)
    }
    image.src = 'data:image/svg+xml;base64,' + svg
  }
</script>`

function draw(browser: string, name: string, scratch: string): Picture[] {
  const page = join(scratch, `${name}.html`)
  writeFileSync(page, pageFor(name))
  const options = ['--headless', '--disable-gpu', `--user-data-dir=${join(scratch, 'profile')}`]
  if (process.getuid?.() === 0) options.push('--no-sandbox')
  const dom = execFileSync(
    browser,
    [...options, '--virtual-time-budget=20000', '--dump-dom', `file://${page}`],
    {
      encoding: 'utf8',
      maxBuffer: 67_108_864,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  return sides.map((side) => {
    const png = new RegExp(`<p>${side}:([\\w+/=]+);</p>`).exec(dom)?.[1]
    if (png === undefined) throw new Error(`${name} was not drawn at ${side}`)
    return { side, png: Buffer.from(png, 'base64') }
  })
}

const browser = process.argv[2] ?? findBrowser()
if (!browser) throw new Error('no Chromium, Chrome or Edge is installed')
const scratch = mkdtempSync(join(tmpdir(), 'weightlock-icons-'))
for (const name of ['icon', 'age-file']) {
  const pictures = draw(browser, name, scratch)
  writeFileSync(join(folder, `${name}.ico`), toIco(pictures.filter(({ side }) => side <= 256)))
  writeFileSync(join(folder, `${name}.icns`), toIcns(pictures))
  for (const { side, png } of pictures) {
    if (side === 1024) writeFileSync(join(folder, `${name}.png`), png)
    if (side === 512 && name === 'icon') writeFileSync(join(folder, 'icon-512.png'), png)
  }
}
rmSync(scratch, { recursive: true, force: true })
