import { fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import type { WindowedRows } from '../../lib/use-windowed-rows.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { DataTable, nothingSelected } from './data-table.tsx'
import type { Column, Selection, Sort } from './data-table.tsx'
import { rowsOfArray } from './rows-of-array.ts'

type Model = { id: string; name: string }
const models = (count: number): Model[] =>
  Array.from({ length: count }, (_, n) => ({ id: `m${n}`, name: `model ${n}` }))
const columns: Column<Model>[] = [
  { id: 'name', header: 'Name', width: '1fr', sortBy: 'name', cell: ({ name }) => name },
  { id: 'id', header: 'Id', width: '80px', hideBelowPx: 2000, cell: ({ id }) => id },
]

type TableProps = {
  rows: WindowedRows<Model>
  onOpen?: (row: Model) => void
  onDetails?: (row: Model) => void
  onSort?: (sort: Sort) => void
  onType?: (text: string) => void
  onMenu?: (row: Model) => void
  onSelectAll?: () => void
}

function Table({ rows, ...rest }: TableProps) {
  const [selection, setSelection] = useState<Selection<Model>>(nothingSelected)
  return (
    <>
      <DataTable
        label="Models"
        columns={columns}
        rows={rows}
        getRowId={({ id }) => id}
        getRowName={({ name }) => name}
        sort={{ by: 'name', descending: false }}
        selection={selection}
        onSelect={setSelection}
        empty="No models"
        {...rest}
      />
      <output>{[...selection.rows.keys()].join(' ')}</output>
    </>
  )
}

/** A table whose rows another search replaces. */
function Searched() {
  const [list, setList] = useState('all')
  return (
    <>
      <button onClick={() => setList('found')}>Search</button>
      <Table rows={{ ...rowsOfArray(models(1000)), list }} />
    </>
  )
}

const spy = () => vi.fn<(value?: unknown) => void>()
const grid = async () => {
  const found = await screen.findByRole('grid', { name: 'Models' })
  found.focus()
  return found
}
const chosen = (): string => document.querySelector('output')?.textContent ?? ''

describe('DataTable', () => {
  it('draws a bounded number of 100,000 rows and says how many there are', async () => {
    renderPart(<Table rows={rowsOfArray(models(100_000))} />)
    expect((await grid()).getAttribute('aria-rowcount')).toBe('100001')
    const drawn = screen.getAllByRole('row').length
    expect(drawn).toBeGreaterThan(10)
    expect(drawn).toBeLessThanOrEqual(120)
  })

  it('shows another list from its top', async () => {
    const { user } = renderPart(<Searched />)
    const table = await grid()
    fireEvent.scroll(table, { target: { scrollTop: 9000 } })
    expect(screen.getByText('model 250')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Search' }))
    expect(table.scrollTop).toBe(0)
  })

  it('is moved through and selected from by keyboard, the focus staying on the grid', async () => {
    const { user } = renderPart(<Table rows={rowsOfArray(models(50))} />)
    const table = await grid()
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(chosen()).toBe('m1')
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}')
    expect(chosen()).toBe('m1 m2 m3')
    await user.keyboard('{Home}')
    expect(chosen()).toBe('m0')
    expect(document.activeElement).toBe(table)
    const current = document.getElementById(table.getAttribute('aria-activedescendant') ?? '')
    expect(current?.textContent).toContain('model 0')
    await user.keyboard('{Control>}{ArrowDown}{ArrowDown} {/Control}')
    expect(chosen()).toBe('m0 m2')
  })

  it('opens with Enter, shows details with Space, finds by typing, selects all with Ctrl A', async () => {
    const [onOpen, onDetails, onType, onSelectAll] = [spy(), spy(), spy(), spy()]
    const rows = rowsOfArray(models(3))
    const { user } = renderPart(<Table {...{ rows, onOpen, onDetails, onType, onSelectAll }} />)
    await grid()
    await user.keyboard('{ArrowDown}{Enter} x{Control>}a{/Control}')
    expect(onOpen).toHaveBeenCalledWith({ id: 'm0', name: 'model 0' })
    expect(onDetails).toHaveBeenCalledOnce()
    expect(onType).toHaveBeenCalledWith('x')
    expect(onSelectAll).toHaveBeenCalledOnce()
  })

  it('opens the menu of a row by right click and by keyboard', async () => {
    const onMenu = spy()
    const { user } = renderPart(<Table rows={rowsOfArray(models(3))} onMenu={onMenu} />)
    await grid()
    await user.pointer({ keys: '[MouseRight]', target: screen.getByText('model 2') })
    expect(onMenu.mock.lastCall?.[0]).toEqual({ id: 'm2', name: 'model 2' })
    expect(chosen()).toBe('m2')
    await user.keyboard('{Home}{Shift>}{F10}{/Shift}')
    expect(onMenu.mock.lastCall?.[0]).toEqual({ id: 'm0', name: 'model 0' })
  })

  it('sorts by a heading, turns the order round, and says so', async () => {
    const onSort = spy()
    const { user } = renderPart(<Table rows={rowsOfArray(models(3))} onSort={onSort} />)
    await grid()
    expect(screen.getByRole('columnheader', { name: /Name/ }).getAttribute('aria-sort')).toBe('ascending')
    await user.click(screen.getByRole('button', { name: 'Name' }))
    expect(onSort).toHaveBeenCalledWith({ by: 'name', descending: true })
  })

  it('hides a column that a narrow table has no room for', async () => {
    renderPart(<Table rows={rowsOfArray(models(3))} />)
    await grid()
    expect(screen.queryByRole('columnheader', { name: 'Id' })).toBeNull()
  })

  it('shows what is empty, what loads and what failed, with a way to try again', async () => {
    const { rerender, user } = renderPart(<Table rows={rowsOfArray<Model>([])} />)
    expect(await screen.findByText('No models')).toBeTruthy()
    const nothing = rowsOfArray<Model>([])
    const retry = spy()
    const failed: WindowedRows<Model> = {
      ...nothing,
      state: 'failed',
      failure: { code: 'keychain/locked' },
      retry,
    }
    rerender(<></>)
    const again = renderPart(<Table rows={failed} />)
    await user.click(await screen.findByRole('button', { name: 'Try again' }))
    expect(retry).toHaveBeenCalledOnce()
    expect(screen.getByText('What is safe')).toBeTruthy()
    again.unmount()
    renderPart(<Table rows={{ ...nothing, state: 'loading' }} />)
    expect((await grid()).getAttribute('aria-busy')).toBe('true')
  })

  it('selects a range over rows that had to be fetched first', async () => {
    const all = models(1000)
    const rows: WindowedRows<Model> = {
      ...rowsOfArray(all),
      rowAt: (index) => (index < 200 || index > 900 ? all[index] : undefined),
    }
    const { user } = renderPart(<Table rows={rows} />)
    await grid()
    await user.keyboard('{ArrowDown}{Shift>}{End}{/Shift}')
    expect(chosen().split(' ')).toHaveLength(1000)
  })
})
