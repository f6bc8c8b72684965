/** Pictures out of view are loaded lazily, but on paper they are all in view. */
async function printAll(): Promise<void> {
  for (const image of document.images) image.loading = 'eager'
  await Promise.allSettled([...document.images].map((image) => image.decode()))
  print()
}

const button = document.getElementById('print') as HTMLButtonElement
button.hidden = false
button.addEventListener('click', () => void printAll())
void printAll()
