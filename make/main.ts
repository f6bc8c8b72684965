/** `npm run make` writes anew what is made from packages and committed. */
import { writeFile } from 'node:fs/promises'
import { made } from './made.ts'

for (const [file, make] of made) await writeFile(new URL(file, import.meta.url), await make())
