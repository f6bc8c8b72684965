import { setPriority } from 'node:os'
import type { Answer, Task } from '../task.ts'
import { convert } from './convert.ts'
import { failureOf } from './failure.ts'
import { shrink } from './shrink.ts'

// Messages take precedence over images.
setPriority(5)
process.on('disconnect', () => process.exit())
process.on('message', async (task: Task) => process.send!(await answer(task)))

async function answer(task: Task): Promise<Answer> {
  try {
    return { image: task.kind === 'convert' ? await convert(task) : await shrink(task) }
  } catch (error) {
    return failureOf(error)
  }
}
