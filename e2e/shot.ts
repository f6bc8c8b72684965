interface Screen {
  screenshot(options: { path: `${string}.png` }): Promise<unknown>
}

/** Pictures of the page go into the folder that `SHOTS` names, to be looked at; without it there are none. */
export async function shot(page: Screen, name: string): Promise<void> {
  const folder = process.env.SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}
