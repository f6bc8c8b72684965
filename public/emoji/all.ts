import { reader } from '../page.ts'
import { readEmoji } from './catalogue.ts'
import text from './emoji.txt'

export const groups = readEmoji(text, reader.locale)
