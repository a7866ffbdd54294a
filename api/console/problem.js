// What went wrong, in one place: a sentence for people, never a code alone.
import { useApp } from "./context.js"
import { t } from "./texts.js"
import { html } from "./ui.js"

/** A problem as a sentence; where a key is missing, with the way to give one. */
export function Problem({ problem }) {
  const { open } = useApp()
  const needsKey = problem.type === "key-required" || problem.type === "access-denied"
  return html`<div class="problem" role="alert">
    <p>${problem.status === 0 ? t("problems.away") : problem.message}</p>
    ${needsKey && html`<button onClick=${() => open("key")}>${t("key.give")}</button>`}
  </div>`
}

/** What is asked for, as soon as it is there: `children(data)`; before that, that it is being asked. */
export function Asked({ asked, children }) {
  if (asked.problem) return html`<${Problem} problem=${asked.problem} />`
  if (asked.data === null) return html`<p class="quiet" role="status">${t("shell.loading")}</p>`
  return children(asked.data)
}
