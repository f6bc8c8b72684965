import { tableLines } from '../terminal/table.ts'

export const print = (text: string): void => void process.stdout.write(`${text}\n`)

export const printTable = (rows: string[][]): void => tableLines(rows).forEach(print)
