import './assets.ts'
import './shell.ts'
import './push.ts'
