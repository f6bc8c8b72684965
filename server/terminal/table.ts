/**
 * Rows in columns as wide as they need to be, nothing to the right of the last word of a line.
 * @param isRight whether a column is aligned to the right, as numbers are
 */
export function tableLines(rows: string[][], isRight: (column: number) => boolean = () => false): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => width(row[i]))))
  const fill = (cell: string, column: number) => {
    const blanks = ' '.repeat(widths[column]! - width(cell))
    return isRight(column) ? blanks + cell : cell + blanks
  }
  return rows.map((row) => row.map(fill).join('  ').trimEnd())
}

const width = (cell = '') => [...cell].length
