/** A picture that is out of view is loaded late, and on paper nothing is out of view. */
async function printAll(): Promise<void> {
  for (const image of document.images) image.loading = 'eager'
  await Promise.allSettled([...document.images].map((image) => image.decode()))
  print()
}

const button = document.getElementById('print') as HTMLButtonElement
button.hidden = false
button.addEventListener('click', () => void printAll())
void printAll()
