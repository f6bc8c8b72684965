import { expect, test } from 'vitest'
import { fitted, isLong } from './pictures.ts'

test.each([
  [100, 50, { width: 100, height: 50 }, false],
  [360, 360, { width: 360, height: 360 }, false],
  [4000, 3000, { width: 360, height: 270 }, false],
  [3000, 4000, { width: 270, height: 360 }, false],
  [1080, 2400, { width: 162, height: 360 }, false],
  [1080, 2640, { width: 160, height: 360 }, true],
  [400, 4000, { width: 160, height: 360 }, true],
  [90, 4000, { width: 90, height: 360 }, true],
  [4000, 300, { width: 360, height: 160 }, true],
  [1, 1, { width: 1, height: 1 }, false],
  [null, null, { width: 360, height: 360 }, false],
])(
  'a picture of %s × %s gets its size before it loads, and is never a strip',
  (width, height, size, long) => {
    expect(fitted({ width, height }, 360)).toEqual(size)
    expect(isLong({ width, height })).toBe(long)
  },
)
