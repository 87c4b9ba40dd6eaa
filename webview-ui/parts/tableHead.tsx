/** A column by its name; numbers stand to the right, and what is drawn beside them has no name. */
export type Column = string | { readonly number: string } | 'drawn'

/** The first row of a table. */
export function TableHead({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          if (column === 'drawn') return <td key={column} />
          const [name, kind] = typeof column === 'string' ? [column, ''] : [column.number, 'number']
          return (
            <th key={name} scope="col" class={kind}>
              {name}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
