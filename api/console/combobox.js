// A text field with suggestions: the combobox of the ARIA Authoring Practices, with a list that pops up.
import { Problem } from "./problem.js"
import { t } from "./texts.js"
import { html, useEffect, useRef, useState } from "./ui.js"

const PAUSE_MS = 150

/** What `asking(text, signal)` answers, a moment after the text was typed: `{text, options, problem}`. Whoever
 * types on is not answered any more for what stood there before. */
function useSuggestions(asking, text) {
  const [told, setTold] = useState({ text: null, options: [], problem: null })
  useEffect(() => {
    if (text === null) return undefined
    const controller = new AbortController()
    const tell = (answer) => controller.signal.aborted || setTold({ text, options: [], problem: null, ...answer })
    const soon = setTimeout(() => {
      asking(text, controller.signal).then((options) => tell({ options }), (problem) => tell({ problem }))
    }, PAUSE_MS)
    return () => {
      clearTimeout(soon)
      controller.abort()
    }
  }, [text])
  return told
}

/** Suggestions of `asking(text, signal)`, each drawn by `draw(option, text)`; `choose(option)` takes one, and empties
 * the field. With `least` 0 all of them are offered before anything is typed. */
export function Combobox({ id, asking, draw, choose, least = 1, ...more }) {
  const [text, setText] = useState("")
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const hurried = useRef(null)
  const sought = open && text.trim().length >= least ? text.trim() : null
  const told = useSuggestions(asking, sought)
  const answered = sought !== null && told.text === sought
  const options = sought === null ? [] : told.options
  const shown = options.length > 0

  const take = (option) => {
    setText("")
    setOpen(false)
    setActive(-1)
    choose(option)
  }
  useEffect(() => setActive(-1), [told])
  useEffect(() => {
    if (answered && hurried.current === sought && shown) take(options[0])
    if (answered) hurried.current = null
  }, [told])
  useEffect(() => {
    if (active >= 0) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" })
  }, [active])

  const enter = () => {
    if (active >= 0) take(options[active])
    else if (answered && shown) take(options[0])
    else hurried.current = sought
  }
  const move = (by) => {
    setOpen(true)
    if (shown) setActive((active + by + options.length + (active < 0 && by < 0 ? 1 : 0)) % options.length)
  }
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: enter,
    Escape: () => (open && sought !== null ? setOpen(false) : setText("")),
  }
  const press = (event) => {
    if (!keys[event.key] || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    keys[event.key]()
  }
  const type = ({ target }) => {
    setText(target.value)
    setOpen(true)
    setActive(-1)
  }

  return html`<div class="combobox">
    <input
      id=${id}
      role="combobox"
      type="text"
      autocomplete="off"
      spellcheck=${false}
      aria-autocomplete="list"
      aria-expanded=${shown}
      aria-controls=${`${id}-list`}
      aria-activedescendant=${active >= 0 ? `${id}-${active}` : null}
      value=${text}
      onInput=${type}
      onKeyDown=${press}
      onFocus=${() => least === 0 && setOpen(true)}
      onBlur=${() => setOpen(false)}
      ...${more}
    />
    <ul class="popup" id=${`${id}-list`} role="listbox" aria-label=${t("search.results")} hidden=${!shown}>
      ${options.map(
        (option, index) => html`<li
          key=${option.id}
          id=${`${id}-${index}`}
          role="option"
          aria-selected=${index === active}
          onMouseDown=${(event) => event.preventDefault()}
          onClick=${() => take(option)}
        >
          ${draw(option, told.text)}
        </li>`,
      )}
    </ul>
    <div class=${!shown && answered ? "popup" : "unseen"} role="status">
      ${answered && !told.problem && (shown ? t("search.found", { n: options.length }) : t("search.none"))}
      ${answered && told.problem && html`<${Problem} problem=${told.problem} />`}
    </div>
  </div>`
}
