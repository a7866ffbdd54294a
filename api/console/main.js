// Starts the page: the language first, then what is drawn in it.
import { tieToAddress } from "./address.js"
import { App } from "./app.js"
import { readSettings } from "./settings.js"
import { createStore } from "./store.js"
import { preferredLanguage, speak } from "./texts.js"
import { html, render } from "./ui.js"

const settings = createStore(readSettings(location.search))
tieToAddress(settings)
await speak(preferredLanguage(settings.get().lang))
render(html`<${App} settings=${settings} />`, document.getElementById("app"))
